import Foundation
import Testing
@Suite struct Dump { @Test func dump() throws {
  guard let path = ProcessInfo.processInfo.environment["CASE_DUMP"] else { return }
  var text = ""
  for file in CaseFile.all { text += "@@ \(file.path)\n"; do { text += try file.actual().joined(separator: "\n") + "\n" } catch { text += "ERROR \(error)\n" } }
  try text.write(toFile: path, atomically: true, encoding: .utf8)
} }
import PolicyCheck
@Suite struct KeyDump { @Test func dumpKeys() throws {
  guard let path = ProcessInfo.processInfo.environment["KEY_DUMP"] else { return }
  func form(_ f: ScalarForm) -> String {
    switch f {
    case .name: "name"; case .prose: "text"; case .word(let w): w.filter(\.isAvailable).map { ([$0.english] + $0.others.prefix(1)).joined(separator: " ") }.joined(separator: ", ")
    case .integer(let r): "whole number, \(r.lowerBound) to \(r.upperBound)"; case .decimal: "number"; case .boolean: "是, 否, true, false, yes, no"; case .date: "yyyy-MM-dd"
    case .type: "bool, int64, decimal(p,s), double, date, timestamp, text"; case .constant: "value of the type"; case .condition: "column = value, column in (value, value)"; case .codeRange: "Z21, B20-B24"; case .step: "1 month, 7 days, 1 year, 5" } }
  func shape(_ s: ValueShape) -> String { switch s { case .scalar(let f): form(f); case .list(let f): "list of: " + form(f); case .object: "mapping"; case .named: "mapping by name"; case .orderedNames(let f, _): "mapping by name, or " + form(f); case .either(let f, _): "mapping, or " + form(f); case .entities: "`{ type: column }`, `{ via: table(key) }`, `{ none: rows }`, or a list" } }
  var text = ""
  for (place, key) in DocumentSchema.allKeys {
    let kind = String(place.split(separator: ".")[0]); let rest = place.split(separator: ".").dropFirst().joined(separator: ".")
    text += [kind, rest.isEmpty ? "top" : rest, key.english, key.chinese, shape(key.shape), key.isRequired ? "1" : "0", key.isAvailable ? "1" : "0"].joined(separator: "\t") + "\n" }
  try text.write(toFile: path, atomically: true, encoding: .utf8)
} }
