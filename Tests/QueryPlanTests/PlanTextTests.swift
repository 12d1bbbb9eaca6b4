// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Testing

@Suite struct PlanTextTests {
    /// Statements and their plans. A change of these texts changes the digests of approved plans.
    @Test(arguments: [
        (
            "SELECT hospital, COUNT(*), SUM(cost) FROM visit GROUP BY hospital",
            """
            plan 1
            output "hospital": text
            output "count": int64 null
            output "sum": decimal(38,2) null
            release aggregate
              key $0: text
              call count_rows(): int64
              call sum($1): decimal(38,2)
            scan 0 "visit" ["hospital": text, "cost": decimal(12,2) null]
            """
        ),
        (
            "SELECT hospital, date_trunc('month', visit_date) AS month, COUNT(*) AS visits, SUM(cost) AS total FROM visit WHERE visit_date >= :since GROUP BY 1, 2",
            """
            plan 1
            output "hospital": text
            output "month": date
            output "visits": int64 null
            output "total": decimal(38,2) null
            parameter "since": date
            release aggregate
              key $0: text
              key date_trunc('month', $1): date
              call count_rows(): int64
              call sum($2): decimal(38,2)
            filter ($1 >= :"since":date)
              scan 0 "visit" ["hospital": text, "visit_date": date, "cost": decimal(12,2) null]
            """
        ),
        (
            "SELECT hospital, SUM(cost) / COUNT(*) AS mean FROM visit WHERE icd_code IN ('E10', 'E11') GROUP BY hospital HAVING COUNT(*) >= 20 ORDER BY mean DESC NULLS LAST LIMIT 10 OFFSET 5",
            """
            plan 1
            output "hospital": text
            output "mean": decimal(38,16) null
            finish project $0, ($1 / cast:decimal(19,0)($2)):decimal(38,16)
            finish limit 10 offset 5
            finish sort ($1 / cast:decimal(19,0)($2)):decimal(38,16) desc
            finish filter ($2 >= 20)
            release aggregate
              key $0: text
              call sum($2): decimal(38,2)
              call count_rows(): int64
            filter in($1, 'E10', 'E11')
              scan 0 "visit" ["hospital": text, "icd_code": text null, "cost": decimal(12,2) null]
            """
        ),
        (
            "SELECT p.district, COUNT(DISTINCT v.person_id), AVG(days) FROM visit v JOIN person p ON v.person_id = p.person_id WHERE v.cost > 100 AND p.born < '1960-01-01' GROUP BY p.district",
            """
            plan 1
            output "district": text null
            output "count": int64 null
            output "avg": decimal(38,16) null
            release aggregate
              key $4: text
              call count_distinct($0): int64
              call avg($2): decimal(38,16)
            join inner on $0 = $0
              filter ($1 > 100.00:decimal(12,2))
                scan 0 "visit" ["person_id": entity(person) null, "cost": decimal(12,2) null, "days": int64 null]
              filter ($2 < timestamp '1960-01-01T00:00:00')
                scan 1 "person" ["person_id": entity(person), "district": text null, "born": timestamp null]
            """
        ),
        (
            "SELECT p.district, COUNT(v.id) FROM person p LEFT JOIN visit v ON p.person_id = v.person_id AND v.urgent AND p.district <> 'x' WHERE p.born IS NOT NULL GROUP BY p.district",
            """
            plan 1
            output "district": text null
            output "count": int64 null
            release aggregate
              key $1: text
              call count($3): int64
            join left on $0 = $1 and ($1 <> 'x')
              filter is_not_null($2)
                scan 0 "person" ["person_id": entity(person), "district": text null, "born": timestamp null]
              filter $2
                scan 1 "visit" ["id": int64, "person_id": entity(person) null, "urgent": bool null]
            """
        ),
        (
            "SELECT CASE WHEN days < 7 THEN '短' ELSE 'long' END AS stay, COUNT(*) FILTER (WHERE urgent) FROM visit GROUP BY stay",
            """
            plan 1
            output "stay": text
            output "count": int64 null
            release aggregate
              key case(($0 < 7), '短')else('long'): text
              call count(case($1, 1)): int64
            scan 0 "visit" ["days": int64 null, "urgent": bool null]
            """
        ),
        (
            "SELECT hospital, cost FROM visit WHERE cost > 1 ORDER BY visit_date DESC, hospital LIMIT 5",
            """
            plan 1
            output "hospital": text
            output "cost": decimal(12,2) null
            finish project $0, $1
            finish limit 5 offset 0
            finish sort $2 desc nulls first, $0
            release rows
            project $0, $2, $1
              filter ($2 > 1.00:decimal(12,2))
                scan 0 "visit" ["hospital": text, "visit_date": date, "cost": decimal(12,2) null]
            """
        ),
        (
            "SELECT * FROM person",
            """
            plan 1
            output "person_id": entity(person)
            output "district": text null
            output "born": timestamp null
            release rows
            scan 0 "person" ["person_id": entity(person), "district": text null, "born": timestamp null]
            """
        ),
        (
            "SELECT COUNT(*) FROM visit WHERE NOT (hospital = 'a' OR days BETWEEN 1 AND 3) AND urgent IN (TRUE, NULL)",
            """
            plan 1
            output "count": int64 null
            release aggregate
              call count_rows(): int64
            filter and(not(or(($0 = 'a'), and(($1 >= 1), ($1 <= 3)))), or(($2 = true), ($2 = null:bool)))
              scan 0 "visit" ["hospital": text, "days": int64 null, "urgent": bool null]
            """
        ),
        (
            "WITH m AS (SELECT 医院, SUM(总费用) AS 合计 FROM 门急诊 GROUP BY 医院) SELECT 医院, round(合计, 0) AS 约 FROM m WHERE 合计 > :cap ORDER BY 合计",
            """
            plan 1
            output "医院": text
            output "约": decimal(37,0) null
            parameter "cap": decimal(10,2)
            finish project $0, round($1, 0)
            finish sort $1
            finish filter ($1 > cast:decimal(38,2)(:"cap":decimal(10,2)))
            release aggregate
              key $0: text
              call sum($1): decimal(38,2)
            scan 0 "门急诊" ["医院": text, "总费用": decimal(10,2) null]
            """
        ),
    ])
    func golden(pair: (text: String, plan: String)) {
        #expect(Sample.plan(pair.text) == pair.plan + "\n")
    }
}
