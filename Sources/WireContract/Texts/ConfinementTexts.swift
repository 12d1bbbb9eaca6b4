// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of confining and starting the executor.
    static let confinement: [String: Text] = [
        "confinement.several-threads": Text(
            zh: "执行进程在隔离之前已有多个线程, 已停止。请确认使用的是原版 yunei-executor, 且未预加载其他库。",
            en: "The executor already had several threads before it was confined, and stopped. Check that it is the original yunei-executor and that no library is preloaded."),
        "confinement.bad-profile": Text(
            zh: "内置的系统调用清单第 {0} 行无法识别。请重新构建程序。",
            en: "Line {0} of the built-in list of system calls cannot be read. Build the program again."),
        "confinement.mechanism-missing": Text(
            zh: "本机不提供必需的隔离机制 {0}({1})。请使用支持 seccomp 的 Linux 内核, 并允许该机制; yunei doctor 可列出缺少的机制。",
            en: "This machine does not offer the confinement mechanism {0}, which is required ({1}). Use a Linux kernel with seccomp that permits it; yunei doctor lists what is missing."),
        "confinement.spawn-failed": Text(
            zh: "无法启动执行程序 {0}({1})。请确认该文件存在且可执行。",
            en: "The executor {0} could not be started ({1}). Check that the file exists and may be executed."),
    ]
}
