// SPDX-License-Identifier: Apache-2.0

import LocalKnowledge
import SQLSyntax

/// Linkage risk 数据关联汇聚风险: whether the columns by which a job tells its cells apart, each harmless, together single people out.
///
/// It rests on what loads measured, so that it flags what is rare in this population and not what sounds dangerous. A job is flagged when
/// at least half of the appearances would fall below the minimum: such a product is no statistic, and what little of it leaves says more
/// of its readers' question than of the population. A scenario is flagged when what its products use together makes at least half unique.
/// Documentation/Decisions/0017-linkage-risk.md has the reasons.
struct LinkageJudge {
    let flow: PlanFlow
    let quasi: QuasiIdentifiers
    let basis: CheckBasis

    /// Findings that ask for a person's review.
    func review(_ findings: inout FindingList) {
        guard !basis.profiles.isEmpty, let first = quasi.uses.first else { return }
        if let risk = measured() ?? estimated() {
            let source = flow.sources[first.position]
            findings.add(
                .linkageRisk, first.clause, first.span, [risk.columns.joined(separator: ", "), String(risk.minimum)], column: source,
                owner: risk.owners.joined(separator: ", "), .coarsenUnion, [risk.columns.joined(separator: ", ")])
        } else {
            reviewScenario(first, &findings)
        }
    }

    private struct Risk {
        /// `table.column` of each.
        let columns: [String]
        let minimum: Int
        let owners: [String]
    }

    // MARK: One table, as measured

    /// A combination of columns of one table of which most appearances lie below the minimum: the smallest of them.
    private func measured() -> Risk? {
        for (policy, profile) in tables {
            let used = Set(wholeColumns(of: policy, profile))
            let found = profile.unions.filter { $0.below == .most && used.isSuperset(of: $0.columns) }.min { $0.columns.count < $1.columns.count }
            guard let found else { continue }
            return Risk(columns: found.columns.map { policy.name + "." + $0 }, minimum: profile.minimum, owners: [policy.unit])
        }
        return nil
    }

    // MARK: Several tables, or more columns than were measured together: by the size of the average cell

    /// As if columns had nothing to do with each other, the average cell of all of them has at most a tenth of the minimum.
    private func estimated() -> Risk? {
        let parts = quasi.uses.compactMap { use -> Part? in
            let source = flow.sources[use.position]
            guard let profile = basis.profiles[source.table.name], let column = profile.column(source.column.name), column.view == source.column.view
            else { return nil }
            return Part(source: source, values: max(0, use.isWhole ? column.values : column.values - 1), isWhole: use.isWhole)
        }
        guard parts.count > 1 else { return nil }
        for (policy, profile) in tables {
            let used = Set(wholeColumns(of: policy, profile))
            let bases = profile.unions.filter { used.isSuperset(of: $0.columns) }
            guard let base = bases.max(by: { $0.columns.count < $1.columns.count }), base.room < Self.openRoom else { continue }
            let others = parts.filter { $0.source.table.name != policy.name || !base.columns.contains($0.source.column.name) || !$0.isWhole }
            guard !others.isEmpty, base.room + 1 - others.reduce(0, { $0 + $1.values }) <= -1 else { continue }
            return Risk(
                columns: parts.map(\.source.name), minimum: profile.minimum, owners: Set(parts.map(\.source.table.unit)).sorted())
        }
        return nil
    }

    private struct Part {
        let source: SourceColumn
        /// Power of ten of its values.
        let values: Int
        let isWhole: Bool
    }

    /// The class of room that has no upper end.
    private static let openRoom = 5

    // MARK: A scenario

    private func reviewScenario(_ first: QuasiIdentifiers.Use, _ findings: inout FindingList) {
        for (policy, profile) in tables {
            let own = Set(wholeColumns(of: policy, profile))
            let others = basis.scenario.filter { $0.columns[policy.name]?.isEmpty == false }
            let measurable = Set(policy.columns.filter { profile.column($0.name)?.view == $0.view }.map(\.name))
            let together = others.reduce(own) { $0.union(measurable.intersection($1.columns[policy.name] ?? [])) }
            guard !own.isEmpty, !others.isEmpty else { continue }
            let alone = [own] + others.map { Set($0.columns[policy.name] ?? []) }
            let found = profile.unions.filter { union in
                union.unique == .most && together.isSuperset(of: union.columns) && !alone.contains { $0.isSuperset(of: union.columns) }
            }.min { $0.columns.count < $1.columns.count }
            guard let found else { continue }
            let columns = found.columns.map { policy.name + "." + $0 }.joined(separator: ", ")
            let products = others.filter { !Set($0.columns[policy.name] ?? []).isDisjoint(with: found.columns) }.map(\.product)
            findings.add(
                .linkageScenario, first.clause, first.span, [columns, products.joined(separator: ", ")],
                column: flow.sources[first.position], owner: policy.unit, .coarsenUnion, [columns])
        }
    }

    // MARK: Facts

    /// Protected tables that are read and were measured, in order of reference.
    private var tables: [(policy: TablePolicy, profile: TableProfile)] {
        var seen: Set<String> = []
        return flow.references.keys.sorted().compactMap { reference in
            guard let policy = flow.references[reference]?.policy, !policy.isOpen, seen.insert(policy.name).inserted,
                let profile = basis.profiles[policy.name]
            else { return nil }
            return (policy, profile)
        }
    }

    /// Columns of a table that are used in the form in which they were measured.
    private func wholeColumns(of policy: TablePolicy, _ profile: TableProfile) -> [String] {
        (quasi.columns[policy.name] ?? []).filter { name in policy.column(name)?.view == profile.column(name)?.view }
    }
}

extension ColumnPolicy {
    /// The finest form that it may be seen in, as profiles name it.
    public var view: String {
        if let band = restrictions.band { return "band " + band.text }
        return restrictions.isByChapter == true ? "chapter" : ColumnProfile.view(granularity: granularity?.rawValue, prefix: prefix)
    }

    /// Whether it may tell cells apart and loads can measure how far. Bands and chapters are not measured: they are wide on purpose.
    public var isQuasiIdentifier: Bool {
        identifier == nil && restrictions.band == nil && restrictions.isByChapter != true && !capabilities.isDisjoint(with: [.group, .filterEqual, .filterRange])
    }
}
