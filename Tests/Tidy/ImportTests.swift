// SPDX-License-Identifier: Apache-2.0

import Testing

/// The table of ARCHITECTURE.md, held against the imports that stand in the files.
@Suite struct ImportTests {
    private static let openToAll: Set<String> = ["Glibc", "Synchronization"]
    /// Targets that touch rows or keys of rows: no Foundation, no Dispatch, no concurrency runtime.
    private static let dataPlane = [
        "CanonicalJSON", "Tabular", "SQLSyntax", "CryptoSuites", "Confinement", "WireContract", "QueryPlan", "ColumnStore", "AuditLog",
        "DisclosureControl", "PolicyCheck", "QueryEngine", "JobRuntime", "DurableFiles", "yunei-executor",
    ]

    @Test func everyTargetHasARow() throws {
        let table = try LayerTable.read()
        let swiftTargets = SourceTree.targets.filter { !LayerTable.isShim($0) }
        #expect(Set(swiftTargets) == Set(table.rows.keys))
    }

    @Test func rowsOnlyPointDown() throws {
        let table = try LayerTable.read()
        for (target, row) in table.rows {
            for imported in row.ours {
                let lower = try #require(table.rows[imported], "\(target) may import \(imported), which has no row")
                let isDown = lower.layer < row.layer || (row.layer == 0 && imported == "CanonicalJSON")
                #expect(isDown, "\(target) (layer \(row.layer)) may not import \(imported) (layer \(lower.layer))")
            }
        }
    }

    @Test func importsAreInTheTable() throws {
        let table = try LayerTable.read()
        for file in SourceTree.sources {
            let target = String(file.path.split(separator: "/")[1])
            guard let row = table.rows[target] else { continue }
            for imported in imports(of: file) where !Self.openToAll.contains(imported) {
                let isListed = row.ours.contains(imported) || row.outside.contains(imported)
                let isFoundation = imported.hasPrefix("Foundation") && !Self.dataPlane.contains(target)
                #expect(isListed || isFoundation, "\(file) imports \(imported), which the row of \(target) does not list")
            }
        }
    }

    @Test(arguments: dataPlane) func dataPlaneHasNoFoundation(target: String) {
        for file in SourceTree.files(in: "Sources/\(target)", endings: [".swift"]) {
            let found = imports(of: file).filter { $0.hasPrefix("Foundation") || $0 == "Dispatch" || $0.hasPrefix("_Concurrency") }
            #expect(found.isEmpty, "\(file)")
            let words = SwiftCode.of(file.text).split { !$0.isLetter && $0 != "_" }
            #expect(!words.contains("async") && !words.contains("await"), "\(file) uses the concurrency runtime")
        }
    }

    @Test func everyTargetHasAParagraph() throws {
        let modules = try SourceTree.text(of: "Documentation/Modules.md")
        for target in try LayerTable.read().rows.keys { #expect(modules.contains("\n## \(target)\n"), "\(target)") }
    }

    private func imports(of file: SourceTree.File) -> [String] {
        SwiftCode.of(file.text).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "import"), words[..<place].allSatisfy({ $0.hasPrefix("@") || Self.accessWords.contains($0) }),
                let name = words.last
            else { return nil }
            return String(name.split(separator: ".")[0])
        }
    }

    private static let accessWords: Set<Substring> = ["public", "package", "internal", "private", "fileprivate"]
}
