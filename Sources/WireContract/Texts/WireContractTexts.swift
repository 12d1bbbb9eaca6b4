// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of the channel between the planes.
    static let wireContract: [String: Text] = [
        "wire.closed": Text(
            zh: "执行进程与控制进程之间的连接已断开。请查看作业状态后重试。",
            en: "The connection between executor and control process has ended. Look at the job's state, then try again."),
        "wire.truncated": Text(
            zh: "执行进程与控制进程之间的消息在中途断开, 该消息已作废。请查看作业状态后重试。",
            en: "A message between executor and control process broke off; nothing of it was used. Look at the job's state, then try again."),
        "wire.bad-frame": Text(
            zh: "执行进程与控制进程的消息格式不一致。请确认两个程序来自同一次构建。",
            en: "Executor and control process do not speak the same message format. Check that both programs come from one build."),
        "wire.bad-document": Text(
            zh: "执行进程与控制进程之间的消息不是规范 JSON。请确认两个程序来自同一次构建。",
            en: "A message between executor and control process is not canonical JSON. Check that both programs come from one build."),
        "wire.too-large": Text(
            zh: "消息的 {0} 部分超过上限 {1}。请缩小该作业(更少的表、列或更短的文档)。",
            en: "The {0} part of a message is over its limit of {1}. Make the job smaller (fewer tables or columns, shorter documents)."),
        "wire.bad-descriptors": Text(
            zh: "消息附带的文件描述符与声明不符, 或系统的打开文件上限过低。请提高打开文件上限(ulimit -n)后重试。",
            en: "A message did not bring the file descriptors it announced, or the open-file limit is too low. Raise it (ulimit -n) and try again."),
        "wire.secret-refused": Text(
            zh: "收到了不应出现的密钥部分, 或没有足够的内存存放它。请提高可锁定内存上限(ulimit -l)后重试。",
            en: "A key part came where none was wanted, or there was no memory for it. Raise the limit of locked memory (ulimit -l) and try again."),
        "wire.timeout": Text(
            zh: "对方在 {0} 毫秒内没有应答。请查看作业状态后重试。",
            en: "The other side did not answer within {0} ms. Look at the job's state, then try again."),
        "wire.system": Text(
            zh: "系统拒绝了进程间通信({0})。请检查系统资源后重试。",
            en: "The system refused communication between the processes ({0}). Check the system's resources and try again."),
    ]
}
