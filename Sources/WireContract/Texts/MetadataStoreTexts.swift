// SPDX-License-Identifier: Apache-2.0

extension Texts {
    static let metadataStore: [String: Text] = [
        "metadata.unusable": Text(
            zh: "域的元数据视图（metadata.sqlite）无法使用。运行 yunei doctor --rebuild 可由日志重建。",
            en: "The domain's metadata view (metadata.sqlite) cannot be used. Run yunei doctor --rebuild to make it again from the log."),
        "metadata.malformed-entry": Text(
            zh: "日志第 {0} 条记录缺少其类型要求的内容。运行 yunei audit verify 检查日志。",
            en: "Log entry {0} lacks what its type demands. Run yunei audit verify to check the log."),
        "metadata.unknown-entry": Text(
            zh: "日志第 {0} 条记录的类型本版本不认识。请用写下它的版本打开此域。",
            en: "Log entry {0} has a type that this version does not know. Open the domain with the version that wrote it."),
    ]
}
