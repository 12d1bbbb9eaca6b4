// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of DurableFiles.
    static let durableFiles: [String: Text] = [
        "file.missing": Text(
            zh: "找不到文件 {0}。请检查路径，或从备份恢复。",
            en: "The file {0} is missing. Check the path, or restore it from a backup."),
        "file.exists": Text(
            zh: "{0} 已存在，未被改动。请换一个名称，或先移走它。",
            en: "{0} exists already and was left alone. Choose another name, or move it away first."),
        "file.permission-denied": Text(
            zh: "没有访问 {0} 的权限。请检查文件属主与权限后重试。",
            en: "Access to {0} is not permitted. Check its owner and permissions, then retry."),
        "file.read-only": Text(
            zh: "{0} 所在的文件系统是只读的，什么都没有写入。请以可写方式挂载后重试。",
            en: "The file system of {0} is read-only; nothing was written. Mount it writable, then retry."),
        "file.disk-full": Text(
            zh: "写入 {0} 时磁盘空间已满，操作未生效。请腾出空间后重试。",
            en: "The disk is full while writing {0}; the operation did not take effect. Free some space, then retry."),
        "file.locked": Text(
            zh: "{0} 正被另一个进程使用。请等它结束后重试。",
            en: "{0} is in use by another process. Wait until it ends, then retry."),
        "file.wrong-kind": Text(
            zh: "{0} 不是所需的类型（文件或目录）。请检查路径。",
            en: "{0} is not of the kind needed (file or directory). Check the path."),
        "file.too-large": Text(
            zh: "{0} 超过 {1} 字节的上限，未读取。请检查是否选错了文件。",
            en: "{0} is longer than the limit of {1} bytes and was not read. Check that it is the right file."),
        "file.input-output": Text(
            zh: "读写 {0} 时出错：{1}。请检查磁盘后重试。",
            en: "Reading or writing {0} failed: {1}. Check the disk, then retry."),
        "file.sync-failed": Text(
            zh: "{0} 未能落盘，无法确认已写入的内容，本进程不再写入。请检查磁盘，然后重新启动程序。",
            en: "{0} could not be flushed to disk, so what was written is unknown; this process writes no more. Check the disk, then start the program again."),
    ]
}
