// SPDX-License-Identifier: Apache-2.0

/// The table "Targets" of ARCHITECTURE.md.
struct LayerTable {
    struct Row {
        let layer: Int
        let ours: Set<String>
        let outside: Set<String>
    }

    let rows: [String: Row]

    static func isShim(_ target: String) -> Bool {
        let letters = target.prefix(2)
        return letters.count == 2 && letters.first == "C" && letters.last?.isUppercase == true
    }

    static func read() throws -> LayerTable {
        var rows: [String: Row] = [:]
        for line in try SourceTree.text(of: "ARCHITECTURE.md").split(separator: "\n") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingSpaces() }
            guard cells.count == 7, let layer = Int(cells[1]), let name = quoted(cells[2]).first else { continue }
            rows[name] = Row(layer: layer, ours: Set(quoted(cells[4])), outside: Set(quoted(cells[5])))
        }
        return LayerTable(rows: rows)
    }

    /// The words between backquotes.
    private static func quoted(_ cell: Substring) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}

extension Substring {
    func trimmingSpaces() -> Substring {
        var text = drop { $0 == " " }
        while text.last == " " { text = text.dropLast() }
        return text
    }
}
