// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Texts of QueryPlan: why a statement does not fit the tables.
    static let queryPlan: [String: Text] = [
        "plan.unknown-table": Text(
            zh: "没有名为 {0} 的表。相近的名称：{1}。请用 yunei table list 查看可用的表。",
            en: "There is no table named {0}. Nearest name: {1}. See the tables with: yunei table list."),
        "plan.unknown-column": Text(
            zh: "没有名为 {0} 的列。相近的名称：{1}。请用 yunei table show 查看表的数据项。",
            en: "There is no column named {0}. Nearest name: {1}. See a table's columns with: yunei table show."),
        "plan.unknown-qualifier": Text(
            zh: "FROM 中没有名为 {0} 的表或别名。相近的名称：{1}。请写 FROM 中给出的名称。",
            en: "FROM has no table or alias named {0}. Nearest name: {1}. Write a name that FROM gives."),
        "plan.unknown-function": Text(
            zh: "没有函数 {0}。相近的名称：{1}。请使用所支持的函数。",
            en: "There is no function {0}. Nearest name: {1}. Use a function that is supported."),
        "plan.unknown-parameter": Text(
            zh: "未声明参数 :{0}。相近的名称：{1}。请在产品的“参数”中声明。",
            en: "The parameter :{0} is not declared. Nearest name: {1}. Declare it under parameters of the product."),
        "plan.unknown-type": Text(
            zh: "没有类型 {0}。可用：int, decimal(p,s), double precision, text, boolean, date, timestamp。",
            en: "There is no type {0}. There are: int, decimal(p,s), double precision, text, boolean, date, timestamp."),
        "plan.ambiguous-column": Text(
            zh: "列名 {0} 不明确，出现于：{1}。请在列名前写表名或别名。",
            en: "The column {0} is ambiguous; these have it: {1}. Write the table or alias before it."),
        "plan.duplicate-name": Text(
            zh: "名称 {0} 出现了两次。请为其中一个另起别名。",
            en: "The name {0} is given twice. Give one of them another alias."),
        "plan.too-many-column-names": Text(
            zh: "给出了 {0} 个列名，但只有 {1} 列。请减少列名。",
            en: "{0} column names are given for {1} columns. Give fewer."),
        "plan.type-mismatch": Text(
            zh: "{0} 需要类型 {1}，此处是 {2}。请用 CAST(… AS 类型) 转换或改用其他列。",
            en: "{0} needs {1}; this is {2}. Convert with CAST(… AS type) or use another column."),
        "plan.wrong-arguments": Text(
            zh: "函数 {0} 的参数不对，写法：{1}。",
            en: "The arguments of {0} do not fit. Write it as: {1}."),
        "plan.invalid-literal": Text(
            zh: "此处的常量不是有效的 {0}。日期请写 '2024-01-31'，时间请写 '2024-01-31 08:00:00'。",
            en: "The constant here is not a valid {0}. Write dates as '2024-01-31', times as '2024-01-31 08:00:00'."),
        "plan.number-out-of-range": Text(
            zh: "此处的数字超过 38 位。请写较短的数字。",
            en: "The number here has more than 38 digits. Write a shorter one."),
        "plan.unknown-field": Text(
            zh: "{0} 不支持此处的时间字段。可用：{1}。",
            en: "{0} does not know the field here. It knows: {1}."),
        "plan.impossible-cast": Text(
            zh: "类型 {0} 不能转换为 {1}。请改用其他类型。",
            en: "The type {0} cannot be cast to {1}. Use another type."),
        "plan.not-grouped": Text(
            zh: "列 {0} 既不在 GROUP BY 中，也不在聚合函数中。请加入 GROUP BY 或用聚合函数。",
            en: "The column {0} is neither in GROUP BY nor inside an aggregate. Add it to GROUP BY or aggregate it."),
        "plan.aggregate-not-allowed": Text(
            zh: "{0} 中不能使用聚合函数。对聚合结果的条件请写在 HAVING 中。",
            en: "An aggregate cannot stand in {0}. Write conditions on aggregates in HAVING."),
        "plan.nested-aggregate": Text(
            zh: "聚合函数中不能再有聚合函数。请去掉里层。",
            en: "An aggregate cannot stand inside an aggregate. Take the inner one away."),
        "plan.window-not-allowed": Text(
            zh: "{0} 中不能使用窗口函数。请在子查询中计算，再在外层使用其结果。",
            en: "A window function cannot stand in {0}. Compute it in a derived table and use its result outside."),
        "plan.correlation": Text(
            zh: "子查询经由 {0} 引用了外层查询的列，而此处只能用等值条件引用。请改写为：先用等值条件连接两表，再用 GROUP BY 和 FILTER (WHERE …) 计算；内层表很小时，可连接 (SELECT … LIMIT n)。",
            en: "The subquery refers to the outer query through {0}, where only an equality may. Instead join the tables on an equality and compute with GROUP BY and FILTER (WHERE …); a small inner table may be joined as (SELECT … LIMIT n)."),
        "plan.subquery-columns": Text(
            zh: "{0} 中的子查询应只有一列，此处有 {1} 列。请只选取一列。",
            en: "The subquery of {0} must have one column; this one has {1}. Select one column."),
        "plan.union-columns": Text(
            zh: "UNION ALL 两侧的列数不同：{0} 与 {1}。请选取同样多的列。",
            en: "The operands of UNION ALL have {0} and {1} columns. Select the same number."),
        "plan.order-not-selected": Text(
            zh: "使用 SELECT DISTINCT 时，ORDER BY 中的表达式必须出现在 SELECT 列表中。请将其加入 SELECT 列表。",
            en: "With SELECT DISTINCT, an ORDER BY expression must be in the SELECT list. Add it there."),
        "plan.too-many-grouping-sets": Text(
            zh: "GROUP BY 展开后的分组集超过 {0} 个。请减少 ROLLUP 或 CUBE 的列。",
            en: "GROUP BY stands for more than {0} grouping sets. Give ROLLUP or CUBE fewer columns."),
        "plan.join-without-key": Text(
            zh: "连接（EXISTS 与 IN 子查询也是连接）缺少两侧列之间的等值条件，且没有一侧可证明很小；常量之间的等值不算。请写 ON 左表.列 = 右表.列，或用 LIMIT 限制一侧。",
            en: "The join (EXISTS and IN are joins too) has no equality between columns of its two sides, and neither is proved small; an equality of constants is none. Write ON left.column = right.column, or limit a side."),
        "plan.ordinal-out-of-range": Text(
            zh: "{0} 中的序号不在 1 至 {1} 之间。请写 SELECT 列表中的序号。",
            en: "The number in {0} is not between 1 and {1}. Write the place of an item of the SELECT list."),
        "plan.constant-key": Text(
            zh: "{0} 中不能是常量。请写列、表达式或序号。",
            en: "A constant cannot stand in {0}. Write a column, an expression or an ordinal."),
        "plan.limit-not-constant": Text(
            zh: "{0} 需要一个非负整数常量。",
            en: "{0} needs a whole number that is not negative, written as a constant."),
        "plan.from-required": Text(
            zh: "没有 FROM 的查询不能写 *。请写出表达式，或写出所读的表。",
            en: "* needs a FROM clause. Write expressions, or name the table to read."),
        "plan.unsupported": Text(
            zh: "尚不支持：{0}。请改用其他写法。",
            en: "This is not supported: {0}. Write it another way."),
        "plan.too-many-table-references": Text(
            zh: "语句引用的表超过 {0} 个（WITH 查询每次使用都计数）。请减少引用。",
            en: "The statement refers to more than {0} tables (each use of a WITH query counts). Use fewer."),
        "plan.too-large": Text(
            zh: "语句展开后超过 {0} 个节点。请简化表达式。",
            en: "The statement has more than {0} nodes when written out. Simplify its expressions."),
        "plan.too-many-columns": Text(
            zh: "此处超过 {0} 列。请只选取需要的列。",
            en: "There are more than {0} columns here. Select only those that are needed."),
        "plan.step-written": Text(zh: "按所写", en: "As written"),
        "plan.step-factored": Text(zh: "提取各 OR 分支的共同条件", en: "Common conditions of alternatives taken out"),
        "plan.step-flattened": Text(zh: "展开投影，下移条件，找出连接键", en: "Projections written out, conditions moved down, join keys found"),
        "plan.step-ordered": Text(zh: "排列内连接，使每个连接都有键", en: "Inner joins ordered so that each has a key"),
        "plan.step-pruned": Text(zh: "EXISTS 与 IN 变为半连接，去掉无用的列", en: "EXISTS and IN as semi-joins, unused columns left out"),
        "plan.step-narrowed": Text(zh: "只计算连接所需的分组", en: "Only groups made that a join asks for"),
        "plan.step-approved": Text(zh: "加上政策的行过滤与出域规则，即将执行的计划", en: "With the policies' row filters and the release rules: what would run"),
        "plan.invariant-violated": Text(
            zh: "内部错误：执行计划不满足规则“{0}”，语句未执行。请报告此语句。",
            en: "Internal fault: the plan breaks the rule \"{0}\", so the statement was not run. Please report the statement."),
        "plan.parameter-value": Text(
            zh: "参数 :{0} 缺少类型为 {1} 的值。请用 --param {0}=值 给出。",
            en: "The parameter :{0} has no value of type {1}. Give it with --param {0}=value."),
    ]
}
