// SPDX-License-Identifier: Apache-2.0

/// The rules that findings name. Raw values are stable and are keys of the text catalogue.
public enum PolicyRule: String, Sendable, CaseIterable {
    /// Arguments: column, capability in both languages.
    case missingCapability = "policy.missing-capability"
    /// The column allows nothing. Arguments: column.
    case columnForbidden = "policy.column-forbidden"
    /// Arguments: column.
    case rowsNotReleased = "policy.rows-not-released"
    /// Finer than the column's granularity. Arguments: column, period in both languages.
    case granularity = "policy.granularity"
    /// A date that is no edge of a period. Arguments: column, period in both languages.
    case unalignedLiteral = "policy.unaligned-literal"
    /// Arguments: parameter, column, period in both languages.
    case unalignedParameter = "policy.unaligned-parameter"
    /// Arguments: parameter, column.
    case parameterWithoutDomain = "policy.parameter-without-domain"
    /// More characters than may be seen. Arguments: column, characters.
    case prefix = "policy.prefix"
    /// A number seen finer than its bands. Arguments: column, band.
    case band = "policy.band"
    /// A code seen finer than its level. Arguments: column, level.
    case hierarchyLevel = "policy.hierarchy-level"
    /// A code that `filter_codes` does not have. Arguments: column.
    case codeNotListed = "policy.code-not-listed"
    /// An edge of a range that is no multiple. Arguments: column, step.
    case rangeAlignment = "policy.range-alignment"
    /// Edges of ranges that are nearer than the column allows. Arguments: column, width.
    case rangeWidth = "policy.range-width"
    /// A join with what `join_with` does not have. Arguments: column, what it may be joined with.
    case joinPartner = "policy.join-partner"
    /// Cells in the order of what may put none in order. Arguments: column.
    case orderInResult = "policy.order-in-result"
    /// Arguments: column.
    case expressionInFilter = "policy.expression-in-filter"
    /// Arguments: column.
    case expressionInKey = "policy.expression-in-key"
    /// Arguments: column.
    case expressionInAggregate = "policy.expression-in-aggregate"
    /// Two columns compared with each other. Arguments: both.
    case columnComparison = "policy.column-comparison"
    /// Terms added inside an aggregate. Arguments: column.
    case addedTerms = "policy.added-terms"
    /// Branches with different amounts in one aggregate. Arguments: none.
    case mixedBranches = "policy.mixed-branches"
    /// MIN and MAX. Arguments: function.
    case aggregateNotAvailable = "policy.aggregate-not-available"
    /// What only open tables may do below their release. Arguments: the construct.
    case constructNotAvailable = "policy.construct-not-available"
    /// An aggregate over a constant. Arguments: function.
    case constantAggregate = "policy.constant-aggregate"
    /// A value that could overflow or lose digits. Arguments: column.
    case inexactAmount = "policy.inexact-amount"
    /// A factor inside an aggregate whose cells are rounded. Arguments: column.
    case scaledAmount = "policy.scaled-amount"
    /// Amounts of open tables beside protected rows. Arguments: column.
    case openAmount = "policy.open-amount"
    /// A join key that is no plain column. Arguments: column.
    case joinKeyForm = "policy.join-key-form"
    /// An open table in front of a protected one. Arguments: protected table.
    case openTableFirst = "policy.open-table-first"
    /// Arguments: column used, key that led to it, capability in both languages.
    case joinSteers = "policy.join-steers"
    /// Arguments: table.
    case selfJoin = "policy.self-join"
    /// Arguments: table.
    case joinWithoutEntity = "policy.join-without-entity"
    /// A constant on the right of a left join. Arguments: none.
    case partnerTest = "policy.partner-test"
    /// Arguments: table.
    case ungraded = "policy.ungraded"
    /// Arguments: table, grade in both languages.
    case gradeForbidden = "policy.grade-forbidden"
    /// Arguments: table.
    case reviewRequired = "policy.review-required"
    /// A grant outside what the table may be used for. Arguments: table, line of the product in both languages, what it says, line of the
    /// policy, what that allows.
    case useNotGranted = "policy.use-not-granted"
    /// A grant that lasts longer than the table may be used. Arguments: table, last day of the product, last day of the policy.
    case useTooLong = "policy.use-too-long"
    /// Columns that together single people out. Arguments: columns, minimum of entities.
    case linkageRisk = "policy.linkage-risk"
    /// The same with what other products of the scenario use. Arguments: columns, products.
    case linkageScenario = "policy.linkage-scenario"
    /// Arguments: limit.
    case tooManyBranches = "policy.too-many-branches"
    /// Arguments: limit.
    case tooLarge = "policy.statement-too-large"
}

/// The smallest changes that findings name. Raw values are keys of the text catalogue.
public enum PolicyChange: String, Sendable, CaseIterable {
    /// Arguments: column, capability in both languages.
    case grant = "policy.change.grant"
    /// Arguments: column.
    case aggregate = "policy.change.aggregate"
    /// Arguments: column, field.
    case truncate = "policy.change.truncate"
    /// Arguments: column, period in both languages.
    case align = "policy.change.align"
    /// Arguments: parameter, period in both languages.
    case alignParameter = "policy.change.align-parameter"
    /// Arguments: column, characters.
    case shorten = "policy.change.shorten"
    /// Arguments: column, band.
    case useBand = "policy.change.use-band"
    /// Arguments: column.
    case compareWithEdges = "policy.change.compare-with-edges"
    /// Arguments: column.
    case useListedCode = "policy.change.use-listed-code"
    /// Arguments: column, step.
    case alignEdges = "policy.change.align-edges"
    /// Arguments: column, width.
    case widenRange = "policy.change.widen-range"
    /// Arguments: column.
    case leaveOrder = "policy.change.leave-order"
    /// Arguments: column.
    case plainColumn = "policy.change.plain-column"
    /// Arguments: column.
    case separateAggregates = "policy.change.separate-aggregates"
    /// Arguments: none.
    case separateBranches = "policy.change.separate-branches"
    /// Arguments: none.
    case useAverage = "policy.change.use-average"
    /// Arguments: none.
    case countRows = "policy.change.count-rows"
    /// Arguments: none.
    case compareWithConstant = "policy.change.compare-with-constant"
    /// Arguments: column.
    case scaleOutside = "policy.change.scale-outside"
    /// Arguments: column.
    case castToDecimal = "policy.change.cast-to-decimal"
    /// Arguments: table.
    case readOnce = "policy.change.read-once"
    /// Arguments: protected table.
    case protectedFirst = "policy.change.protected-first"
    /// Arguments: table.
    case setGrade = "policy.change.set-grade"
    /// Arguments: line of the product in both languages, what is allowed, table, line of the policy.
    case useWithin = "policy.change.use-within"
    /// Arguments: last day.
    case endUse = "policy.change.end-use"
    /// Arguments: columns.
    case coarsenUnion = "policy.change.coarsen-union"
    /// Arguments: none.
    case removeColumn = "policy.change.remove-column"
}
