// SPDX-License-Identifier: Apache-2.0

/// A canonical document of which parts are written already.
package enum CanonicalContent {
    case value(JSONValue)
    /// The elements of an array, comma between them, in pieces; a piece may be empty.
    case elements([[UInt8]])
    case object([String: CanonicalContent])

    /// The canonical bytes in pieces, so that what is written already need not be copied.
    package var pieces: [[UInt8]] {
        var out = Pieces()
        write(into: &out)
        return out.closed + [out.open]
    }

    private struct Pieces {
        var closed: [[UInt8]] = []
        var open: [UInt8] = []

        mutating func append(_ piece: [UInt8]) {
            closed.append(open)
            closed.append(piece)
            open = []
        }
    }

    private func write(into out: inout Pieces) {
        switch self {
        case .value(let value): value.write(into: &out.open)
        case .elements(let pieces):
            out.open.append(UInt8(ascii: "["))
            var isFirst = true
            for piece in pieces where !piece.isEmpty {
                if !isFirst { out.open.append(UInt8(ascii: ",")) }
                isFirst = false
                out.append(piece)
            }
            out.open.append(UInt8(ascii: "]"))
        case .object(let members):
            out.open.append(UInt8(ascii: "{"))
            for (position, name) in JSONValue.sorted(members.keys).enumerated() {
                if position > 0 { out.open.append(UInt8(ascii: ",")) }
                JSONValue.write(name, into: &out.open)
                out.open.append(UInt8(ascii: ":"))
                members[name]?.write(into: &out)
            }
            out.open.append(UInt8(ascii: "}"))
        }
    }
}
