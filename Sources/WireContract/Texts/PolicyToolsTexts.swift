// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of the policy tools: findings of the lint, differences between policies, smallest grants.
    static let policyTools: [String: Text] = lintTexts.merging(differenceTexts) { first, _ in first }.merging(grantTexts) { first, _ in first }

    private static let lintTexts: [String: Text] = [
        "lint.error": Text(zh: "错误", en: "error"),
        "lint.warning": Text(zh: "警告", en: "warning"),
        "lint.note": Text(zh: "说明", en: "note"),
        "lint.summary": Text(zh: "{0}：错误 {1} 条，警告 {2} 条，说明 {3} 条。", en: "{0}: errors {1}, warnings {2}, notes {3}."),
        "lint.unlabelled-column": Text(
            zh: "{0} 没有写明用途，因此不得在语句中出现。若本意如此，请写“禁用”；否则列出“可用于”。",
            en: "{0} says nothing about its use, so it may not be mentioned at all. If that is meant, write forbidden; otherwise list it under allow."),
        "lint.identifier-shown": Text(
            zh: "{0} 是 {1} 的键，却允许 {2}，其取值会出现在结果中，且不再按该主体计数。请只保留关联和去重计数。",
            en: "{0} is the key of {1} but allows {2}: its values can appear in results, and this entity is no longer counted. Keep join and count_distinct only."),
        "lint.identifier-open": Text(
            zh: "{0} 是标识列（{1}），而数据表是开放的，标识会逐行给出。请去掉该列，或不要声明为开放。",
            en: "{0} is an identifier ({1}) of an open table, so that it is shown row by row. Leave the column out, or do not declare the table open."),
        "lint.identifier-elsewhere": Text(
            zh: "{0} 允许 {1}，而同名的 {2} 声明为标识（{3}）。请在此处也声明为标识，或换一个名称。",
            en: "{0} allows {1}, but {2} of the same name is declared an identifier ({3}). Declare it here too, or give it another name."),
        "lint.identifier-kind-differs": Text(
            zh: "{0} 的标识种类是 {1}，而 {2} 是 {3}：同一主体的键写法不同，关联会对不上。请改为同一种。",
            en: "{0} has identifiers of kind {1}, but {2} of kind {3}: keys of the same entity are spelt differently, and joins miss them. Use one kind."),
        "lint.date-without-granularity": Text(
            zh: "{0} 允许 {1}，但没有粒度，可以逐日取用。请写明粒度，如“月”；确需逐日时写“日”。",
            en: "{0} allows {1} without a granularity, so that single days can be picked. State a granularity such as month; day if single days are meant."),
        "lint.join-unusable": Text(
            zh: "{0} 允许关联，但数据表没有主体键，不能与其他表关联。请删除该能力。",
            en: "{0} allows join, but its table has no entity key and cannot be joined. Delete the capability."),
        "lint.amount-too-large": Text(
            zh: "{0} 的范围超过合计所能容纳的 {1} 位数，求和与平均总会被拒绝。请缩小范围。",
            en: "The bounds of {0} have more than the {1} digits that totals can hold: every sum and average is refused. Narrow them."),
        "lint.line-unused": Text(
            zh: "{0} 的“{1}”不起作用：没有任何允许的用途用到它。请删除，或补上所缺的能力。",
            en: "Line {1} of {0} has no effect: no use that is allowed asks for it. Delete it, or add the capability that is missing."),
        "lint.ungraded": Text(
            zh: "数据表 {0} 未分级，按最高级处理，其中任何列都不能使用。请写明分级。",
            en: "Table {0} has no grade, counts as the highest and cannot be used at all. State its grade."),
        "lint.grade-forbidden": Text(
            zh: "数据表 {0} 的分级 {1} 禁止使用，其中列出的能力都不起作用。",
            en: "The use of grade {1}, which table {0} has, is forbidden: no capability listed in it has an effect."),
        "lint.review-stops": Text(
            zh: "数据表 {0} 的每个结果都需人工复核，而本版本不运行需要复核的作业：这张表不会有任何结果。",
            en: "Every result from table {0} needs a person's review, and this version runs no such job: nothing will come out of it."),
        "lint.excludes-everything": Text(
            zh: "数据表 {0} 中，按 {1} 的行范围与剔除行没有一行可用。请更正。",
            en: "No row of table {0} can be used: row range and excluded rows leave nothing by {1}. Correct them."),
        "lint.repeated-exclusion": Text(
            zh: "{0} 剔除的 {1} 已包含在 {2} 之中。",
            en: "{0} excludes {1}, which {2} has already."),
        "lint.below-baseline": Text(
            zh: "数据表 {0} 的最少主体是 {1}，低于基线 {2} 的 {3}，而它没有引用该基线。请引用基线，或提高最少主体。",
            en: "Table {0} has a minimum of {1} entities, below the {3} of baseline {2}, which it does not name. Name the baseline, or raise the minimum."),
        "lint.below-default": Text(
            zh: "数据表 {0} 的最少主体是 {1}，低于通常的 {2}，也没有基线约束。请确认，或提高。",
            en: "Table {0} has a minimum of {1} entities, below the usual {2}, and no baseline restrains it. Make sure, or raise it."),
        "lint.without-baseline": Text(
            zh: "数据表 {0} 没有引用基线，因此不受其约束。域内的基线：{1}。",
            en: "Table {0} names no baseline, so that none restrains it. Baselines of the domain: {1}."),
        "lint.without-dominance": Text(
            zh: "数据表 {0} 的金额可以汇总，但没有占优规则：一两个主体占去大部分的合计也会给出。请写明“占优”。",
            en: "Amounts of table {0} may be added up without a rule of dominance: totals that one or two entities make up are released. State dominance."),
        "lint.floors-inverted": Text(
            zh: "下限倒置：“{0}”对重要数据是 {1}，对一般数据是 {2}，后者更严。请更正。",
            en: "Floors are inverted: line {0} is {1} for important data and {2} for general data, which is stricter. Correct it."),
        "lint.personal-contradiction": Text(
            zh: "数据表 {0} 声明为非个人信息，其主体却是 {1}。请更正其一。",
            en: "Table {0} is declared not personal, but its entity is {1}. Correct one of them."),
        "lint.open-personal": Text(
            zh: "数据表 {0} 是开放的，却声明含个人信息（{1}）：每一行都会给出。请更正其一。",
            en: "Table {0} is open but declared personal ({1}): every row may be shown. Correct one of them."),
        "lint.open-graded": Text(
            zh: "数据表 {0} 是开放的，分级却是 {1}。请更正其一。",
            en: "Table {0} is open but graded {1}. Correct one of them."),
        "lint.bounds-equal": Text(
            zh: "{0} 的范围只有一个值：合计只说明行数。请更正范围。",
            en: "The bounds of {0} are one value: totals tell the number of rows only. Correct them."),
        "lint.bounds-beyond-type": Text(
            zh: "{0} 的范围超出类型 {1} 所能写的值。",
            en: "The bounds of {0} are wider than its type {1} can hold."),
        "lint.code-excluded": Text(
            zh: "{0} 的可选代码 {1} 属于剔除行，选它不会有任何行。请从其一中删除。",
            en: "Code {1}, which {0} lists, is among its excluded rows: picking it yields nothing. Delete it from one of them."),
        "lint.code-not-pickable": Text(
            zh: "{0} 的可选代码 {1} 比前缀 {2} 更长，永远选不到。请写成前缀，或放长前缀。",
            en: "Code {1}, which {0} lists, is longer than its prefix of {2} and can never be picked. Shorten the code, or lengthen the prefix."),
        "lint.steps-clash": Text(
            zh: "{0} 的“{1}”（{2}）与“{3}”（{4}）互不为倍数：区间边界须同时符合两者。请让其一是另一的倍数。",
            en: "Line {1} ({2}) of {0} and its line {3} ({4}) are no multiples of each other, and edges must keep both. Make one a multiple of the other."),
        "lint.compare-one-sided": Text(
            zh: "{0} 可与 {1} 比较，而 {1} 没有列出 {0} 或没有比较的能力：两者须互相列出。",
            en: "{0} may be compared with {1}, which does not name it or does not allow compare: both must name each other."),
        "lint.standing-unknown-table": Text(
            zh: "常设授权列出的数据表 {0} 不存在。请更正名称，或先应用其策略。",
            en: "The standing approval lists table {0}, which is not there. Correct the name, or apply its policy first."),
    ]

    private static let differenceTexts: [String: Text] = [
        "decision.allowed": Text(zh: "允许", en: "allowed"),
        "decision.refused": Text(zh: "拒绝", en: "refused"),
        "decision.needs-review": Text(zh: "需复核", en: "needs review"),
        "decision.unreadable": Text(zh: "无法检查", en: "cannot be checked"),
        "difference.lines": Text(zh: "生效策略中变动的行：", en: "Lines of effective policies that change:"),
        "difference.old": Text(zh: "原判定", en: "Before"),
        "difference.new": Text(zh: "新判定", en: "After"),
        "difference.reason": Text(zh: "首要原因", en: "First reason"),
        "difference.signed-anew": Text(
            zh: "仍然允许，但签名所覆盖的内容改变，需要重新签署。",
            en: "Still allowed, but what signatures are under changes: they are void."),
        "difference.no-product": Text(zh: "没有产品的判定改变。", en: "No product is judged otherwise."),
        "difference.unchanged": Text(zh: "判定不变的产品：{0}", en: "Products judged as before: {0}"),
    ]

    private static let grantTexts: [String: Text] = [
        "grant.not-needed": Text(zh: "语句已经可以通过检查，不需要任何授权。", en: "The statement passes the check as it is; nothing has to be granted."),
        "grant.found": Text(
            zh: "写入下列各行后，检查器放行该语句；少写任何一行，或写得更窄，都不通过。是否写入由所有者决定。",
            en: "With these lines the checker approved the statement; without any one of them, or with a tighter one, it does not pass. Their owners decide."),
        "grant.document-of-unit": Text(zh: "{0} 的策略文档：", en: "Document of {0}:"),
        "grant.baseline": Text(zh: "基线 {0}：", en: "Baseline {0}:"),
        "grant.element": Text(zh: "数据元 {0}", en: "data element {0}"),
        "grant.previous": Text(zh: "现为 {0}", en: "now {0}"),
        "grant.previous-none": Text(zh: "新增", en: "new"),
        "grant.remove": Text(zh: "删除该行", en: "delete the line"),
        "grant.becomes-answerable": Text(
            zh: "此后，任何获批的语句还可以：",
            en: "From then on any approved statement may also:"),
        "grant.use.project": Text(zh: "逐行给出 {0} 的取值（所有者：{1}）", en: "show values of {0} row by row (owner: {1})"),
        "grant.use.group": Text(
            zh: "按 {0} 分组，其取值会出现在结果中（所有者：{1}）",
            en: "form groups by {0}, so that its values appear in results (owner: {1})"),
        "grant.use.filter-equal": Text(zh: "按 {0} 等于何值选取行（所有者：{1}）", en: "choose rows by which value {0} has (owner: {1})"),
        "grant.use.filter-range": Text(zh: "按 {0} 的大小或先后选取行（所有者：{1}）", en: "choose rows by a range of {0} (owner: {1})"),
        "grant.use.join": Text(zh: "通过 {0} 与其他表关联（所有者：{1}）", en: "join other tables by {0} (owner: {1})"),
        "grant.use.count": Text(zh: "统计 {0} 有值的行数（所有者：{1}）", en: "count rows in which {0} has a value (owner: {1})"),
        "grant.use.count-distinct": Text(zh: "统计 {0} 不同取值的个数（所有者：{1}）", en: "count different values of {0} (owner: {1})"),
        "grant.use.sum": Text(zh: "对 {0} 求和（所有者：{1}）", en: "add up {0} (owner: {1})"),
        "grant.use.average": Text(zh: "对 {0} 求平均（所有者：{1}）", en: "average {0} (owner: {1})"),
        "grant.use.variance": Text(zh: "对 {0} 求方差与标准差（所有者：{1}）", en: "take variances and deviations of {0} (owner: {1})"),
        "grant.use.compare": Text(zh: "把 {0} 与其所列的列相互比较（所有者：{1}）", en: "compare {0} with the columns that it names (owner: {1})"),
        "grant.use.line": Text(
            zh: "在 {0} 已有的用途中只受“{2}: {3}”限制（所有者：{1}）",
            en: "be held back by {2}: {3} only, in every use that {0} has (owner: {1})"),
        "grant.use.line-none": Text(
            zh: "在 {0} 已有的用途中不再受“{2}”限制（所有者：{1}）",
            en: "be held back no more by {2}, in every use that {0} has (owner: {1})"),
        "grant.use.granularity": Text(
            zh: "在 {0} 已有的用途中细到 {2}（所有者：{1}）",
            en: "go down to {2} in every use that {0} has (owner: {1})"),
        "grant.use.granularity-none": Text(
            zh: "在 {0} 已有的用途中细到单日或时刻（所有者：{1}）",
            en: "go down to single days or moments in every use that {0} has (owner: {1})"),
        "grant.use.prefix": Text(
            zh: "在 {0} 已有的用途中看到前 {2} 个字符（所有者：{1}）",
            en: "see the first {2} characters in every use that {0} has (owner: {1})"),
        "grant.use.prefix-none": Text(
            zh: "在 {0} 已有的用途中看到完整的值（所有者：{1}）",
            en: "see the whole value in every use that {0} has (owner: {1})"),
        "suggest.head": Text(
            zh: "数据表 {0} 的策略草稿，依据最近一次装载的识别与测量；不含数据值。请核对后再应用。",
            en: "A draft for table {0} from what its newest load recognised and measured; no data value is in it. Look it over before you apply it."),
        "suggest.entity-key": Text(zh: "主体 {0} 的键：只能关联和去重计数。", en: "The key of the entity {0}: it may be joined and counted only."),
        "suggest.identifier": Text(zh: "识别为 {0}：不供使用。", en: "Recognised as {0}: not to be used."),
        "suggest.shortened": Text(zh: "识别为 {0}：只显示前几位。", en: "Recognised as {0}: shown shortened."),
        "suggest.period": Text(zh: "日期：按月或更粗。", en: "A date: by month or coarser."),
        "suggest.few-values": Text(zh: "取值少于 {0} 种，可以分组。", en: "Fewer than {0} different values: it may head groups."),
        "suggest.many-values": Text(
            zh: "取值很多或接近唯一，或它标识谁尚未写明：不供使用。", en: "Many values, nearly unique ones, or a key whose entity is not told: not to be used."),
        "suggest.amount": Text(zh: "数值，范围 {0}（向外取到十的幂）：可以合计。请改为实际范围。", en: "A number within {0} (rounded outward to powers of ten): it may be summed. Narrow the bounds to what is real."),
        "suggest.no-bounds": Text(zh: "数值，但范围未知：不供使用。", en: "A number whose bounds are not known: not to be used."),
        "suggest.floating": Text(zh: "浮点数，合计不精确：不供使用。请改用 decimal(p,s)。", en: "A floating number, whose totals are not exact: not to be used. Make it decimal(p,s)."),
        "suggest.mostly-empty": Text(zh: "至少一半的行没有值。", en: "At least half of the rows have no value."),
        "suggest.open": Text(zh: "开放数据。", en: "Open data."),
    ]
}
