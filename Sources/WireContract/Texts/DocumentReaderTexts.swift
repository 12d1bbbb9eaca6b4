// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of DocumentReader. File, line and column come first.
    static let documentReader: [String: Text] = [
        "document.too-large": Text(
            zh: "{0} 第 {1} 行第 {2} 列：文件超过上限 {3} 字节。请拆分。",
            en: "{0}, line {1}, column {2}: the file is over the limit of {3} bytes. Split it."),
        "document.not-utf8": Text(
            zh: "{0} 第 {1} 行第 {2} 列：文件不是 UTF-8 编码。请另存为 UTF-8。",
            en: "{0}, line {1}, column {2}: the file is not UTF-8. Save it as UTF-8."),
        "document.tab": Text(
            zh: "{0} 第 {1} 行第 {2} 列：缩进中有制表符。请改用空格。",
            en: "{0}, line {1}, column {2}: there is a tab in the indentation. Use blanks."),
        "document.empty": Text(
            zh: "{0} 第 {1} 行第 {2} 列：文件是空的。",
            en: "{0}, line {1}, column {2}: the file is empty. Write a document into it."),
        "document.several-documents": Text(
            zh: "{0} 第 {1} 行第 {2} 列：一个文件只能有一份文档。请把其余部分放入单独的文件。",
            en: "{0}, line {1}, column {2}: one file holds one document only. Put the rest into files of their own."),
        "document.malformed": Text(
            zh: "{0} 第 {1} 行第 {2} 列：不是有效的 YAML。请检查此处及之前的缩进、冒号、括号和引号。",
            en: "{0}, line {1}, column {2}: this is not YAML. Check indentation, colons, brackets and quotes here and before."),
        "document.too-deep": Text(
            zh: "{0} 第 {1} 行第 {2} 列：嵌套过深。请减少层次。",
            en: "{0}, line {1}, column {2}: nested too deeply. Use fewer levels."),
        "document.anchor": Text(
            zh: "{0} 第 {1} 行第 {2} 列：不能使用锚点（&）。请把内容写全。",
            en: "{0}, line {1}, column {2}: anchors (&) are not allowed. Write the content out."),
        "document.alias": Text(
            zh: "{0} 第 {1} 行第 {2} 列：不能使用别名（*）。请把内容写全；以 * 开头的文字请加引号。",
            en: "{0}, line {1}, column {2}: aliases (*) are not allowed. Write the content out; quote text that begins with *."),
        "document.tag": Text(
            zh: "{0} 第 {1} 行第 {2} 列：不能使用标签（!）。请删除；以 ! 开头的文字请加引号。",
            en: "{0}, line {1}, column {2}: tags (!) are not allowed. Delete it; quote text that begins with !."),
        "document.merge-key": Text(
            zh: "{0} 第 {1} 行第 {2} 列：不能使用合并键（<<）。请把内容写全。",
            en: "{0}, line {1}, column {2}: merge keys (<<) are not allowed. Write the content out."),
        "document.duplicate-key": Text(
            zh: "{0} 第 {1} 行第 {2} 列：键 {3} 重复（中英文名算同一个键）。请删除其一。",
            en: "{0}, line {1}, column {2}: the key {3} is there twice (its Chinese and English names count as one). Delete one."),
        "document.unknown-key": Text(
            zh: "{0} 第 {1} 行第 {2} 列：没有键 {3}。最接近的是：{4}。",
            en: "{0}, line {1}, column {2}: there is no key {3}. The nearest is: {4}."),
        "document.missing-key": Text(
            zh: "{0} 第 {1} 行第 {2} 列：缺少键 {3}。请补上。",
            en: "{0}, line {1}, column {2}: the key {3} is missing. Add it."),
        "document.unknown-kind": Text(
            zh: "{0} 第 {1} 行第 {2} 列：看不出是哪种文档。顶层应有以下之一：table/数据表、tables/表、floors/下限、product/产品、standing/常设授权。",
            en: "{0}, line {1}, column {2}: it is not clear what kind of document this is. The top level needs one of: table/数据表, tables/表, floors/下限, product/产品, standing/常设授权."),
        "document.full-width": Text(
            zh: "{0} 第 {1} 行第 {2} 列：此处是全角符号 {3}，应为 {4}。若确是文字内容，请加引号。",
            en: "{0}, line {1}, column {2}: here stands the full-width character {3} where {4} is meant. Put quotes around it if it is part of a text."),
        "document.bad-value": Text(
            zh: "{0} 第 {1} 行第 {2} 列：{3} 的值不对。应为：{4}。最接近的是：{5}。",
            en: "{0}, line {1}, column {2}: the value of {3} does not fit. Expected: {4}. The nearest is: {5}."),
        "document.wrong-shape": Text(
            zh: "{0} 第 {1} 行第 {2} 列：{3} 的写法不对。应为：{4}。",
            en: "{0}, line {1}, column {2}: {3} is not written like this. Expected: {4}."),
        "document.not-available": Text(
            zh: "{0} 第 {1} 行第 {2} 列：本版本不提供 {3}。请删除。",
            en: "{0}, line {1}, column {2}: {3} is not available in this version. Delete it."),
    ]
}
