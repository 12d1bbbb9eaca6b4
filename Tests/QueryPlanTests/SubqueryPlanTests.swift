// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Subqueries become joins.
@Suite struct SubqueryPlanTests {
    @Test(arguments: [
        (
            "SELECT r_name FROM region WHERE EXISTS (SELECT 1 FROM nation WHERE n_regionkey = r_regionkey AND n_name > 'A')",
            #"""
            release rows
            project $1
              join semi on $0 = $1
                scan 0 "region" ["r_regionkey": int64, "r_name": text]
                filter ($0 > 'A')
                  scan 1 "nation" ["n_name": text, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT r_name FROM region WHERE NOT EXISTS (SELECT 1 FROM nation WHERE n_regionkey = r_regionkey AND n_name <> r_name)",
            #"""
            release rows
            project $1
              join anti on $0 = $1 and ($2 <> $1)
                scan 0 "region" ["r_regionkey": int64, "r_name": text]
                scan 1 "nation" ["n_name": text, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT n_name FROM nation WHERE EXISTS (SELECT 1 FROM region)",
            #"""
            release rows
            join semi without key
              scan 0 "nation" ["n_name": text]
              first 1 offset 0
                scan 1 "region" []
            """#
        ),
        (
            "SELECT n_name FROM nation WHERE NOT EXISTS (SELECT 1 FROM region WHERE r_name = 'x' ORDER BY 1 LIMIT 5)",
            #"""
            release rows
            join anti without key
              scan 0 "nation" ["n_name": text]
              first 1 offset 0
                filter ($0 = 'x')
                  scan 1 "region" ["r_name": text]
            """#
        ),
        (
            "SELECT r_name, CASE WHEN EXISTS (SELECT 1 FROM nation WHERE n_regionkey = r_regionkey) THEN 1 ELSE 0 END FROM region",
            #"""
            release rows
            project $1, case($2, 1)else(0)
              join mark on $0 = $0
                scan 0 "region" ["r_regionkey": int64, "r_name": text]
                scan 1 "nation" ["n_regionkey": int64]
            """#
        ),
        (
            "SELECT r_name FROM region r WHERE r_regionkey IN (SELECT n_regionkey FROM nation WHERE n_name < r.r_name) OR r_name = 'ASIA'",
            #"""
            release rows
            project $1
              filter or($2, ($1 = 'ASIA'))
                join mark on $0 = $1 and ($2 < $1)
                  scan 0 "region" ["r_regionkey": int64, "r_name": text]
                  scan 1 "nation" ["n_name": text, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT r_name FROM region WHERE r_regionkey NOT IN (SELECT n_regionkey FROM nation)",
            #"""
            release rows
            project $1
              join anti on $0 = $0
                scan 0 "region" ["r_regionkey": int64, "r_name": text]
                scan 1 "nation" ["n_regionkey": int64]
            """#
        ),
        (
            "SELECT r_name FROM region WHERE r_regionkey NOT IN (SELECT nullif(n_regionkey, 3) FROM nation)",
            #"""
            release rows
            project $1
              filter not($2)
                join mark null-aware on $0 = nullif($0, 3)
                  scan 0 "region" ["r_regionkey": int64, "r_name": text]
                  scan 1 "nation" ["n_regionkey": int64]
            """#
        ),
        (
            "SELECT r_name FROM region WHERE nullif(r_regionkey,1) NOT IN (SELECT nullif(n_regionkey, 3) FROM nation WHERE nullif(n_name,'x') = nullif(r_name,'y'))",
            #"""
            release rows
            project $1
              filter not(and($2, is_not_null(nullif($1, 'y'))))
                join mark null-aware on nullif($0, 1) = nullif($1, 3), nullif($1, 'y') = nullif($0, 'x')
                  scan 0 "region" ["r_regionkey": int64, "r_name": text]
                  filter is_not_null(nullif($0, 'x'))
                    scan 1 "nation" ["n_name": text, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT r_name FROM region WHERE nullif(r_regionkey,1) NOT IN (SELECT n_regionkey FROM nation WHERE nullif(n_name,'x') < r_name)",
            #"""
            release rows
            project $1
              filter not($2)
                join mark null-aware on nullif($0, 1) = $1 and case((nullif($2, 'x') < $1), true)else(false)
                  scan 0 "region" ["r_regionkey": int64, "r_name": text]
                  scan 1 "nation" ["n_name": text, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT n_name FROM nation WHERE n_nationkey IN (SELECT max(s_nationkey) FROM supplier WHERE s_name = n_name)",
            #"""
            release rows
            project $1
              join inner on $0 = $1, $1 = $0
                scan 0 "nation" ["n_nationkey": int64, "n_name": text]
                aggregate key $0: text, call max($1): int64
                  scan 1 "supplier" ["s_name": text, "s_nationkey": int64]
            """#
        ),
        (
            "SELECT r_name FROM region r WHERE EXISTS (SELECT count(*) FROM nation WHERE n_regionkey = r_regionkey)",
            #"""
            release rows
            scan 0 "region" ["r_name": text]
            """#
        ),
        (
            "SELECT r_name FROM region r WHERE EXISTS (SELECT 1 FROM nation n WHERE n_regionkey = r_regionkey AND EXISTS (SELECT 1 FROM supplier WHERE s_nationkey = n.n_nationkey AND s_name > r.r_name))",
            #"""
            release rows
            project $1
              join semi on $0 = $1 and ($4 > $1)
                scan 0 "region" ["r_regionkey": int64, "r_name": text]
                join inner on $0 = $1
                  scan 1 "nation" ["n_nationkey": int64, "n_regionkey": int64]
                  scan 2 "supplier" ["s_name": text, "s_nationkey": int64]
            """#
        ),
        (
            "SELECT r_name FROM region WHERE EXISTS (SELECT 1 FROM nation WHERE n_regionkey = r_regionkey AND n_nationkey > (SELECT avg(s_nationkey) FROM supplier WHERE s_suppkey = r_regionkey))",
            #"""
            release rows
            project $1
              join semi on $0 = $1 and (cast:decimal(38,16)($4) > $3)
                join left on $0 = $0
                  scan 0 "region" ["r_regionkey": int64, "r_name": text]
                  aggregate key $0: int64, call avg($1): decimal(38,16)
                    scan 2 "supplier" ["s_suppkey": int64, "s_nationkey": int64]
                scan 1 "nation" ["n_nationkey": int64, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT (SELECT sum(n_nationkey * r_regionkey) FROM nation WHERE n_regionkey = r_regionkey AND n_nationkey < r_regionkey) FROM region",
            #"""
            release rows
            project $2
              join left on $0 = $0
                scan 0 "region" ["r_regionkey": int64]
                aggregate key $1: int64, call sum(($0 * $1)): decimal(38,0)
                  filter ($0 < $1)
                    scan 1 "nation" ["n_nationkey": int64, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT r_name FROM region WHERE NOT EXISTS (SELECT 1 FROM nation WHERE n_regionkey = r_regionkey AND NOT EXISTS (SELECT 1 FROM supplier WHERE s_nationkey = n_nationkey AND s_suppkey = r_regionkey))",
            #"""
            release rows
            project $1
              join anti on $0 = $1
                scan 0 "region" ["r_regionkey": int64, "r_name": text]
                join anti on $0 = $1, $1 = $0
                  scan 1 "nation" ["n_nationkey": int64, "n_regionkey": int64]
                  scan 2 "supplier" ["s_suppkey": int64, "s_nationkey": int64]
            """#
        ),
        (
            "SELECT r_name FROM region r WHERE EXISTS (SELECT 1 FROM nation n WHERE n_regionkey = r_regionkey AND EXISTS (SELECT 1 FROM supplier WHERE s_name = r.r_name))",
            #"""
            release rows
            project $1
              join semi on $0 = $0
                join semi on $1 = $0
                  scan 0 "region" ["r_regionkey": int64, "r_name": text]
                  scan 2 "supplier" ["s_name": text]
                scan 1 "nation" ["n_regionkey": int64]
            """#
        ),
        (
            "SELECT r_name FROM region r WHERE EXISTS (SELECT 1 FROM nation n WHERE n_regionkey = r_regionkey AND n_nationkey > (SELECT avg(s_nationkey) FROM supplier WHERE s_name = r.r_name))",
            #"""
            release rows
            project $1
              join semi on $0 = $1 and (cast:decimal(38,16)($4) > $3)
                join left on $1 = $0
                  scan 0 "region" ["r_regionkey": int64, "r_name": text]
                  aggregate key $0: text, call avg($1): decimal(38,16)
                    scan 2 "supplier" ["s_name": text, "s_nationkey": int64]
                scan 1 "nation" ["n_nationkey": int64, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT r_name FROM region r WHERE r_regionkey IN (SELECT 3 FROM nation)",
            #"""
            release rows
            project $1
              join semi without key
                filter ($0 = 3)
                  scan 0 "region" ["r_regionkey": int64, "r_name": text]
                first 1 offset 0
                  scan 1 "nation" []
            """#
        ),
        (
            "SELECT r_name FROM region r WHERE r_regionkey NOT IN (SELECT CAST(NULL AS bigint) FROM nation)",
            #"""
            release rows
            project $1
              filter not($2)
                join mark null-aware without key and ($0 = null:int64)
                  scan 0 "region" ["r_regionkey": int64, "r_name": text]
                  first 1 offset 0
                    scan 1 "nation" []
            """#
        ),
        (
            "SELECT r_name, (SELECT count(*) FROM nation WHERE n_regionkey = r_regionkey) c FROM region",
            #"""
            release rows
            project $1, coalesce($3, 0)
              join left on $0 = $0
                scan 0 "region" ["r_regionkey": int64, "r_name": text]
                aggregate key $0: int64, call count_rows(): int64
                  scan 1 "nation" ["n_regionkey": int64]
            """#
        ),
        (
            "SELECT r_name FROM region r WHERE 3 < (SELECT count(*) FROM nation WHERE n_regionkey = r_regionkey HAVING count(*) < 10)",
            #"""
            release rows
            project $1
              filter (case((coalesce($3, 0) < 10), coalesce($3, 0)) > 3)
                join left on $0 = $0
                  scan 0 "region" ["r_regionkey": int64, "r_name": text]
                  aggregate key $0: int64, call count_rows(): int64
                    scan 1 "nation" ["n_regionkey": int64]
            """#
        ),
        (
            "SELECT r_name FROM region r WHERE r_regionkey > (SELECT avg(n_nationkey) FROM nation WHERE n_regionkey = r_regionkey)",
            #"""
            release rows
            project $1
              join inner on $0 = $0 and (cast:decimal(38,16)($0) > $3)
                scan 0 "region" ["r_regionkey": int64, "r_name": text]
                aggregate key $1: int64, call avg($0): decimal(38,16)
                  scan 1 "nation" ["n_nationkey": int64, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT r_name, (SELECT n_nationkey FROM nation WHERE n_name = 'X') FROM region r",
            #"""
            release rows
            project $0, $1
              join single without key
                scan 0 "region" ["r_name": text]
                first 2 offset 0
                  filter ($1 = 'X')
                    scan 1 "nation" ["n_nationkey": int64, "n_name": text]
            """#
        ),
        (
            "SELECT r_name, (SELECT n_nationkey + r_regionkey FROM nation WHERE n_name = r_name) FROM region r",
            #"""
            release rows
            project $1, case($4, ($2 + $0))
              join single on $1 = $1
                scan 0 "region" ["r_regionkey": int64, "r_name": text]
                project $0, $1, true
                  scan 1 "nation" ["n_nationkey": int64, "n_name": text]
            """#
        ),
        (
            "SELECT r_name, (SELECT n_name FROM nation WHERE n_regionkey = r_regionkey ORDER BY n_nationkey DESC LIMIT 1 OFFSET 2) c FROM region",
            #"""
            release rows
            project $1, $3
              join single on $0 = $2
                scan 0 "region" ["r_regionkey": int64, "r_name": text]
                filter and(($3 <= 3), ($3 > 2))
                  window row_number() over (partition by $2 order by $0 desc nulls first range unbounded preceding to current row): int64
                    scan 1 "nation" ["n_nationkey": int64, "n_name": text, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT r_name FROM region r WHERE r_regionkey = (SELECT k FROM (SELECT n_regionkey k FROM nation WHERE n_regionkey = r.r_regionkey UNION ALL SELECT s_nationkey FROM supplier WHERE s_suppkey = r.r_regionkey) u)",
            #"""
            release rows
            project $1
              filter ($0 = $2)
                join single on $0 = $1
                  scan 0 "region" ["r_regionkey": int64, "r_name": text]
                  union all
                    project $0, $0
                      scan 1 "nation" ["n_regionkey": int64]
                    project $1, $0
                      scan 2 "supplier" ["s_suppkey": int64, "s_nationkey": int64]
            """#
        ),
        (
            "SELECT n_regionkey, count(*) FROM nation GROUP BY n_regionkey HAVING count(*) > (SELECT avg(c) FROM (SELECT count(*) c FROM nation GROUP BY n_regionkey) x)",
            #"""
            release rows
            project $0, $1
              join inner without key and (cast:decimal(38,16)($1) > $2)
                aggregate key $0: int64, call count_rows(): int64
                  scan 0 "nation" ["n_regionkey": int64]
                aggregate call avg($1): decimal(38,16)
                  aggregate key $0: int64, call count_rows(): int64
                    scan 1 "nation" ["n_regionkey": int64]
            """#
        ),
        (
            "SELECT n_regionkey, (SELECT r_name FROM region WHERE r_regionkey = n_regionkey) FROM nation GROUP BY n_regionkey",
            #"""
            release rows
            project $0, $2
              join single on $0 = $0
                aggregate key $0: int64
                  scan 0 "nation" ["n_regionkey": int64]
                scan 1 "region" ["r_regionkey": int64, "r_name": text]
            """#
        ),
        (
            "SELECT (SELECT r_name FROM region WHERE r_regionkey = n_regionkey) nm, count(*) FROM nation GROUP BY (SELECT r_name FROM region WHERE r_regionkey = n_regionkey)",
            #"""
            release aggregate
              key $2: text
              call count_rows(): int64
            join single on $0 = $0
              scan 0 "nation" ["n_regionkey": int64]
              scan 1 "region" ["r_regionkey": int64, "r_name": text]
            """#
        ),
        (
            "SELECT sum(CASE WHEN EXISTS (SELECT 1 FROM region WHERE r_regionkey = n_regionkey) THEN 1 ELSE 0 END) FROM nation",
            #"""
            release aggregate
              call sum(case($1, 1)else(0)): decimal(38,0)
            join mark on $0 = $0
              scan 0 "nation" ["n_regionkey": int64]
              scan 1 "region" ["r_regionkey": int64]
            """#
        ),
        (
            "SELECT count(*) FROM nation n JOIN region r ON n_regionkey = r_regionkey AND n_nationkey IN (SELECT s_nationkey FROM supplier)",
            #"""
            release aggregate
              call count_rows(): int64
            join inner on $1 = $0
              join semi on $0 = $0
                scan 0 "nation" ["n_nationkey": int64, "n_regionkey": int64]
                scan 2 "supplier" ["s_nationkey": int64]
              scan 1 "region" ["r_regionkey": int64]
            """#
        ),
        (
            "SELECT n_regionkey FROM nation GROUP BY n_regionkey ORDER BY (SELECT max(r_name) FROM region WHERE r_regionkey = n_regionkey)",
            #"""
            finish project $0
            finish sort $1
            release rows
            project $0, $2
              join left on $0 = $0
                aggregate key $0: int64
                  scan 0 "nation" ["n_regionkey": int64]
                aggregate key $0: int64, call max($1): text
                  scan 1 "region" ["r_regionkey": int64, "r_name": text]
            """#
        ),
    ])
    func plans(pair: (text: String, plan: String)) {
        #expect(Sample.shape(pair.text) == pair.plan)
    }
}
