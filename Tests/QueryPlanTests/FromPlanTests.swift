// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Joins, UNION ALL, DISTINCT, WITH and derived tables, and where the release stands.
@Suite struct FromPlanTests {
    @Test(arguments: [
        (
            "SELECT r_name, n_name FROM nation RIGHT JOIN region ON n_regionkey = r_regionkey AND n_name > 'A'",
            #"""
            release rows
            project $1, $2
              join left on $0 = $1
                scan 1 "region" ["r_regionkey": int64, "r_name": text]
                filter ($0 > 'A')
                  scan 0 "nation" ["n_name": text, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT * FROM (SELECT n_regionkey k, n_name FROM nation) a RIGHT JOIN (SELECT r_regionkey k, r_name FROM region) b USING (k)",
            #"""
            release rows
            project $0, $2, $1
              join left on $0 = $1
                scan 1 "region" ["r_regionkey": int64, "r_name": text]
                scan 0 "nation" ["n_name": text, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT n_name, r_name FROM nation FULL JOIN region x ON n_regionkey = r_regionkey AND r_name < n_name AND n_name > 'A' WHERE n_name IS NULL",
            #"""
            release rows
            project $0, $3
              filter is_null($0)
                join full on $1 = $0 and and(($0 > 'A'), ($3 < $0))
                  scan 0 "nation" ["n_name": text, "n_regionkey": int64]
                  scan 1 "region" ["r_regionkey": int64, "r_name": text]
            """#
        ),
        (
            "SELECT n_regionkey FROM nation FULL JOIN region ON n_regionkey = r_regionkey WHERE FALSE",
            #"""
            release rows
            project $0
              filter false
                join full on $0 = $0
                  scan 0 "nation" ["n_regionkey": int64]
                  scan 1 "region" ["r_regionkey": int64]
            """#
        ),
        (
            "SELECT k, a.c FROM (SELECT n_nationkey k, n_name c FROM nation) a FULL JOIN (SELECT r_regionkey k, r_name c FROM region) b USING (k) WHERE k > 2",
            #"""
            release rows
            project coalesce($0, $2), $1
              filter (coalesce($0, $2) > 2)
                join full on $0 = $0
                  scan 0 "nation" ["n_nationkey": int64, "n_name": text]
                  scan 1 "region" ["r_regionkey": int64]
            """#
        ),
        (
            "SELECT a.n_name FROM nation a, nation b, region WHERE a.n_regionkey = r_regionkey AND b.n_regionkey = r_regionkey",
            #"""
            release rows
            project $0
              join inner on $2 = $0
                join inner on $1 = $0
                  scan 0 "nation" ["n_name": text, "n_regionkey": int64]
                  scan 2 "region" ["r_regionkey": int64]
                scan 1 "nation" ["n_regionkey": int64]
            """#
        ),
        (
            "SELECT n_name FROM nation, (SELECT max(n_nationkey) m FROM nation) x WHERE n_nationkey < m",
            #"""
            release rows
            project $1
              join inner without key and ($0 < $2)
                scan 0 "nation" ["n_nationkey": int64, "n_name": text]
                aggregate call max($0): int64
                  scan 1 "nation" ["n_nationkey": int64]
            """#
        ),
        (
            "SELECT count(*) FROM orders LEFT JOIN customer ON c_custkey = o_custkey WHERE c_name = 'x'",
            #"""
            release aggregate
              call count_rows(): int64
            join inner on $0 = $0
              scan 0 "orders" ["o_custkey": int64]
              filter ($1 = 'x')
                scan 1 "customer" ["c_custkey": int64, "c_name": text]
            """#
        ),
        (
            "SELECT count(*) FROM orders LEFT JOIN customer ON c_custkey = o_custkey WHERE c_name IS NULL AND o_orderstatus = 'F'",
            #"""
            release aggregate
              call count_rows(): int64
            filter is_null($3)
              join left on $0 = $0
                filter ($1 = 'F')
                  scan 0 "orders" ["o_custkey": int64, "o_orderstatus": text]
                scan 1 "customer" ["c_custkey": int64, "c_name": text]
            """#
        ),
        (
            "SELECT n_name FROM nation WHERE (n_regionkey = 1 AND n_name > 'A') OR (n_name < 'C' AND n_regionkey = 1)",
            #"""
            release rows
            project $0
              filter and(($1 = 1), or(($0 > 'A'), ($0 < 'C')))
                scan 0 "nation" ["n_name": text, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT count(*) FROM nation, region WHERE (n_regionkey = r_regionkey AND n_name = 'a' AND r_name = 'b') OR (n_regionkey = r_regionkey AND n_name = 'c')",
            #"""
            release aggregate
              call count_rows(): int64
            join inner on $1 = $0 and or(and(($0 = 'a'), ($3 = 'b')), ($0 = 'c'))
              filter or(($0 = 'a'), ($0 = 'c'))
                scan 0 "nation" ["n_name": text, "n_regionkey": int64]
              scan 1 "region" ["r_regionkey": int64, "r_name": text]
            """#
        ),
        (
            "SELECT n_name FROM nation UNION ALL SELECT r_name FROM region ORDER BY 1 LIMIT 3",
            #"""
            finish limit 3 offset 0
            finish sort $0
            release rows
            union all
              project $0
                scan 0 "nation" ["n_name": text]
              project $0
                scan 1 "region" ["r_name": text]
            """#
        ),
        (
            "SELECT 1 AS a, NULL AS b FROM region UNION ALL SELECT 2.5, r_name FROM region UNION ALL SELECT r_regionkey, NULL FROM region",
            #"""
            release rows
            union all
              project 1.0:decimal(20,1), null:text
                scan 0 "region" []
              project 2.5:decimal(20,1), $0
                scan 1 "region" ["r_name": text]
              project cast:decimal(20,1)($0), null:text
                scan 2 "region" ["r_regionkey": int64]
            """#
        ),
        (
            "(SELECT n_name x FROM nation ORDER BY n_name LIMIT 2) UNION ALL (SELECT r_name FROM region) ORDER BY x DESC",
            #"""
            finish sort $0 desc nulls first
            release rows
            union all
              project $0
                first 2 offset 0 by $0
                  scan 0 "nation" ["n_name": text]
              project $0
                scan 1 "region" ["r_name": text]
            """#
        ),
        (
            "SELECT x FROM (SELECT n_name x, n_regionkey k FROM nation UNION ALL SELECT r_name, r_regionkey FROM region) u WHERE k = 1",
            #"""
            release rows
            union all
              project $0
                filter ($1 = 1)
                  scan 0 "nation" ["n_name": text, "n_regionkey": int64]
              project $1
                filter ($0 = 1)
                  scan 1 "region" ["r_regionkey": int64, "r_name": text]
            """#
        ),
        (
            "WITH a AS (WITH b AS (SELECT n_name FROM nation) SELECT * FROM b) SELECT x.n_name FROM a x JOIN a y ON x.n_name = y.n_name",
            #"""
            release rows
            project $0
              join inner on $0 = $0
                scan 0 "nation" ["n_name": text]
                scan 1 "nation" ["n_name": text]
            """#
        ),
        (
            "SELECT s.n FROM (SELECT n_regionkey k, count(*) n FROM nation GROUP BY n_regionkey) s JOIN region ON r_regionkey = s.k WHERE s.n > 2 AND s.k < 3",
            #"""
            release rows
            project $1
              join inner on $0 = $0
                filter ($1 > 2)
                  aggregate key $0: int64, call count_rows(): int64
                    filter ($0 < 3)
                      scan 0 "nation" ["n_regionkey": int64]
                scan 1 "region" ["r_regionkey": int64]
            """#
        ),
        (
            "SELECT avg(n) FROM (SELECT n_regionkey, count(*) n FROM nation GROUP BY 1) s",
            #"""
            release aggregate
              call avg($1): decimal(38,16)
            aggregate key $0: int64, call count_rows(): int64
              scan 0 "nation" ["n_regionkey": int64]
            """#
        ),
        (
            "SELECT s_name, n FROM supplier JOIN nation ON s_nationkey = n_nationkey JOIN (SELECT c_nationkey k, count(*) n FROM customer GROUP BY 1) c ON s_nationkey = c.k WHERE n_name = 'CHINA'",
            #"""
            release rows
            project $0, $5
              join inner on $1 = $0
                join inner on $1 = $0
                  scan 0 "supplier" ["s_name": text, "s_nationkey": int64]
                  filter ($1 = 'CHINA')
                    scan 1 "nation" ["n_nationkey": int64, "n_name": text]
                aggregate key $0: int64, call count_rows(): int64
                  join semi on $0 = $0
                    scan 2 "customer" ["c_nationkey": int64]
                    filter ($1 = 'CHINA')
                      scan 3 "nation" ["n_nationkey": int64, "n_name": text]
            """#
        ),
        (
            "SELECT s_name, n FROM supplier JOIN nation ON s_nationkey = n_nationkey LEFT JOIN (SELECT c_nationkey k, count(*) n FROM customer GROUP BY 1) c ON s_nationkey = c.k WHERE n_name > 'CHINA'",
            #"""
            release rows
            project $0, $5
              join left on $1 = $0
                join inner on $1 = $0
                  scan 0 "supplier" ["s_name": text, "s_nationkey": int64]
                  filter ($1 > 'CHINA')
                    scan 1 "nation" ["n_nationkey": int64, "n_name": text]
                aggregate key $0: int64, call count_rows(): int64
                  scan 2 "customer" ["c_nationkey": int64]
            """#
        ),
        (
            "SELECT n FROM (SELECT n_regionkey k, count(*) n FROM nation GROUP BY 1 LIMIT 3) s WHERE n > 1",
            #"""
            finish project $1
            finish filter ($1 > 1)
            finish limit 3 offset 0
            release aggregate
              key $0: int64
              call count_rows(): int64
            scan 0 "nation" ["n_regionkey": int64]
            """#
        ),
        (
            "SELECT count(*) FROM (SELECT n_name FROM nation ORDER BY n_nationkey LIMIT 3) s WHERE n_name > 'A'",
            #"""
            release aggregate
              call count_rows(): int64
            filter ($1 > 'A')
              first 3 offset 0 by $0
                scan 0 "nation" ["n_nationkey": int64, "n_name": text]
            """#
        ),
        (
            "SELECT DISTINCT n_name, count(*) FROM nation GROUP BY n_name, n_regionkey",
            #"""
            finish distinct
            finish project $0, $2
            release aggregate
              key $0: text
              key $1: int64
              call count_rows(): int64
            scan 0 "nation" ["n_name": text, "n_regionkey": int64]
            """#
        ),
        (
            "SELECT DISTINCT n_regionkey + 1 AS k FROM nation ORDER BY n_regionkey + 1 LIMIT 2",
            #"""
            finish limit 2 offset 0
            finish sort $0
            release aggregate
              key ($0 + 1): int64
            scan 0 "nation" ["n_regionkey": int64]
            """#
        ),
        (
            "SELECT count(*) FROM (SELECT DISTINCT n_regionkey FROM nation) x",
            #"""
            release aggregate
              call count_rows(): int64
            aggregate key $0: int64
              scan 0 "nation" ["n_regionkey": int64]
            """#
        ),
    ])
    func plans(pair: (text: String, plan: String)) {
        #expect(Sample.shape(pair.text) == pair.plan)
    }
}
