// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Testing

extension Yunei.Run {
    /// A refusal that helps: the right status and code, one document with a message in both languages that names the thing, and
    /// neither a stack trace nor a value of the data anywhere.
    func expectRefusal(
        status expected: Int32, _ code: String, naming names: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(status == expected, "\(output) \(errors)", sourceLocation: sourceLocation)
        let message: JSONValue?
        if expected == 1 {
            #expect(json["status"]?.text == "refused", "\(output)", sourceLocation: sourceLocation)
            #expect(rules.contains(code), "\(output)", sourceLocation: sourceLocation)
            message = findings.first { $0["rule"]?.text == code }?["message"]
        } else {
            #expect(json["status"]?.text == "error", "\(output)", sourceLocation: sourceLocation)
            #expect(self.code == code, "\(output)", sourceLocation: sourceLocation)
            message = json["message"]
        }
        let zh = message?["zh"]?.text ?? ""
        let en = message?["en"]?.text ?? ""
        #expect(zh.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(output)", sourceLocation: sourceLocation)
        #expect(en.split(separator: " ").count > 3, "\(output)", sourceLocation: sourceLocation)
        for name in names {
            #expect(zh.contains(name) && en.contains(name), "\(name) is not named: \(output)", sourceLocation: sourceLocation)
        }
        #expect(errors.isEmpty, "\(errors)", sourceLocation: sourceLocation)
        expectNoTrace(sourceLocation: sourceLocation)
    }

    /// The same for people: one message on standard error, nothing on standard output.
    func expectMessage(status expected: Int32, naming names: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(status == expected, "\(output) \(errors)", sourceLocation: sourceLocation)
        for name in names { #expect(errors.contains(name), "\(errors)", sourceLocation: sourceLocation) }
        #expect(output.isEmpty, "\(output)", sourceLocation: sourceLocation)
        expectNoTrace(sourceLocation: sourceLocation)
    }

    func expectNoTrace(sourceLocation: SourceLocation = #_sourceLocation) {
        for sign in ["Fatal error", "Stack dump", "Crash", "Thread 0", ".swift:", "backtrace", "{0}", "{1}"] {
            #expect(!output.contains(sign) && !errors.contains(sign), "\(output) \(errors)", sourceLocation: sourceLocation)
        }
        for mark in Hospital.marks {
            #expect(!output.contains(mark) && !errors.contains(mark), "\(mark)", sourceLocation: sourceLocation)
        }
    }
}
