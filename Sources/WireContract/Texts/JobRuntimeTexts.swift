// SPDX-License-Identifier: Apache-2.0

extension Texts {
    static let jobRuntime: [String: Text] = [
        "runtime.unknown-request": Text(
            zh: "执行器不认识这个请求。yunei 与 yunei-executor 的版本可能不同，请重新安装。",
            en: "The executor does not know this request. yunei and yunei-executor may be of different versions; install again."),
        "runtime.bad-request": Text(
            zh: "发给执行器的请求不完整。yunei 与 yunei-executor 的版本可能不同，请重新安装。",
            en: "The request to the executor is incomplete. yunei and yunei-executor may be of different versions; install again."),
        "runtime.plan-differs": Text(
            zh: "执行器重新检查后得到的计划与批准的计划不同，已拒绝执行。请运行 yunei doctor，并重新安装两个程序。",
            en: "The executor checked again and arrived at another plan than the approved one; it refused. Run yunei doctor and install both programs again."),
        "runtime.not-allowed": Text(
            zh: "执行器重新检查后不允许这条语句，已拒绝执行。请运行 yunei doctor，并重新安装两个程序。",
            en: "The executor checked again and does not allow the statement; it refused. Run yunei doctor and install both programs again."),
        "runtime.parameter-outside": Text(
            zh: "参数 {0} 的值不在已批准的范围内。",
            en: "The value of parameter {0} is outside its approved domain."),
        "runtime.table-missing": Text(
            zh: "执行器没有收到表 {0}。请运行 yunei doctor。",
            en: "The executor was not given the table {0}. Run yunei doctor."),
        "runtime.output-failed": Text(
            zh: "执行器无法写出结果，磁盘可能已满。腾出空间后重试。",
            en: "The executor could not write the result; the disk may be full. Make room, then try again."),
    ]
}
