import PolicyCheck
import QueryPlan
import SQLSyntax
import Testing
@Suite struct Temp {
 @Test func time() throws {
  let p = try example("visit"); let clock = ContinuousClock()
  for levels in [4, 8, 12, 24] {
   var inner = "SELECT CASE WHEN age > 1 THEN 1 ELSE 0 END AS x FROM visit"
   for level in 0..<levels { inner = "SELECT CASE WHEN x > 1 THEN x ELSE x END AS x FROM (\(inner)) t\(level)" }
   let sql = "SELECT x, COUNT(*) FROM (\(inner)) t GROUP BY x"
   let a = clock.now; let st = try SQLParser.parse(sql); let b = clock.now
   let plan = try Binder.bind(st, catalog: p, parameters: []); let c = clock.now
   let o = PolicyChecker.check(plan, policies: p, context: CheckContext(parameters: [:])); let d = clock.now
   print("TIME", levels, b - a, c - b, d - c); if case .stopped(let v) = o { print("TIME", v.findings.map(\.rule)) }
  } } }
