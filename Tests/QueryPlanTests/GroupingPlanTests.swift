// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Grouping sets and window functions, below the release and over released cells.
@Suite struct GroupingPlanTests {
    @Test(arguments: [
        (
            "SELECT n_regionkey, n_name, grouping(n_regionkey, n_name), sum(count(*)) over () FROM nation GROUP BY ROLLUP(n_regionkey, n_name) HAVING count(*) > 1 ORDER BY 3, 1",
            #"""
            finish sort $2, $0
            release rows
            project $0, $1, $3, $4
              window sum($2) over (partition by  order by  range unbounded preceding to current row): decimal(38,0)
                union all
                  project $0, $1, $2, 0
                    filter ($2 > 1)
                      aggregate key $1: int64, key $0: text, call count_rows(): int64
                        scan 0 "nation" ["n_name": text, "n_regionkey": int64]
                  project $0, null:text, $1, 1
                    filter ($1 > 1)
                      aggregate key $0: int64, call count_rows(): int64
                        scan 1 "nation" ["n_regionkey": int64]
                  project null:int64, null:text, $0, 3
                    filter ($0 > 1)
                      aggregate call count_rows(): int64
                        scan 2 "nation" []
            """#
        ),
        (
            "SELECT n_regionkey, n_name, count(*) FROM nation GROUP BY GROUPING SETS ((n_regionkey, n_name), CUBE(n_regionkey), ())",
            #"""
            release rows
            union all
              aggregate key $1: int64, key $0: text, call count_rows(): int64
                scan 0 "nation" ["n_name": text, "n_regionkey": int64]
              project $0, null:text, $1
                aggregate key $0: int64, call count_rows(): int64
                  scan 1 "nation" ["n_regionkey": int64]
              project null:int64, null:text, $0
                aggregate call count_rows(): int64
                  scan 2 "nation" []
              project null:int64, null:text, $0
                aggregate call count_rows(): int64
                  scan 3 "nation" []
            """#
        ),
        (
            "SELECT n_regionkey, n_name, n_nationkey FROM nation GROUP BY n_nationkey, CUBE(n_regionkey, n_name)",
            #"""
            release rows
            project $1, $2, $0
              union all
                aggregate key $0: int64, key $2: int64, key $1: text
                  scan 0 "nation" ["n_nationkey": int64, "n_name": text, "n_regionkey": int64]
                project $0, $1, null:text
                  aggregate key $0: int64, key $1: int64
                    scan 1 "nation" ["n_nationkey": int64, "n_regionkey": int64]
                project $0, null:int64, $1
                  aggregate key $0: int64, key $1: text
                    scan 2 "nation" ["n_nationkey": int64, "n_name": text]
                project $0, null:int64, null:text
                  aggregate key $0: int64
                    scan 3 "nation" ["n_nationkey": int64]
            """#
        ),
        (
            "SELECT n_regionkey FROM nation GROUP BY GROUPING SETS ((n_regionkey), ())",
            #"""
            release rows
            union all
              aggregate key $0: int64
                scan 0 "nation" ["n_regionkey": int64]
              project null:int64
                aggregate call count_rows(): int64
                  scan 1 "nation" []
            """#
        ),
        (
            "SELECT count(*) FROM nation GROUP BY ()",
            #"""
            release aggregate
              call count_rows(): int64
            scan 0 "nation" []
            """#
        ),
        (
            "SELECT grouping(n_name), n_name FROM nation GROUP BY n_name",
            #"""
            finish project 0, $0
            release aggregate
              key $0: text
            scan 0 "nation" ["n_name": text]
            """#
        ),
        (
            "SELECT TRUE AS yes FROM nation HAVING TRUE",
            #"""
            finish project true
            release aggregate
              call count_rows(): int64
            scan 0 "nation" []
            """#
        ),
        (
            "SELECT n_name, rank() over (partition by n_regionkey order by n_name) r FROM nation WHERE n_name > 'A' ORDER BY r LIMIT 5",
            #"""
            finish limit 5 offset 0
            finish sort $1
            release rows
            project $0, $2
              window rank() over (partition by $1 order by $0 range unbounded preceding to current row): int64
                filter ($0 > 'A')
                  scan 0 "nation" ["n_name": text, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT * FROM (SELECT n_name, n_regionkey k, row_number() over (partition by n_regionkey order by n_name) r FROM nation) t WHERE r <= 3 AND k = 2",
            #"""
            release rows
            filter ($2 <= 3)
              window row_number() over (partition by $1 order by $0 range unbounded preceding to current row): int64
                filter ($1 = 2)
                  scan 0 "nation" ["n_name": text, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT n_regionkey, count(*), rank() over (order by count(*) desc) FROM nation GROUP BY 1",
            #"""
            finish window rank() over (partition by  order by $1 desc nulls first range unbounded preceding to current row): int64
            release aggregate
              key $0: int64
              call count_rows(): int64
            scan 0 "nation" ["n_regionkey": int64]
            """#
        ),
        (
            "SELECT sum(n) OVER (ORDER BY k ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM (SELECT n_regionkey k, count(*) n FROM nation GROUP BY 1) s",
            #"""
            finish project $2
            finish window sum($1) over (partition by  order by $0 rows 2 preceding to current row): decimal(38,0)
            release aggregate
              key $0: int64
              call count_rows(): int64
            scan 0 "nation" ["n_regionkey": int64]
            """#
        ),
        (
            "SELECT o_orderkey, sum(o_totalprice) OVER (PARTITION BY o_custkey ORDER BY o_orderdate) - o_totalprice, sum(o_totalprice) OVER (PARTITION BY o_custkey ORDER BY o_orderdate) FROM orders",
            #"""
            release rows
            project $0, ($4 - $2):decimal(38,2), $4
              window sum($2) over (partition by $1 order by $3 range unbounded preceding to current row): decimal(38,2)
                scan 0 "orders" ["o_orderkey": int64, "o_custkey": int64, "o_totalprice": decimal(15,2), "o_orderdate": date]
            """#
        ),
        (
            "SELECT count(*) FILTER (WHERE n_name > 'B') OVER (PARTITION BY n_regionkey), dense_rank() OVER (ORDER BY n_name NULLS FIRST ROWS UNBOUNDED PRECEDING), min(n_name) OVER (RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM nation",
            #"""
            release rows
            project $2, $3, $4
              window count(case(($0 > 'B'), 1)) over (partition by $1 order by  range unbounded preceding to current row): int64, dense_rank() over (partition by  order by $0 nulls first range unbounded preceding to current row): int64, min($0) over (partition by  order by  range current row to unbounded following): text
                scan 0 "nation" ["n_name": text, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT n_name FROM nation ORDER BY row_number() OVER (ORDER BY n_regionkey DESC)",
            #"""
            finish project $0
            finish sort $1
            release rows
            project $0, $2
              window row_number() over (partition by  order by $1 desc nulls first range unbounded preceding to current row): int64
                scan 0 "nation" ["n_name": text, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT n_name, rank() OVER (ORDER BY (SELECT r_name FROM region WHERE r_regionkey = n_regionkey)) IN (SELECT r_regionkey FROM region) FROM nation",
            #"""
            release rows
            project $0, $5
              join mark on $4 = $0
                window rank() over (partition by  order by $3 range unbounded preceding to current row): int64
                  join single on $1 = $0
                    scan 0 "nation" ["n_name": text, "n_regionkey": int64]
                    scan 1 "region" ["r_regionkey": int64, "r_name": text]
                scan 2 "region" ["r_regionkey": int64]
            """#
        ),
    ])
    func plans(pair: (text: String, plan: String)) {
        #expect(Sample.shape(pair.text) == pair.plan)
    }
}
