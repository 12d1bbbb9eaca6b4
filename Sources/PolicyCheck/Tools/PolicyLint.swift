// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import LocalKnowledge

/// Reads a policy document as a careful person would before it is applied: what contradicts itself or a layer above, what is left open,
/// what can never be used. It judges documents only; no row is looked at.
public enum PolicyLint {
    /// Everything there is to say about a canonical document, in its order.
    ///
    /// - Parameter others: documents that are in force beside it; the one that it replaces is not among them.
    /// - Parameter recognised: what the newest load of each table recognised in its columns: labels are held against it.
    public static func findings(
        _ document: JSONValue, beside others: [JSONValue], recognised: [String: [RecognisedColumn]] = [:]
    ) -> [LintFinding] {
        var lint = DocumentLint(document, others, recognised)
        lint.run()
        return lint.findings.all
    }
}

/// One document under the lint.
struct DocumentLint {
    let document: JSONValue
    var findings = LintFindings()
    private(set) var baselines: [String: Baseline] = [:]
    private(set) var sources: [String: TableSource] = [:]
    /// Tables of this document, in order of name.
    private var ownTables: [String] = []
    private var ownBaseline: Baseline?
    /// Effective policies of every table that could be put together.
    private(set) var policies: [String: TablePolicy] = [:]

    private let recognised: [String: [RecognisedColumn]]

    init(_ document: JSONValue, _ others: [JSONValue], _ recognised: [String: [RecognisedColumn]]) {
        self.document = document
        self.recognised = recognised
        for other in others { read(other, isOwn: false) }
        read(document, isOwn: true)
    }

    mutating func run() {
        resolve()
        for name in ownTables {
            guard let policy = policies[name] else { continue }
            lintTable(policy)
            for column in policy.columns { lintColumn(column, of: policy) }
            lintIdentifiers(of: policy)
            for advice in policy.labelAdvice(recognised[name] ?? []) { findings.add(advice, of: name, at: columnPath(advice.column, of: name)) }
        }
        if let ownBaseline { lintBaseline(ownBaseline) }
        lintStanding()
    }

    // MARK: Reading

    private mutating func read(_ json: JSONValue, isOwn: Bool) {
        do throws(PolicyError) {
            guard let kind = json["kind"]?.text.flatMap({ DocumentKind(rawValue: $0) }) else { throw PolicyError(.badDocument, "kind") }
            switch kind {
            case .baseline:
                let baseline = try Baseline(json)
                guard baselines.updateValue(baseline, forKey: baseline.name) == nil else {
                    throw PolicyError(.duplicateBaseline, baseline.name)
                }
                if isOwn { ownBaseline = baseline }
            case .unit: for source in try TableSource.tables(ofUnit: json) { declare(source, isOwn) }
            case .table: declare(try TableSource(single: json), isOwn)
            case .standing, .product: break
            }
        } catch {
            findings.add(error, at: isOwn ? Self.path(ofPlace: error.arguments.last ?? "") : [])
        }
    }

    private mutating func declare(_ source: TableSource, _ isOwn: Bool) {
        if let other = sources[source.name] {
            return findings.add(PolicyError(.duplicateTable, source.name, other.unit, source.unit), at: isOwn ? tablePath(source.name) : [])
        }
        sources[source.name] = source
        if isOwn { ownTables.append(source.name) }
    }

    /// The places that faults of canonical documents name begin with the kind and are joined by points.
    private static func path(ofPlace place: String) -> [String] { place.split(separator: ".").dropFirst().map(String.init) }

    // MARK: Faults

    /// Every table under its layers. A fault of this document's tables is told with its place; a fault of another one's comes from what
    /// this document changes above it.
    private mutating func resolve() {
        for name in sources.keys.sorted() {
            guard let source = sources[name] else { continue }
            let resolver = TableResolver(source: source, sources: sources, baselines: baselines)
            do throws(PolicyError) {
                policies[name] = try resolver.resolve()
            } catch {
                let columns = resolver.columnFaults()
                if columns.isEmpty { findings.add(error, at: path(of: error, table: name)) }
                for (column, error) in columns { findings.add(error, at: path(of: error, table: name, column: column)) }
            }
        }
    }

    private func path(of error: PolicyError, table: String, column: String? = nil) -> [String] {
        guard ownTables.contains(table) else { return pathAbove(error, table, column) }
        let line = error.line
        guard let column else { return line.count == 1 ? linePath(line[0], of: table) : tablePath(table) + line }
        return columnPath(column, of: table) + line
    }

    /// The line of this baseline that another document's table is weaker than.
    private func pathAbove(_ error: PolicyError, _ table: String, _ column: String?) -> [String] {
        guard let column, let json = sources[table]?.columns.first(where: { $0["name"]?.text == column }) else {
            return ["floors", sources[table]?.grade?.rawValue ?? ""] + error.line.drop { $0 == "release" }
        }
        return ["elements", json["element"]?.text ?? column] + error.line
    }

    // MARK: Places

    /// A table as this document has it.
    func body(of table: String) -> JSONValue { document["tables"]?[table] ?? document }

    /// Where a table of this document stands.
    func tablePath(_ table: String) -> [String] { document["tables"] == nil ? [] : ["tables", table] }

    func columnPath(_ column: String, of table: String) -> [String] { tablePath(table) + ["columns", column] }

    /// Where a line of a table is written: in the table, else in the unit's defaults.
    func linePath(_ line: String, of table: String) -> [String] {
        if body(of: table)[line] == nil, document["defaults"]?[line] != nil { return ["defaults", line] }
        return tablePath(table) + [line]
    }

    /// Lines under `release` stand there, or nowhere.
    func releasePath(_ line: String, of table: String) -> [String] { tablePath(table) + ["release", line] }

    /// A column as this document has it.
    func written(_ column: String, of table: String) -> JSONValue? {
        body(of: table)["columns"]?.elements?.first { $0["name"]?.text == column }
    }
}

extension PolicyError {
    /// The line of a table, column or data element that the error is about; empty when it names none.
    fileprivate var line: [String] {
        switch code {
        case .loosens: lineOfRelease ?? [arguments[1]]
        case .lineNotForType: arguments[1].hasPrefix("allow") ? ["allow"] : [arguments[1]]
        case .identifierCapability: ["allow", arguments[1]]
        case .projectNotOpen: ["allow", Capability.project.rawValue]
        case .missingBounds: ["allow"]
        case .badBounds: ["bounds"]
        case .unknownElement: ["element"]
        case .identifierWithoutEntity: ["identifier"]
        case .floatingNumber: ["type"]
        case .unknownBaseline: ["baseline"]
        case .missingEntity, .duplicateEntity, .unknownVia, .circularVia: ["entity"]
        case .badRowRange: ["row_range"]
        case .validityOrder: ["valid_until"]
        case .badDocument, .duplicateTable, .duplicateBaseline, .missingType, .unknownColumn, .duplicateColumn, .badShare, .notAvailable,
            .badParameterDomain:
            []
        }
    }

    private var lineOfRelease: [String]? {
        switch arguments[1] {
        case "minimum_entities", "rounding", "review": ["release", arguments[1]]
        case let line where line.hasPrefix("use_for."): ["use_for", String(line.dropFirst("use_for.".count))]
        case "largest", "two_largest": ["release", "dominance", arguments[1]]
        default: nil
        }
    }
}

extension TableResolver {
    /// The fault of each column on its own; empty when the table's fault is none of a column.
    fileprivate func columnFaults() -> [(column: String, error: PolicyError)] {
        guard let resolver = try? columnResolver() else { return [] }
        return source.columns.compactMap { json in
            do throws(PolicyError) {
                _ = try resolver.resolve(json)
                return nil
            } catch { return (json["name"]?.text ?? "-", error) }
        }
    }
}
