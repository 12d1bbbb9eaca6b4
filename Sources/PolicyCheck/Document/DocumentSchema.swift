// SPDX-License-Identifier: Apache-2.0

/// The kinds of documents that people write in YAML.
public enum DocumentKind: String, Sendable, CaseIterable {
    case baseline
    case unit
    case table
    case standing
    case product
}

/// The one schema of all documents: every key with its English and its Chinese name, its type, and where it may stand. The reader of
/// YAML and the pages in Policies/Schema follow it; what is not in it is refused.
public indirect enum DocumentSchema: Sendable {
    /// A scalar as it was written.
    case text
    /// A scalar of a fixed vocabulary: accepted words and the canonical word of each.
    case word([String: String])
    /// A list of scalars; a single scalar counts as a list of one.
    case texts
    /// A list of words of a vocabulary.
    case words([String: String])
    /// Fixed keys.
    case object([DocumentKey])
    /// Keys of the writer's choice, all with the same schema.
    case map(DocumentSchema)
    /// A list, or a single element.
    case list(DocumentSchema)
    /// A word of the vocabulary, or else the other schema.
    case either([String: String], DocumentSchema)
    /// Fixed keys plus keys of the writer's choice.
    case open([DocumentKey], rest: DocumentSchema)
}

/// One key of a document.
public struct DocumentKey: Sendable {
    public let english: String
    public let chinese: String
    public let schema: DocumentSchema
    public let isRequired: Bool

    init(_ english: String, _ chinese: String, _ schema: DocumentSchema, required: Bool = false) {
        self.english = english
        self.chinese = chinese
        self.schema = schema
        isRequired = required
    }
}

extension DocumentSchema {
    /// Truth values.
    static let flag: DocumentSchema = .word(["true": "true", "yes": "true", "是": "true", "false": "false", "no": "false", "否": "false"])
    static let forbidden = ["禁用": "forbidden", "forbidden": "forbidden"]
    static let grades = ["核心": "core", "core": "core", "重要": "important", "important": "important", "一般": "general", "general": "general"]
    static let sensitivities = [
        "敏感": "sensitive", "sensitive": "sensitive", "一般": "ordinary", "ordinary": "ordinary", "非个人": "none", "none": "none",
    ]
    static let capabilities = Dictionary(
        uniqueKeysWithValues: Capability.allCases.flatMap { [($0.rawValue, $0.rawValue), ($0.chinese, $0.rawValue)] })

    /// The schema of a kind of document.
    public static func of(_ kind: DocumentKind) -> [DocumentKey] {
        switch kind {
        case .baseline: baseline
        case .unit: unit
        case .table: [DocumentKey("table", "表", .text, required: true), DocumentKey("unit", "单位", .text)] + table
        case .standing: standing
        case .product: product
        }
    }

    static let release: [DocumentKey] = [
        DocumentKey("minimum_entities", "最少主体", .text),
        DocumentKey("dominance", "占优", .object([DocumentKey("largest", "最大", .text), DocumentKey("two_largest", "前二", .text)])),
        DocumentKey("rounding", "取整", .text),
        DocumentKey("noise", "噪声", .word(["none": "none", "无": "none", "cell_key": "cell_key", "laplace": "laplace", "gaussian": "gaussian"])),
        DocumentKey("budget", "预算", .text),
        DocumentKey("review", "人工复核", .word(["none": "false", "否": "false", "false": "false", "无": "false", "manual": "true", "true": "true", "是": "true"])),
    ]

    static let column: [DocumentKey] = [
        DocumentKey("column", "列", .text),
        DocumentKey("element", "数据元", .text),
        DocumentKey("type", "类型", .text),
        DocumentKey("nullable", "可空", flag),
        DocumentKey("identifier", "标识", .word(["resident_id": "resident_id", "居民身份号码": "resident_id", "key": "key", "键": "key"])),
        DocumentKey("allow", "可用于", .words(capabilities)),
        DocumentKey("granularity", "粒度", .word([
            "day": "day", "日": "day", "month": "month", "月": "month", "quarter": "quarter", "季": "quarter", "季度": "quarter", "year": "year", "年": "year",
        ])),
        DocumentKey("prefix", "前缀", .text),
        DocumentKey("bounds", "范围", .texts),
        DocumentKey("format", "格式", .texts),
        DocumentKey("exclude_rows", "剔除行", .texts),
        DocumentKey("codes", "码表", .texts),
        DocumentKey("hierarchy", "层级", .texts),
        DocumentKey("finest", "最细", .text),
        DocumentKey("grade", "分级", .word(grades)),
    ]

    static let entity: DocumentSchema = .list(
        .open(
            [
                DocumentKey("via", "经", .text), DocumentKey("none", "无", .text), DocumentKey("weight", "权重", .text),
                DocumentKey("missing", "缺失", .word(["剔除": "exclude", "exclude": "exclude"])),
            ], rest: .text))

    static let table: [DocumentKey] = [
        DocumentKey("catalogue", "目录", .text),
        DocumentKey("entity", "主体", entity),
        DocumentKey("grade", "分级", .word(grades)),
        DocumentKey("personal", "个人信息", .word(sensitivities)),
        DocumentKey("frequency", "更新频率", .text),
        DocumentKey("open", "开放", flag),
        DocumentKey("row_range", "行范围", .text),
        DocumentKey("row_key", "行标识", .texts),
        DocumentKey("columns", "数据项", .map(.either(forbidden, .object(column))), required: true),
        DocumentKey("release", "发布", .object(release)),
    ]

    static let baseline: [DocumentKey] = [
        DocumentKey("baseline", "基线", .text),
        DocumentKey("floors", "下限", .object([
            DocumentKey("general", "一般", .either(forbidden, .object(release))), DocumentKey("important", "重要", .either(forbidden, .object(release))),
            DocumentKey("core", "核心", .either(forbidden, .object(release))),
        ]), required: true),
        DocumentKey("elements", "数据元", .map(.object(column))),
    ]

    static let unit: [DocumentKey] = [
        DocumentKey("unit", "单位", .text, required: true),
        DocumentKey("defaults", "默认", .object([
            DocumentKey("baseline", "基线", .text), DocumentKey("frequency", "更新频率", .text), DocumentKey("grade", "分级", .word(grades)),
            DocumentKey("personal", "个人信息", .word(sensitivities)), DocumentKey("release", "发布", .object(release)),
        ])),
        DocumentKey("tables", "表", .map(.object(table)), required: true),
    ]

    static let standing: [DocumentKey] = [
        DocumentKey("standing", "常设授权", .text, required: true),
        DocumentKey("scenario", "场景", .text, required: true),
        DocumentKey("roles", "角色", .texts, required: true),
        DocumentKey("tables", "表", .texts, required: true),
        DocumentKey("runs", "次数", .text, required: true),
        DocumentKey("expires", "到期", .text, required: true),
    ]

    static let product: [DocumentKey] = [
        DocumentKey("product", "产品", .text, required: true),
        DocumentKey("form", "形态", .word(Dictionary(uniqueKeysWithValues: ["API", "数据集", "算法模型", "报告", "指数", "域内中间表"].map { ($0, $0) })), required: true),
        DocumentKey("category", "类别", .text),
        DocumentKey("purpose", "用途", .text, required: true),
        DocumentKey("recipients", "使用方", .texts, required: true),
        DocumentKey("parameters", "参数", .map(.object([
            DocumentKey("type", "类型", .text, required: true), DocumentKey("min", "最小", .text), DocumentKey("max", "最大", .text),
            DocumentKey("step", "步长", .text), DocumentKey("values", "取值", .texts),
        ]))),
        DocumentKey("sql", "查询", .text, required: true),
    ]
}
