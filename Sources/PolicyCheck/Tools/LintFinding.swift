// SPDX-License-Identifier: Apache-2.0

/// One thing that a person should look at in a policy document.
public struct LintFinding: Sendable, Hashable {
    /// How much it weighs.
    public enum Severity: String, Sendable, Hashable, CaseIterable {
        /// Worth knowing; nothing is wrong.
        case note
        /// Probably not what was meant.
        case warning
        /// The document cannot be applied, or nothing can come out of it as it is written.
        case error
    }

    /// A `LintRule`, a `LabelAdvice.Code`, or the code of the `PolicyError` that applying the document would give; key of the text catalogue.
    public let rule: String
    public let severity: Severity
    /// Where in the document: English keys and given names from the top. The place of the nearest key that is written is meant.
    public let path: [String]
    /// Arguments of the message: names, lines and limits of documents; in advice on labels the code of the kind's name is the third.
    public let arguments: [String]
}

/// What the lint looks for beside faults. Raw values are stable and are keys of the text catalogue.
public enum LintRule: String, Sendable, CaseIterable {
    /// Neither a capability nor a word that forbids. Arguments: column.
    case unlabelledColumn = "lint.unlabelled-column"
    /// A person's key used as an ordinary column. Arguments: column, type of the entity, capabilities.
    case identifierShown = "lint.identifier-shown"
    /// A declared identifier of an open table. Arguments: column, kind.
    case identifierOpen = "lint.identifier-open"
    /// An identifier of another table that may be seen here. Arguments: column, capabilities, the other table, kind there.
    case identifierElsewhere = "lint.identifier-elsewhere"
    /// One type of entity with two kinds of identifiers. Arguments: column, kind, the other column, its kind.
    case identifierKindDiffers = "lint.identifier-kind-differs"
    /// Single days can be picked. Arguments: column, capabilities.
    case dateWithoutGranularity = "lint.date-without-granularity"
    /// Arguments: column.
    case joinUnusable = "lint.join-unusable"
    /// Bounds with more digits than a total may have. Arguments: column, digits.
    case amountTooLarge = "lint.amount-too-large"
    /// A line that nothing asks for. Arguments: column or table, line.
    case lineUnused = "lint.line-unused"
    /// Arguments: table.
    case ungraded = "lint.ungraded"
    /// Arguments: table, grade in both languages.
    case gradeForbidden = "lint.grade-forbidden"
    /// Arguments: table.
    case reviewStops = "lint.review-stops"
    /// No row can be used. Arguments: table, column.
    case excludesEverything = "lint.excludes-everything"
    /// Arguments: column, code, the code that has it already.
    case repeatedExclusion = "lint.repeated-exclusion"
    /// A threshold below that of a baseline which the table does not name. Arguments: table, its minimum, baseline, its minimum.
    case belowBaseline = "lint.below-baseline"
    /// Arguments: table, its minimum, the default.
    case belowDefault = "lint.below-default"
    /// Arguments: table, baselines in force.
    case withoutBaseline = "lint.without-baseline"
    /// Amounts without a rule for large contributors. Arguments: table.
    case withoutDominance = "lint.without-dominance"
    /// A higher grade with a weaker floor. Arguments: line, its value for important, for general.
    case floorsInverted = "lint.floors-inverted"
    /// Arguments: table, type of the entity.
    case personalContradiction = "lint.personal-contradiction"
    /// Arguments: table, class in both languages.
    case openPersonal = "lint.open-personal"
    /// Arguments: table, grade in both languages.
    case openGraded = "lint.open-graded"
    /// Arguments: column.
    case boundsEqual = "lint.bounds-equal"
    /// Arguments: column, type.
    case boundsBeyondType = "lint.bounds-beyond-type"
    /// A code that may be picked and whose rows are left out. Arguments: column, code.
    case codeExcluded = "lint.code-excluded"
    /// Arguments: column, code, characters that may be seen.
    case codeNotPickable = "lint.code-not-pickable"
    /// Steps that edges cannot both keep but at a few places. Arguments: column, line, value, line, value.
    case stepsClash = "lint.steps-clash"
    /// Arguments: column, the column that it names.
    case compareOneSided = "lint.compare-one-sided"
    /// Arguments: table.
    case standingUnknownTable = "lint.standing-unknown-table"

    public var severity: LintFinding.Severity {
        switch self {
        case .excludesEverything: .error
        case .unlabelledColumn, .lineUnused, .repeatedExclusion, .withoutBaseline, .boundsBeyondType: .note
        case .identifierShown, .identifierOpen, .identifierElsewhere, .identifierKindDiffers, .dateWithoutGranularity, .joinUnusable,
            .amountTooLarge, .ungraded, .gradeForbidden, .reviewStops, .belowBaseline, .belowDefault, .withoutDominance, .floorsInverted,
            .personalContradiction, .openPersonal, .openGraded, .boundsEqual, .codeExcluded, .codeNotPickable, .stepsClash, .compareOneSided,
            .standingUnknownTable:
            .warning
        }
    }
}

/// Collects what the lint finds, each thing once.
struct LintFindings {
    private(set) var all: [LintFinding] = []
    private var seen: Set<LintFinding> = []

    mutating func add(_ rule: LintRule, at path: [String], _ arguments: String...) {
        add(LintFinding(rule: rule.rawValue, severity: rule.severity, path: path, arguments: arguments))
    }

    mutating func add(_ error: PolicyError, at path: [String]) {
        add(LintFinding(rule: error.code.rawValue, severity: .error, path: path, arguments: error.arguments))
    }

    /// A label that does not fit what was loaded.
    mutating func add(_ advice: LabelAdvice, of table: String, at path: [String]) {
        add(
            LintFinding(
                rule: advice.code.rawValue, severity: advice.isWrong ? .warning : .note, path: path,
                arguments: [advice.column, table, advice.kindTextCode, advice.lines]))
    }

    private mutating func add(_ finding: LintFinding) {
        if seen.insert(finding).inserted { all.append(finding) }
    }
}
