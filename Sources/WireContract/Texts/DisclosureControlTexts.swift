// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of DisclosureControl: refusals of a whole release, reasons of withheld cells, classes of how much was withheld.
    static let disclosureControl: [String: Text] = [
        "release.too-many-rows": Text(
            zh: "结果超过一次出域的行数上限 {0}，未放行任何内容。请用更粗的分组，或加上条件后分批执行。",
            en: "The result has more rows than one release allows ({0}); nothing was released. Group more coarsely, or restrict the rows and run in parts."),
        "release.too-many-cells": Text(
            zh: "结果超过一次出域的单元格上限 {0}，未放行任何内容。请减少结果列或用更粗的分组。",
            en: "The result has more cells than one release allows ({0}); nothing was released. Select fewer columns or group more coarsely."),
        "release.entity-column": Text(
            zh: "结果含有实体编号列（{0}），任何结果都不得显示实体编号，未放行任何内容。请从输出列和分组中去掉该列；计数请用 COUNT(DISTINCT …)。",
            en: "The result has a column of entity numbers ({0}), which no result may show; nothing was released. Remove it from the output and the grouping; to count, use COUNT(DISTINCT …)."),
        "release.reason.too-few-contributors": Text(
            zh: "参与该单元格的不同主体少于最少主体数。请用更粗的分组或更宽的条件。",
            en: "Fewer distinct entities contribute to the cell than the minimum. Group more coarsely or widen the conditions."),
        "release.reason.dominance": Text(
            zh: "一两个主体在该单元格中占比过大（占优）。请用更粗的分组，使更多主体参与。",
            en: "One or two entities make up too large a share of the cell (dominance). Group more coarsely so that more entities take part."),
        "release.reason.branch-too-small": Text(
            zh: "条件聚合的某个分支中不同主体少于最少主体数。请合并或放宽该分支的条件。",
            en: "A branch of a conditional aggregate has fewer distinct entities than the minimum. Merge or widen the conditions of that branch."),
        "release.withheld-none": Text(zh: "所示各行没有隐去的单元格。", en: "No cell of the rows shown is withheld."),
        "release.withheld-few": Text(zh: "所示各行隐去了少量单元格（少于 10 个）。", en: "A few cells of the rows shown are withheld (fewer than 10)."),
        "release.withheld-several": Text(zh: "所示各行隐去了若干单元格（少于 100 个）。", en: "Several cells of the rows shown are withheld (fewer than 100)."),
        "release.withheld-many": Text(zh: "所示各行隐去了许多单元格（100 个及以上）。", en: "Many cells of the rows shown are withheld (100 or more)."),
        "release.small-groups": Text(
            zh: "主体数低于最少主体数的分组连同其分组值一并略去；是否有分组被略去不作说明。",
            en: "Groups with fewer entities than the minimum are left out together with their keys; whether there were any is not told."),
    ]
}
