// SPDX-License-Identifier: Apache-2.0

extension DocumentSchema {
    // MARK: Baseline

    static let floorsKey = KeySchema(
        "floors", "下限",
        .object(
            Grade.allCases.map { grade in
                KeySchema(grade.rawValue, grade.chinese, .either(.word(.forbidden), releaseKeys))
            }))
    static let elementsKey = KeySchema("elements", "数据元", .named(.object(useKeys)))
    static let baselineKeys = [
        KeySchema("baseline", "基线", .scalar(.name), required: true), floorsKey, elementsKey, useForKey,
        KeySchema("job_memory", "作业内存", .scalar(.integer(16...2048))),
    ]

    // MARK: Tables

    static let tableNameKey = KeySchema("table", "数据表", .scalar(.name), required: true)
    static let tablesKey = KeySchema("tables", "表", .named(.object(tableKeys)), required: true)
    static let singleTableKeys = [tableNameKey, unitNameKey] + inheritedKeys + tableKeys.filter { key in
        !inheritedKeys.contains { $0.english == key.english }
    }
    static let unitKeys = [unitNameKey, KeySchema("defaults", "默认", .object(inheritedKeys)), tablesKey]

    private static let unitNameKey = KeySchema("unit", "单位", .scalar(.name), required: true)

    /// What the tables of a unit may have in common.
    static let inheritedKeys = [
        KeySchema("baseline", "基线", .scalar(.name)),
        KeySchema("updated", "更新频率", .scalar(.prose)),
        KeySchema("grade", "分级", .scalar(.word(Grade.allCases.map { Word($0.rawValue, $0.chinese) }))),
        KeySchema("personal", "个人信息", .scalar(.word(PersonalClass.allCases.map { Word($0.rawValue, $0.chinese) }))),
    ]

    static let tableKeys = [
        KeySchema("catalogue", "目录", .scalar(.name)),
        KeySchema("entity", "主体", .entities),
        KeySchema("open", "开放", .scalar(.boolean)),
        KeySchema("row_range", "行范围", .list(.condition)),
        KeySchema("row_key", "行键", .list(.name)),
        useForKey,
        KeySchema("columns", "数据项", .orderedNames(word: .word(.forbidden), columnKeys), required: true),
        KeySchema("release", "发布", .object(releaseKeys)),
    ] + inheritedKeys

    /// For what a table may be used; in a baseline, any table.
    static let useForKey = KeySchema(
        "use_for", "限用于",
        .object([
            KeySchema("purposes", "用途", .list(.prose)), KeySchema("scenarios", "场景", .list(.prose)),
            KeySchema("recipients", "接收方", .list(.name)), KeySchema("forms", "形式", .list(.word(formWords))),
            KeySchema("until", "截至", .scalar(.date)),
        ]))

    static let releaseKeys = [
        KeySchema("minimum_entities", "最少主体", .scalar(.integer(1...1_000_000))),
        KeySchema(
            "dominance", "占优",
            .either(
                .word([Word("none", "无")]),
                [KeySchema("largest", "最大", .scalar(.decimal)), KeySchema("two_largest", "前二", .scalar(.decimal))])),
        KeySchema("rounding", "取整", .scalar(.integer(1...1_000_000))),
        KeySchema("review", "人工复核", .scalar(.word([Word("manual", "人工", "是", "true", "yes"), Word("none", "无", "否", "false", "no")]))),
        KeySchema(
            "noise", "噪声",
            .scalar(
                .word([
                    Word("none", "无"), Word("cell_key", "单元格密钥", available: false), Word("laplace", "拉普拉斯", available: false),
                    Word("gaussian", "高斯", available: false),
                ]))),
    ]

    /// What a column is used for: the same in a data element and in a column.
    static let useKeys = [
        KeySchema("type", "类型", .scalar(.type)),
        KeySchema("allow", "可用于", .list(.word(capabilityWords))),
        KeySchema("granularity", "粒度", .scalar(.word(Granularity.allCases.map { Word($0.rawValue, $0.chinese) }))),
        KeySchema("prefix", "前缀", .scalar(.integer(1...64))),
        KeySchema("format", "格式", .list(.name)),
        KeySchema("bounds", "范围", .list(.decimal)),
        KeySchema("exclude_rows", "剔除行", .list(.codeRange)),
        KeySchema("codes", "码表", .scalar(.name)),
        KeySchema("hierarchy", "层级", .list(.name)),
        KeySchema("finest", "最细", .scalar(.name)),
    ] + restrictionKeys

    /// How far the capabilities of a column reach.
    static let restrictionKeys = [
        KeySchema("filter_codes", "可选代码", .list(.name)),
        KeySchema("range_width", "区间宽度", .scalar(.step)),
        KeySchema("range_alignment", "区间对齐", .scalar(.step)),
        KeySchema("band", "分档", .scalar(.step)),
        KeySchema("compare_with", "可比较", .list(.name)),
        KeySchema("join_with", "可关联", .list(.name)),
        KeySchema("functions", "函数", .list(.word(FunctionClass.allCases.map { Word($0.rawValue, $0.chinese) }))),
        KeySchema("minimum_entities", "最少主体", .scalar(.integer(1...1_000_000))),
        KeySchema("order_in_result", "结果排序", .scalar(.boolean)),
    ]

    static let columnKeys = [
        KeySchema("column", "列", .scalar(.name)),
        KeySchema("element", "数据元", .scalar(.name)),
        KeySchema("identifier", "标识", .scalar(.word(IdentifierKind.allCases.map { Word($0.rawValue, $0.chinese) }))),
        KeySchema("nullable", "可空", .scalar(.boolean)),
    ] + useKeys

    private static let capabilityWords =
        Capability.allCases.map { Word($0.rawValue, $0.chinese) } + [
            Word("minimum", "最小", available: false), Word("maximum", "最大", available: false), Word("median", "中位数", available: false),
            Word("quantile", "分位数", available: false),
        ]

    /// Keys of one entity beside the free `type: column`.
    public static let entityKeys = [
        KeySchema("via", "经", .scalar(.name)),
        KeySchema("none", "无", .scalar(.integer(1...1_000_000))),
        KeySchema("fan_out", "每主体最多行数", .scalar(.integer(1...Int64(Limits.fanOut)))),
        KeySchema("missing", "缺失", .scalar(.word([Word("exclude", "剔除")]))),
        KeySchema("weight", "权重", .scalar(.name)),
    ]

    // MARK: Standing approvals and products

    static let standingNameKey = KeySchema("standing", "常设授权", .scalar(.name), required: true)
    static let standingKeys = [
        standingNameKey,
        KeySchema("scenario", "场景", .scalar(.prose), required: true),
        KeySchema("roles", "角色", .list(.word(roleWords)), required: true),
        KeySchema("tables", "表", .list(.name), required: true),
        KeySchema("runs", "次数", .scalar(.integer(1...1_000_000_000)), required: true),
        KeySchema("expires", "有效期至", .scalar(.date), required: true),
        KeySchema("valid_from", "有效期自", .scalar(.date)),
        KeySchema("purpose", "用途", .scalar(.prose)),
        KeySchema("recipients", "接收方", .list(.name)),
    ]

    private static let roleWords = [
        Word("authority", "数据资源管理部门"), Word("unit", "数源单位"), Word("sector", "行业主管部门"), Word("operator", "运营机构"),
        Word("developer", "产品开发商"), Word("user", "使用单位"), Word("reviewer", "安全审查"), Word("expert", "专家"), Word("auditor", "审计"),
    ]

    static let productNameKey = KeySchema("product", "产品", .scalar(.name), required: true)
    static let productKeys = [
        productNameKey,
        KeySchema("form", "形式", .scalar(.word(formWords + [Word("domain_table", "域内中间表", available: false)]))),
        KeySchema("category", "类别", .scalar(.prose)),
        KeySchema("purpose", "用途", .scalar(.prose)),
        KeySchema("scenario", "场景", .scalar(.prose)),
        KeySchema("recipients", "接收方", .list(.name)),
        KeySchema("valid_from", "有效期自", .scalar(.date)),
        KeySchema("valid_until", "有效期至", .scalar(.date)),
        KeySchema("runs", "运行次数", .scalar(.integer(1...1_000_000))),
        KeySchema("data_epoch", "数据期次", .list(.epoch)),
        KeySchema("parameters", "参数", .named(.object(parameterKeys))),
        KeySchema("sql", "语句", .scalar(.prose), required: true),
    ]

    private static let formWords = [
        Word("api", "接口", "API"), Word("dataset", "数据集"), Word("model", "算法模型"), Word("report", "报告"), Word("index", "指数"),
    ]

    static let parameterKeys = [
        KeySchema("type", "类型", .scalar(.type), required: true),
        KeySchema("min", "最小", .scalar(.constant)),
        KeySchema("max", "最大", .scalar(.constant)),
        KeySchema("step", "步长", .scalar(.step)),
        KeySchema("values", "取值", .list(.constant)),
    ]
}
