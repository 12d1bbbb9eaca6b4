// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Texts of SQLSyntax: why a text was not read as a statement.
    static let sqlSyntax: [String: Text] = [
        "sql.text-too-long": Text(
            zh: "SQL 文本超过 {0} 字节。请缩短语句。",
            en: "The SQL text is longer than {0} bytes. Shorten the statement."),
        "sql.too-many-tokens": Text(
            zh: "SQL 语句超过 {0} 个词法单元。请缩短语句。",
            en: "The statement has more than {0} tokens. Shorten it."),
        "sql.nesting-too-deep": Text(
            zh: "此处嵌套超过 {0} 层。请减少括号或子查询的层数，例如改用 WITH。",
            en: "Constructs stand more than {0} deep in one another here. Nest less, for example with WITH."),
        "sql.expression-too-deep": Text(
            zh: "此处表达式的层数超过 {0}。长串的 OR 请改写为 IN (…)。",
            en: "The expression is higher than {0} levels here. Write long chains of OR as IN (…)."),
        "sql.identifier-too-long": Text(
            zh: "名称超过 {0} 个字符。请使用较短的名称。",
            en: "A name is longer than {0} characters. Use a shorter one."),
        "sql.number-too-long": Text(
            zh: "数字超过 {0} 个字符。请写较短的数字。",
            en: "A number is longer than {0} characters. Write a shorter one."),
        "sql.list-too-long": Text(
            zh: "列表超过 {0} 个元素。请缩短列表。",
            en: "A list has more than {0} elements. Shorten it."),
        "sql.too-many-tables": Text(
            zh: "FROM 中的表超过 {0} 个。请减少表的数量。",
            en: "FROM names more than {0} tables. Use fewer."),
        "sql.empty-statement": Text(
            zh: "没有 SQL 语句。请写一条 SELECT 语句。",
            en: "There is no SQL statement. Write one SELECT statement."),
        "sql.unterminated": Text(
            zh: "此处开始的内容没有结束，缺少 {0}。请补上。",
            en: "What begins here is not closed: {0} is missing. Add it."),
        "sql.empty-identifier": Text(
            zh: "双引号之间没有名称。字符串请用单引号。",
            en: "There is no name between the double quotes. Write strings in single quotes."),
        "sql.invalid-number": Text(
            zh: "此处的数字后面紧跟了其他字符。请写十进制数字，名称不能以数字开头（否则用双引号括起）。",
            en: "Other characters are glued to the number here. Write a decimal number; a name that begins with a digit needs double quotes."),
        "sql.full-width-punctuation": Text(
            zh: "此处是全角符号“{0}”，SQL 需要半角符号：{1}。若它是名称的一部分，请用双引号括起整个名称。",
            en: "The full-width mark {0} stands here; SQL needs the plain one: {1}. If it is part of a name, put the whole name in double quotes."),
        "sql.control-character": Text(
            zh: "此处有不可见的控制字符 {0}。请删除。",
            en: "An invisible control character {0} stands here. Delete it."),
        "sql.unexpected-character": Text(
            zh: "此处的字符 {0} 在 SQL 中没有含义。请删除，或用双引号括起名称、用单引号括起字符串。",
            en: "The character {0} means nothing in SQL here. Delete it, or put names in double and strings in single quotes."),
        "sql.unexpected-token": Text(
            zh: "此处出现 {0}，应为：{1}。请检查这里及其前面的拼写。",
            en: "{0} stands here where this was expected: {1}. Check the spelling here and just before."),
        "sql.unexpected-end": Text(
            zh: "语句在此处意外结束，应为：{0}。请补全语句。",
            en: "The statement ends here where this was expected: {0}. Complete it."),
        "sql.too-many-union-operands": Text(
            zh: "UNION ALL 连接的查询超过 {0} 个。请减少查询的数量，或用括号分组。",
            en: "UNION ALL joins more than {0} queries. Use fewer, or group them in parentheses."),
        "sql.invalid-frame": Text(
            zh: "此处的窗口范围没有意义：起点在终点之后，或从 UNBOUNDED FOLLOWING 开始，或到 UNBOUNDED PRECEDING 结束。请交换或更正两端。",
            en: "This window frame makes no sense: it begins behind its end, begins at UNBOUNDED FOLLOWING, or ends at UNBOUNDED PRECEDING. Exchange or correct its ends."),
        "sql.derived-table-without-alias": Text(
            zh: "FROM 中的子查询需要名称。请在右括号后写 AS 名称。",
            en: "A query in FROM needs a name. Write AS name after the closing parenthesis."),
        "sql.unsupported": Text(
            zh: "不支持此处的 SQL 结构：{0}。请改用所支持的写法（单条查询：SELECT，JOIN，WITH，子查询，GROUP BY，UNION ALL，窗口函数）。",
            en: "This SQL construct is not supported: {0}. Use what is supported instead (one query of SELECT, JOIN, WITH, subqueries, GROUP BY, UNION ALL, window functions)."),
    ]
}
