// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Advice on labels: {0} column, {1} table, {2} kind, {3} lines of the policy.
    static let labels: [String: Text] = adviceTexts.merging(kindTexts) { first, _ in first }

    private static let adviceTexts: [String: Text] = [
        "label.undeclared-resident-id": Text(
            zh: "标签有误：表 {1} 的列 {0} 看起来是{2}，策略却没有这样声明，同一个人的 15 位与 18 位号码也对不上。请在策略中写明：{3}；或者不允许任何用途。",
            en: "Wrong label: column {0} of {1} looks like {2} and is not declared so; the 15 and 18 digit forms of one person do not meet either. Declare in the policy: {3}; or allow nothing."),
        "label.no-resident-id": Text(
            zh: "标签有误：表 {1} 的列 {0} 声明为{2}，但多数值不是。请核对文件的列，或在策略中改为：{3}。",
            en: "Wrong label: column {0} of {1} is declared as {2}, but most values are not. Check the column of the file, or write in the policy: {3}."),
        "label.usable-identifier": Text(
            zh: "标签有误：表 {1} 的列 {0} 看起来是{2}，却可以像普通列一样使用。请在策略中写明：{3}。",
            en: "Wrong label: column {0} of {1} looks like {2}, but may be used like an ordinary column. Declare in the policy: {3}."),
        "label.partly-identifier": Text(
            zh: "请核对：表 {1} 的列 {0} 有一部分值看起来是{2}，而该列可以像普通列一样使用。若它们不该在此，请清理数据；否则在策略中写明：{3}。",
            en: "Please check: part of column {0} of {1} looks like {2}, and the column may be used like an ordinary one. Clean the data if they should not be there; else declare in the policy: {3}."),
        "label.possible-identifier": Text(
            zh: "建议：表 {1} 的列 {0} 看起来是{2}。若要按它关联或计数，请在策略中写明：{3}；不需要时保持现状即可。",
            en: "Suggestion: column {0} of {1} looks like {2}. To join or count by it, declare in the policy: {3}; otherwise leave it as it is."),
        "label.whole-division": Text(
            zh: "建议：表 {1} 的列 {0} 看起来是{2}，目前完整显示。过细的地区容易认出人，请在策略中写明：{3}。",
            en: "Suggestion: column {0} of {1} looks like {2} and is shown in full. Small areas make people known; write in the policy: {3}."),
    ]

    private static let kindTexts: [String: Text] = [
        "kind.resident-id": Text(zh: "公民身份号码", en: "resident identity numbers"),
        "kind.credit-code": Text(zh: "统一社会信用代码", en: "unified social credit codes"),
        "kind.bank-card": Text(zh: "银行卡号", en: "bank card numbers"),
        "kind.mobile-phone": Text(zh: "手机号", en: "mobile phone numbers"),
        "kind.fixed-phone": Text(zh: "固定电话号码", en: "fixed phone numbers"),
        "kind.plate": Text(zh: "机动车号牌", en: "number plates of vehicles"),
        "kind.email": Text(zh: "电子邮件地址", en: "e-mail addresses"),
        "kind.division": Text(zh: "行政区划代码", en: "codes of administrative divisions"),
        "kind.postcode": Text(zh: "邮政编码", en: "postcodes"),
        "kind.name": Text(zh: "姓名", en: "names of persons"),
    ]
}
