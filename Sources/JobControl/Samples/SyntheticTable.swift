// SPDX-License-Identifier: Apache-2.0

import PolicyCheck
import Tabular

/// Invented rows of a table, made from policies alone: no stored row is read, and none needs to exist.
///
/// Same policies, seed and number of rows: same bytes. Same seed: the same identifiers of an entity type in every table, so that joins hit.
/// Values keep types, bounds, date formats, code lists and row ranges, so that the table's own load takes them.
public struct SyntheticTable {
    public let table: String
    public let rowCount: Int
    private let columns: [SyntheticColumn]

    /// Throws `table.unknown` and `table.sample-rows`.
    public init(_ policies: PolicySet, table: String, rows: Int, seed: UInt64) throws(ControlError) {
        guard let policy = policies.table(table) else { throw ControlError(.tableUnknown, table) }
        guard (1...Limits.sampleRows).contains(rows) else { throw ControlError(.tableSampleRows, String(Limits.sampleRows)) }
        self.table = table
        rowCount = rows
        let plan = SyntheticPlan(policies, policy, rows: rows, seed: seed)
        columns = policy.columns.map { SyntheticColumn($0, plan) }
    }

    /// The rows as CSV (RFC 4180, UTF-8) with the header that `table load` expects.
    public var csv: String {
        var text = columns.map { Self.quoted($0.physicalName) }.joined(separator: ",") + "\n"
        var columns = columns
        for row in 0..<rowCount {
            for place in columns.indices {
                if place > 0 { text += "," }
                text += Self.quoted(columns[place].next(row))
            }
            text += "\n"
        }
        return text
    }

    private static func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

/// What the columns of one sample have in common.
struct SyntheticPlan {
    let policies: PolicySet
    let policy: TablePolicy
    let rows: Int
    let seed: UInt64

    init(_ policies: PolicySet, _ policy: TablePolicy, rows: Int, seed: UInt64) {
        self.policies = policies
        self.policy = policy
        self.rows = rows
        self.seed = seed
    }

    /// Entities of the first type: half as many as rows, each met at least once. Of further types there are few, as hospitals are of persons.
    func entities(_ type: String) -> Int {
        let half = (rows + 1) / 2
        if isLimited(type) { return policy.fanOut?.rows == 1 ? rows : half }
        return policy.entities.first?.type == type ? half : min(half, 40)
    }

    /// Whether an entity may have so many rows only: then each gets its turn.
    func isLimited(_ type: String) -> Bool { policy.fanOut != nil && policy.entities.first?.type == type }

    /// Rows of a parent that its children name.
    var parents: Int { min((rows + 1) / 2, Limits.sampleParents) }

    /// Whether a column of the table has another value in each row: other tables reach their entity through it, or it is the row's key.
    func isUnique(_ column: String) -> Bool { uniqueColumns(policy).contains(column) }

    /// Whether rows reach their entity through a column.
    func isLink(_ column: String) -> Bool {
        policy.entities.contains { if case .via(_, _, _, column) = $0 { true } else { false } }
    }

    /// Whether a column has the name of another table's key.
    func isForeignKey(_ column: String) -> Bool {
        policies.tableNames.contains { name in
            guard name != policy.name, let other = policies.table(name) else { return false }
            return uniqueColumns(other).contains(column) && other.column(column)?.identifier == nil
        }
    }

    private func uniqueColumns(_ table: TablePolicy) -> Set<String> {
        var names: Set<String> = []
        for name in policies.tableNames {
            for case .via(_, table.name, let keyColumn, _) in policies.table(name)?.entities ?? [] { names.insert(keyColumn) }
        }
        // One column that differs is enough for the whole key to.
        let candidates = table.rowKey.filter { Self.canDiffer(table.column($0)) }
        if names.isDisjoint(with: table.rowKey), let first = candidates.first { names.insert(first) }
        return names
    }

    private static func canDiffer(_ column: ColumnPolicy?) -> Bool {
        guard let column else { return false }
        switch column.type {
        case .text: return true
        case .int64: return column.bounds == nil
        case .bool, .decimal, .double, .date, .timestamp, .entity, .null: return false
        }
    }

    /// Whether any table knows the entities of a type by their resident numbers.
    func hasResidentNumbers(_ type: String) -> Bool {
        policies.tableNames.contains { name in
            policies.table(name)?.columns.contains { $0.entityType == type && $0.identifier == .residentID } ?? false
        }
    }
}

/// The generator of Steele, Lea and Flood (2014), begun from a seed and names: the same everywhere.
struct SampleRandom {
    private var state: UInt64

    init(_ seed: UInt64, _ names: String...) {
        state = 0xCBF2_9CE4_8422_2325 ^ seed
        for byte in names.joined(separator: "\0").utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// At least 0, less than `bound`, which is positive.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// A number of a range, both ends included.
    mutating func within(_ lower: Int128, _ upper: Int128) -> Int128 {
        let (span, isWide) = upper.subtractingReportingOverflow(lower)
        guard !isWide, span < Int128.max else { return lower }
        return lower + Int128((UInt128(next()) << 64 | UInt128(next())) % UInt128(span + 1))
    }
}
