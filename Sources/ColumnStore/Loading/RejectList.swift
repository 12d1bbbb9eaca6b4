// SPDX-License-Identifier: Apache-2.0

/// The values that cannot be stored: listed for the refusal, or written to the reject file as CSV `row,column,reason`.
final class RejectList {
    private let descriptor: Int32?
    private var pending: [UInt8] = []
    private var offset = 0
    private(set) var listed: [BadValue] = []
    private(set) var count: Int64 = 0

    private static let flushBytes = 1 << 16

    init(_ descriptor: Int32?) {
        self.descriptor = descriptor
        if descriptor != nil { pending = Array("row,column,reason\n".utf8) }
    }

    /// Whether bad values end in nothing being loaded.
    var refuses: Bool { descriptor == nil && count > 0 }

    func add(_ value: BadValue) throws(StoreError) {
        count += 1
        guard descriptor != nil else {
            if listed.count < Limits.reportedBadValues { listed.append(value) }
            return
        }
        pending.append(contentsOf: "\(value.row),\(Self.quoted(value.column)),\(value.reason.rawValue)\n".utf8)
        if pending.count >= Self.flushBytes { try flush() }
    }

    func flush() throws(StoreError) {
        guard let descriptor, !pending.isEmpty else { return }
        try Descriptor.write(descriptor, pending, at: offset, name: "reject file")
        offset += pending.count
        pending.removeAll(keepingCapacity: true)
    }

    private static func quoted(_ name: String) -> String {
        let needsQuotes = name.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
        guard needsQuotes else { return name }
        return "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
