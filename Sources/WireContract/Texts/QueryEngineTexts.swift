// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// QueryEngine.
    static let queryEngine: [String: Text] = [
        "engine.open-key-repeats": Text(
            zh: "开放数据表 {0} 的关联列中同一个值出现多次，会把受保护的行成倍重复。请先让每个值只出现一行（例如换用唯一的关联列），再关联。",
            en: "The open table {0} has several rows for one value of the join column, which would multiply protected rows. Join it by a column in which each value stands once."),
        "engine.resource-exhausted": Text(
            zh: "作业所需的内存、分组或行数超出上限,已停止,没有任何结果出域。请缩小查询范围(更少的分组列、更粗的粒度或更短的时段),或由管理员提高作业的内存上限。",
            en: "The job needed more memory, groups or rows than it may have and was stopped; nothing was released. "
                + "Narrow the query (fewer grouping columns, coarser steps, a shorter period), or have the memory limit of jobs raised."),
        "engine.parameter-missing": Text(
            zh: "参数 {0} 没有给出取值。请用 --param {0}=值 给出。",
            en: "Parameter {0} has no value. Give it with --param {0}=VALUE."),
        "engine.parameter-type": Text(
            zh: "参数 {0} 的取值不是声明的类型 {1}。请按该类型重新给出。",
            en: "The value of parameter {0} is not of its declared type {1}. Give it in that type."),
        "engine.scan-missing": Text(
            zh: "执行时没有得到表 {0} 的数据。请先装载该表再运行。",
            en: "The executor was given no data of table {0}. Load the table, then run again."),
        "engine.scan-failed": Text(
            zh: "表 {0} 的一个存储块无法读取,已停止,没有任何结果出域。请检查该表的存储,必要时重新装载。",
            en: "A stored block of table {0} could not be read; the job was stopped and nothing was released. "
                + "Check the table's storage and load it again if need be."),
        "engine.spill-failed": Text(
            zh: "作业暂存的中间行无法写入或读回，已停止，没有任何结果出域。请检查域所在的磁盘后重新运行。",
            en: "Rows that the job put aside could not be written or read again; the job was stopped and nothing was released. Check the disk of the domain, then run again."),
        "engine.table-too-large": Text(
            zh: "表 {0} 的一个版本超过 {1} 行的上限。请分期装载。",
            en: "A version of table {0} has more than {1} rows. Load it in periods."),
        "engine.result-too-large": Text(
            zh: "结果至少有 {0} 行，超过 {1} 行的上限，未开始执行。请加上 WHERE、GROUP BY 或 LIMIT。",
            en: "The result has {0} rows at least, more than the limit of {1}; nothing was started. Add WHERE, GROUP BY or LIMIT."),
        "engine.memory-too-small": Text(
            zh: "结果至少有 {0} 行，作业的 {1} MiB 内存放不下，未开始执行。请减少列，加上 WHERE、GROUP BY 或 LIMIT，或请主管部门在基线中提高 job_memory。",
            en: "The result has {0} rows at least, which the {1} MiB of memory of the job cannot hold; nothing was started. "
                + "Select fewer columns, add WHERE, GROUP BY or LIMIT, or ask the authority for more job_memory in the baseline."),
        "engine.join-too-large": Text(
            zh: "按数据表的行数和策略中的“每主体最多行数”，一处关联最多可得 {0} 行，超过 {1} 行的上限，未开始执行。请先分组或筛选再关联，或减少关联。",
            en: "By the sizes of the tables and the fan-out that their policies declare a join may come to {0} rows, more than the limit of {1}; nothing was started. "
                + "Group or filter before joining, or join fewer tables."),
        "engine.protected-join-too-large": Text(
            zh: "按策略中的“每主体最多行数”，一处关联可能超过 {0} 行的上限，未开始执行。请先分组或筛选再关联，或减少关联。",
            en: "By the fan-out that policies declare a join may come to more than the limit of {0} rows; nothing was started. "
                + "Group or filter before joining, or join fewer tables."),
        "engine.unsupported": Text(
            zh: "执行器不支持对 {1} 使用 {0}。请改写该表达式。",
            en: "The executor does not compute {0} with {1}. Write the expression differently."),
        "engine.malformed-plan": Text(
            zh: "内部故障:执行计划不完整({0})。没有任何结果出域。请把该信息报告给维护者。",
            en: "Internal fault: the execution plan is not well-formed ({0}). Nothing was released. Please report this to the maintainers."),
    ]
}
