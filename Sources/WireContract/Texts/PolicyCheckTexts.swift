// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of PolicyCheck: faults of documents, findings, and changes that pass.
    static let policyCheck: [String: Text] = [
        "policy.bad-document": Text(
            zh: "规范策略文档在 {0} 处不符合格式。请用 yunei policy apply 重新应用原始 YAML 文档。",
            en: "The canonical policy document is not of its format at {0}. Apply the original YAML document again with yunei policy apply."),
        "policy.duplicate-table": Text(
            zh: "数据表 {0} 由两份文档声明（{1}、{2}）。请只在一份文档中声明。",
            en: "Table {0} is declared by two documents ({1}, {2}). Declare it in one only."),
        "policy.duplicate-baseline": Text(
            zh: "基线 {0} 重复。请为新版本取新的名称，如 六安@2。",
            en: "Baseline {0} is there twice. Give the new version a new name, such as 六安@2."),
        "policy.unknown-baseline": Text(
            zh: "数据表 {0} 引用的基线 {1} 不存在。请先由数据资源管理部门应用该基线。",
            en: "Table {0} names baseline {1}, which is not there. Have the authority apply it first."),
        "policy.loosens": Text(
            zh: "{0} 的“{1}”放宽了上层要求：{2} 写的是 {3}，{4} 要求 {5}。请改为同样或更严。",
            en: "Line {1} of {0} is weaker than the layer above: {2} says {3}, {4} demands {5}. Make it as strict or stricter."),
        "policy.unknown-element": Text(
            zh: "{0} 引用的数据元 {1} 不在基线中。请更正名称或删除该行。",
            en: "{0} names data element {1}, which the baseline does not have. Correct the name or delete the line."),
        "policy.missing-type": Text(
            zh: "{0} 没有类型。求和、平均的数据项请写明类型，如 decimal(12,2)。",
            en: "{0} has no type. Give columns that are summed or averaged a type, such as decimal(12,2)."),
        "policy.line-not-for-type": Text(
            zh: "{0} 的“{1}”不适用于类型 {2}。请删除该行或更正类型。",
            en: "Line {1} of {0} does not fit its type {2}. Delete the line or correct the type."),
        "policy.identifier-capability": Text(
            zh: "标识列 {0} 不能用于 {1}。标识列只能关联（join）和去重计数（count_distinct）。",
            en: "Identifier column {0} cannot allow {1}. Identifiers may only be joined and counted (join, count_distinct)."),
        "policy.identifier-without-entity": Text(
            zh: "标识列 {0} 不是任何主体的键。请在“主体”中写明它标识谁，如 { 自然人: 列名 }。",
            en: "Identifier column {0} is the key of no entity. Say under entity whom it identifies, such as { person: column }."),
        "policy.missing-bounds": Text(
            zh: "{0} 允许求和或平均，但没有范围。请写明范围，如 [0, 200000]；每个主体的合计会限制在其中。",
            en: "{0} may be summed or averaged but has no bounds. Add bounds such as [0, 200000]; each entity's total is limited to them."),
        "policy.bad-bounds": Text(
            zh: "{0} 的范围应为该类型的两个数，前小后大。",
            en: "The bounds of {0} must be two numbers of its type, the smaller first."),
        "policy.floating-number": Text(
            zh: "受保护的 {0} 是浮点数，其合计不精确。请改用 decimal(p,s)。",
            en: "{0} is a floating number of a protected table, whose sums are not exact. Use decimal(p,s)."),
        "policy.project-not-open": Text(
            zh: "{0} 允许展示，但数据表不是开放数据。请删除该能力，或声明 开放: 是。",
            en: "{0} allows project, but the table is not open. Delete the capability or declare open: true."),
        "policy.missing-entity": Text(
            zh: "数据表 {0} 没有要保护的主体。请写明主体，如 { 自然人: 列名 }、{ 经: 表(键) } 或 { 无: 每人最多行数 }。",
            en: "Table {0} has no entity to protect. Give one, such as { person: column }, { via: table(key) } or { none: max_rows_per_person }."),
        "policy.unknown-column": Text(
            zh: "数据表 {0} 没有数据项 {1}。请在“数据项”中列出它或更正名称。",
            en: "Table {0} has no column {1}. List it under columns or correct the name."),
        "policy.duplicate-column": Text(
            zh: "数据表 {0} 的数据项 {1} 重复，或与另一项取自同一源列。请删除其一。",
            en: "Column {1} of table {0} is there twice, or two items take the same source column. Delete one."),
        "policy.duplicate-entity": Text(
            zh: "数据表 {0} 的主体类型 {1} 重复。每种主体只能有一个键。",
            en: "Table {0} has entity type {1} twice. Each type of entity can have one key only."),
        "policy.unknown-via": Text(
            zh: "数据表 {0} 经由的数据表 {1} 不存在或没有主体键。请先应用那张表的策略。",
            en: "Table {0} goes through table {1}, which is not there or has no entity key. Apply that table's policy first."),
        "policy.circular-via": Text(
            zh: "数据表 {0} 的主体经由其他表又回到自身。请改为直接写明主体列。",
            en: "The entity of table {0} goes through other tables in a circle. Name the entity's column directly."),
        "policy.bad-row-range": Text(
            zh: "数据表 {0} 的行范围用到 {1}，但所写的值不是该列类型的值，或该列是标识列。请更正。",
            en: "The row range of table {0} uses {1}, but a value is not of its type, or the column is an identifier. Correct it."),
        "policy.bad-share": Text(
            zh: "{0} 的占优应为 0 到 1 之间的数，如 0.5。",
            en: "The dominance of {0} must be a number from 0 to 1, such as 0.5."),
        "policy.not-available": Text(
            zh: "本版本不提供 {0}（{1}）。请删除该行。",
            en: "{0} is not available in this version ({1}). Delete the line."),
        "policy.bad-parameter-domain": Text(
            zh: "参数 {0} 的取值域无效：最小、最大、步长应符合类型且相互一致；取值不能与之并列。",
            en: "The domain of parameter {0} is none: min, max and step must be of the type and fit each other; values cannot stand beside them."),
        "policy.missing-capability": Text(
            zh: "{0} 不允许此处所需的能力：{1}。",
            en: "{0} does not allow what is needed here: {1}."),
        "policy.column-forbidden": Text(
            zh: "{0} 禁止使用，不得在语句中出现。",
            en: "{0} may not be used or mentioned at all."),
        "policy.rows-not-released": Text(
            zh: "不能逐行给出 {0}：受保护的数据表只放行聚合结果。",
            en: "Rows of {0} are not released: protected tables yield aggregates only."),
        "policy.granularity": Text(
            zh: "{0} 最细只能到 {1}，此处的用法更细。",
            en: "The finest use of {0} is by {1}; this use is finer."),
        "policy.unaligned-literal": Text(
            zh: "{0} 最细只能到 {1}，此处比较的日期不在周期的边界上。",
            en: "The finest use of {0} is by {1}; the date compared here is not on the edge of such a period."),
        "policy.unaligned-parameter": Text(
            zh: "参数 {0} 的取值域中有不在周期边界上的日期，而 {1} 最细只能到 {2}。",
            en: "Parameter {0} can take dates that are not on the edge of a period, and the finest use of {1} is by {2}."),
        "policy.parameter-without-domain": Text(
            zh: "参数 {0} 与 {1} 比较，但没有可逐一证明的取值域。",
            en: "Parameter {0} is compared with {1} but has no domain that can be proved value by value."),
        "policy.prefix": Text(
            zh: "{0} 只能看前 {1} 个字符。",
            en: "Only the first {1} characters of {0} may be used."),
        "policy.band": Text(
            zh: "{0} 最细只能按 {1} 分档，此处的用法更细。",
            en: "The finest use of {0} is by bands of {1}; this use is finer."),
        "policy.hierarchy-level": Text(
            zh: "{0} 最细只能到 {1}，此处的用法更细。",
            en: "The finest use of {0} is by {1}; this use is finer."),
        "policy.code-not-listed": Text(
            zh: "{0} 只能挑选策略列出的代码，此处的取值不在其中。",
            en: "Only the codes that the policy lists for {0} may be picked; this is none of them."),
        "policy.range-alignment": Text(
            zh: "{0} 的区间边界须是 {1} 的倍数，此处不是。",
            en: "Edges of ranges of {0} must be multiples of {1}; this one is not."),
        "policy.range-width": Text(
            zh: "{0} 在同一语句中的区间边界须相距至少 {1}，此处更近，或无法确定。",
            en: "Edges of ranges of {0} in one statement must be at least {1} apart; these are nearer, or cannot be told."),
        "policy.join-partner": Text(
            zh: "{0} 只能与 {1} 关联。",
            en: "{0} may be joined with {1} only."),
        "policy.order-in-result": Text(
            zh: "结果不能按 {0} 排序、排名或截取。",
            en: "Results may not be ordered, ranked or cut off by {0}."),
        "policy.expression-in-filter": Text(
            zh: "条件中不能对 {0} 作这种运算：只能用列本身与常量比较。",
            en: "This operation on {0} cannot stand in a condition: compare the column itself with constants."),
        "policy.expression-in-key": Text(
            zh: "分组中不能对 {0} 作这种运算：只能用列本身或其允许的较粗形式。",
            en: "This operation on {0} cannot head a group: use the column itself or a coarser form that it allows."),
        "policy.expression-in-aggregate": Text(
            zh: "聚合中不能对 {0} 作这种运算：只能用列本身，或乘、除以常量。",
            en: "This operation on {0} cannot stand in an aggregate: use the column itself, or scale it by a constant."),
        "policy.column-comparison": Text(
            zh: "不能把 {0} 与 {1} 相互比较：受保护的列只能与常量比较。",
            en: "{0} cannot be compared with {1}: protected columns are compared with constants only."),
        "policy.added-terms": Text(
            zh: "聚合内不能加减：相加会掩盖 {0} 中一两个主体占比过大。",
            en: "Nothing may be added or subtracted inside an aggregate: it would hide that one or two entities make up {0}."),
        "policy.mixed-branches": Text(
            zh: "一个聚合的各分支只能取同一个量（或空、零），否则会掩盖某一分支的占比。",
            en: "The branches of one aggregate may yield one amount only (or NULL, or zero); otherwise shares within a branch would be hidden."),
        "policy.construct-not-available": Text(
            zh: "受保护的表在出域之前不支持 {0}。请只做一次分组汇总，或只在公开表上使用。",
            en: "{0} is not available over protected tables below the release. Aggregate once, or use it over open tables only."),
        "policy.aggregate-not-available": Text(
            zh: "受保护的数据表不提供 {0}：它给出的是某一主体的值。",
            en: "{0} is not available on protected tables: it yields the value of one entity."),
        "policy.constant-aggregate": Text(
            zh: "不能对常量作 {0}。",
            en: "{0} of a constant is not allowed."),
        "policy.inexact-amount": Text(
            zh: "{0} 的此种运算可能溢出或丢失位数，从而泄露个别值。",
            en: "This operation on {0} could overflow or cut digits off, which would tell single values."),
        "policy.scaled-amount": Text(
            zh: "所涉数据的结果须取整，聚合函数内不能再乘除常数（{0}）：取整的步长会随之改变，从而泄露精确值。",
            en: "Results of this data are rounded, so an aggregate must not scale what it adds up ({0}): the steps of the rounding would move and tell exact values."),
        "policy.open-amount": Text(
            zh: "涉及受保护数据的查询不能汇总开放数据表的 {0}：合计会泄露各行的去向。",
            en: "A query over protected rows cannot aggregate {0} of an open table: the total would tell which rows took part."),
        "policy.join-key-form": Text(
            zh: "关联条件中 {0} 只能用列本身，且两边类型相同。",
            en: "A join condition may use {0} itself only, and both sides must have the same type."),
        "policy.open-table-first": Text(
            zh: "受保护的数据表 {0} 关联在开放数据表之后，开放数据表的重复行会成倍重复受保护的行。",
            en: "The protected table {0} is joined behind an open table, whose repeated rows would multiply protected ones."),
        "policy.join-steers": Text(
            zh: "{0} 经由 {1} 关联得到，因此也需要 {1} 允许：{2}。",
            en: "{0} is reached by a join on {1}, so {1} must allow it too: {2}."),
        "policy.self-join": Text(
            zh: "受保护的数据表 {0} 在语句中被读取多次。",
            en: "The protected table {0} is read more than once in the statement."),
        "policy.join-without-entity": Text(
            zh: "数据表 {0} 没有主体键，不能与其他表关联。",
            en: "Table {0} has no entity key, so it cannot be joined."),
        "policy.partner-test": Text(
            zh: "左连接右侧的常量会表明有无对应行。",
            en: "A constant on the right of a left join tells whether there was a partner."),
        "policy.ungraded": Text(
            zh: "数据表 {0} 未分级，按最高级处理，不可使用。",
            en: "Table {0} has no grade; it counts as the highest and cannot be used."),
        "policy.grade-forbidden": Text(
            zh: "数据表 {0} 的分级为 {1}，禁止使用。",
            en: "Table {0} has grade {1}, whose use is forbidden."),
        "policy.validity-order": Text(
            zh: "有效期的最后一天 {1} 早于第一天 {0}。请更正 有效期自、有效期至。",
            en: "The last day {1} of the days of use is before the first, {0}. Correct valid_from or valid_until."),
        "policy.use-not-granted": Text(
            zh: "数据表 {0} 不供这一用途：产品的“{1}”为 {2}，策略 {3} 只允许：{4}。",
            en: "Table {0} may not be used for this: the product's line {1} says {2}, and the policy's line {3} allows only: {4}."),
        "policy.use-too-long": Text(
            zh: "数据表 {0} 的使用期超出策略：产品有效期至 {1}，策略 use_for.until 截至 {2}。",
            en: "Table {0} would be used for too long: the product is valid until {1}, and the policy's line use_for.until ends on {2}."),
        "policy.change.use-within": Text(
            zh: "产品的“{0}”为以下之一：{1}；或由策略所有者在 {2} 的 {3} 中增加。",
            en: "the product's line {0} is one of: {1}; or the owner adds it to line {3} of {2}."),
        "policy.change.end-use": Text(zh: "产品写明 有效期至，不晚于 {0}。", en: "the product has valid_until, no later than {0}."),
        "policy.linkage-risk": Text(
            zh: "数据关联汇聚风险：{0} 合在一起，至少一半的人次落在不足 {1} 个主体的组合中（按装载时的测量）。须人工复核，本版本不会自行出域。",
            en: "Linkage risk: by {0} together, at least half of the appearances are in combinations of fewer than {1} entities, as measured when the tables were loaded. It needs a person's review; this version does not release it by itself."),
        "policy.linkage-scenario": Text(
            zh: "数据关联汇聚风险：与同一场景的产品 {1} 合计，{0} 合在一起使至少一半的人次唯一（按装载时的测量）。须人工复核，本版本不会自行出域。",
            en: "Linkage risk: together with the products {1} of the same scenario, {0} make at least half of the appearances unique, as measured when the table was loaded. It needs a person's review; this version does not release it by itself."),
        "policy.change.coarsen-union": Text(
            zh: "少用其中一项，或改用更粗的时段、前缀、分段：{0}。", en: "one of these columns is left out, or used in a coarser period, prefix or band: {0}."),
        "policy.review-required": Text(
            zh: "数据表 {0} 的每个结果都需人工复核，本版本不能自动放行。",
            en: "Every result from table {0} needs manual review; this version cannot release it by itself."),
        "policy.too-many-branches": Text(
            zh: "条件聚合的分支总数超过上限 {0}。请拆成多条语句。",
            en: "The statement has more branches in conditional aggregates than allowed ({0}). Split it into several."),
        "policy.statement-too-large": Text(
            zh: "语句展开后过大（上限 {0} 个节点）。请减少嵌套的子查询和重复的表达式。",
            en: "The statement is too large when its subqueries are written out (limit {0} nodes). Nest and repeat less."),
        "policy.change.grant": Text(
            zh: "由规则所有者为 {0} 增加能力：{1}",
            en: "the owner of the rule grants on {0}: {1}"),
        "policy.change.aggregate": Text(
            zh: "改为聚合，如 COUNT(*)，并按允许分组的列分组，不逐行展示 {0}",
            en: "aggregate instead, such as COUNT(*), grouped by columns that allow it, without showing rows of {0}"),
        "policy.change.truncate": Text(
            zh: "改用 date_trunc('{1}', {0})",
            en: "use date_trunc('{1}', {0})"),
        "policy.change.align": Text(
            zh: "让 {0} 与周期（{1}）的边界比较：>= 和 < 用第一天，<= 和 > 用最后一天",
            en: "compare {0} with an edge of a period ({1}): the first day with >= and <, the last with <= and >"),
        "policy.change.align-parameter": Text(
            zh: "为参数 {0} 写明 min、max 和 step，使每个值都在周期（{1}）的边界上",
            en: "give parameter {0} min, max and step so that every value is on the edge of a period ({1})"),
        "policy.change.shorten": Text(
            zh: "改用 substring({0}, 1, {1})",
            en: "use substring({0}, 1, {1})"),
        "policy.change.use-band": Text(
            zh: "按 {1} 分档，如 floor({0} / {1}) * {1}；与 {1} 的倍数比较",
            en: "use bands of {1}, such as floor({0} / {1}) * {1}; compare with multiples of {1}"),
        "policy.change.compare-with-edges": Text(
            zh: "在分组的 CASE 中用 substring({0}, 1, 3) 与各章的首末类目比较",
            en: "compare substring({0}, 1, 3) with first and last categories of chapters, in a CASE that heads groups"),
        "policy.change.use-listed-code": Text(
            zh: "只与 {0} 可选的代码比较",
            en: "compare {0} with codes that may be picked"),
        "policy.change.align-edges": Text(
            zh: "让 {0} 与 {1} 的倍数比较：>= 和 < 用倍数本身，<= 和 > 用它之前的一个值",
            en: "compare {0} with multiples of {1}: the multiple itself with >= and <, the value before it with <= and >"),
        "policy.change.widen-range": Text(
            zh: "让 {0} 的所有边界相同或相距至少 {1}",
            en: "let all edges of {0} be the same or at least {1} apart"),
        "policy.change.leave-order": Text(
            zh: "不按 {0} 排序、排名",
            en: "do not order or rank by {0}"),
        "policy.change.plain-column": Text(
            zh: "直接使用 {0}，不作运算",
            en: "use {0} itself without the operation"),
        "policy.change.separate-aggregates": Text(
            zh: "写成各自的聚合再相加减，如 SUM(a) - SUM(b)；常量写成 常量 * COUNT(*)（{0}）",
            en: "write separate aggregates and add them, such as SUM(a) - SUM(b); for a constant, constant * COUNT(*) ({0})"),
        "policy.change.separate-branches": Text(
            zh: "每个分支各写一个聚合",
            en: "write one aggregate for each branch"),
        "policy.change.use-average": Text(
            zh: "改用 AVG 或 SUM",
            en: "use AVG or SUM"),
        "policy.change.count-rows": Text(
            zh: "改用 COUNT(*)",
            en: "use COUNT(*)"),
        "policy.change.compare-with-constant": Text(
            zh: "与常量或参数比较",
            en: "compare with a constant or parameter"),
        "policy.change.cast-to-decimal": Text(
            zh: "先转换为小数，如 CAST({0} AS decimal(12,2))，并用较小的除数",
            en: "cast to a decimal first, such as CAST({0} AS decimal(12,2)), and use a smaller divisor"),
        "policy.change.scale-outside": Text(
            zh: "把常数写在聚合函数之外，如 SUM({0}) * 100",
            en: "write the constant outside the aggregate, such as SUM({0}) * 100"),
        "policy.change.protected-first": Text(
            zh: "在 FROM 中先写 {0}，再用 JOIN 关联开放数据表",
            en: "name {0} first in FROM and JOIN the open table to it"),
        "policy.change.read-once": Text(
            zh: "只读取 {0} 一次，用 CASE 或分组代替自连接",
            en: "read {0} once; use CASE or groups instead of joining it with itself"),
        "policy.change.set-grade": Text(
            zh: "由数源单位为 {0} 写明分级（一般或重要）",
            en: "the unit states a grade for {0} (general or important)"),
        "policy.change.remove-column": Text(
            zh: "从语句中去掉该列",
            en: "remove the column from the statement"),
    ]
}
