// SPDX-License-Identifier: Apache-2.0

extension Texts {
    static let canonicalJSON: [String: Text] = [
        "json.malformed": Text(zh: "第 {0} 字节处不是合格的 JSON。请用写出它的程序重新生成。", en: "At byte {0} this is no JSON. Make it again with the program that wrote it."),
        "json.duplicate-member": Text(zh: "第 {0} 字节处有重复的成员。请删去一个。", en: "At byte {0} a member stands twice. Delete one."),
        "json.number-out-of-range": Text(zh: "第 {0} 字节处的数超出 64 位整数。请写成字符串。", en: "At byte {0} a number is beyond 64 bits. Write it as a string."),
        "json.too-deep": Text(zh: "第 {0} 字节处嵌套过深。请减少层数。", en: "At byte {0} the nesting is too deep. Use fewer levels."),
        "json.too-large": Text(zh: "文档有 {0} 字节，超出上限。请拆小。", en: "The document has {0} bytes, which is over the limit. Make it smaller."),
        "json.not-canonical": Text(zh: "文档不是规范形式的 JSON，可能被改动过。请使用原件。", en: "The document is not in canonical form; it may have been altered. Use the original."),
    ]
}
