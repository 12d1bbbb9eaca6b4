import Foundation
import Testing
@Suite struct Dump { @Test func dump() throws {
  guard let path = ProcessInfo.processInfo.environment["CASE_DUMP"] else { return }
  var text = ""
  for file in CaseFile.all { text += "@@ \(file.path)\n"; do { text += try file.actual().joined(separator: "\n") + "\n" } catch { text += "ERROR \(error)\n" } }
  try text.write(toFile: path, atomically: true, encoding: .utf8)
} }
