// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of ColumnStore.
    static let columnStore: [String: Text] = [
        "store.block-altered": Text(
            zh: "表 {0} 的列 {1} 的第 {2} 块已被改动、截断或调换，未读取任何内容。请从备份恢复该文件，并核查谁动过它。",
            en: "Block {2} of column {1} of table {0} was altered, cut or moved; nothing of it was read. Restore the file from a backup and find out who touched it."),
        "store.file-altered": Text(
            zh: "表 {0} 的列 {1} 的密文文件与清单不符（被改动、截断或替换）。请从备份恢复该文件。",
            en: "The sealed file of column {1} of table {0} does not match its manifest (altered, cut or replaced). Restore it from a backup."),
        "store.manifest-altered": Text(
            zh: "表 {0} 的清单与存证记录不符或已被改动。请从备份恢复清单文件。",
            en: "The manifest of table {0} does not match the log, or was altered. Restore the manifest file from a backup."),
        "store.directory-altered": Text(
            zh: "主体类型 {0} 的主体目录与存证记录不符或已被改动，未加载任何数据。请从备份恢复目录文件。",
            en: "The entity directory of {0} does not match the log, or was altered; nothing was loaded. Restore the directory file from a backup."),
        "store.wrong-version": Text(
            zh: "给出的清单不属于表 {0} 的版本 {1}。请核对版本；较旧的版本不会被当作较新的版本。",
            en: "The manifest given does not belong to version {1} of table {0}. Check the version; an older one never stands in for a newer one."),
        "store.format-unknown": Text(
            zh: "{0} 的存储格式版本不为本程序所知。请使用写入它的版本或更新的版本。",
            en: "The format version of {0} is not known to this program. Use the release that wrote it, or a newer one."),
        "store.wrong-key": Text(
            zh: "{0} {1} 的密钥或位置不符，未读取任何内容。请核对授权与版本。",
            en: "Key or place of {0} {1} do not fit; nothing was read. Check the grant and the version."),
        "store.column-unknown": Text(
            zh: "表 {0} 的这个版本没有列或主体 {1}。请查看表结构。",
            en: "This version of table {0} has no column or entity {1}. Look at the table's schema."),
        "store.file-missing": Text(
            zh: "没有给出表 {0} 的列 {1} 的文件，无法读取。请确认该列已获授权。",
            en: "The file of column {1} of table {0} was not given, so it cannot be read. Check that the column was granted."),
        "store.out-of-memory": Text(
            zh: "内存不足，操作未生效。请释放内存或调低内存预算后重试。",
            en: "There is not enough memory; the operation did not take effect. Free memory or lower the memory budget, then retry."),
        "store.read-failed": Text(
            zh: "读取 {0} 失败。请检查文件与磁盘后重试。",
            en: "Reading {0} failed. Check the file and the disk, then retry."),
        "store.write-failed": Text(
            zh: "写入 {0} 失败，未加载任何数据。请检查磁盘后重试。",
            en: "Writing {0} failed; nothing was loaded. Check the disk, then retry."),
        "store.no-space": Text(
            zh: "写入 {0} 时磁盘空间已满，未加载任何数据。请腾出空间后重试。",
            en: "The disk is full while writing {0}; nothing was loaded. Free some space, then retry."),
        "store.plan-invalid": Text(
            zh: "加载计划中的 {0} 无效。请检查策略文件中该表的定义。",
            en: "{0} of the load plan is not valid. Check the table's definition in the policy document."),
        "store.schema-changed": Text(
            zh: "表 {0} 的结构与上一版本不同，不能追加或更新。请用 --mode replace 重新加载。",
            en: "The structure of table {0} differs from its last version, so rows cannot be appended or updated. Load it anew with --mode replace."),
        "store.previous-missing": Text(
            zh: "需要表 {0} 的已有版本，但尚未加载。请先加载该表。",
            en: "A version of table {0} is needed and none is loaded. Load that table first."),
        "store.column-missing": Text(
            zh: "文件的表头没有列 {0}，未加载任何数据。请核对表头或策略中的列名。",
            en: "The header of the file has no column {0}; nothing was loaded. Check the header, or the column's name in the policy."),
        "store.column-repeated": Text(
            zh: "文件的表头中列 {0} 出现多次，未加载任何数据。请只保留一列。",
            en: "Column {0} stands more than once in the header of the file; nothing was loaded. Keep one of them."),
        "store.header-missing": Text(
            zh: "文件是空的，连表头也没有。请检查是否选错了文件。",
            en: "The file is empty and has no header. Check that it is the right file."),
        "store.csv-malformed": Text(
            zh: "第 {0} 条数据记录不是合规的 CSV（引号或换行有误），未加载任何数据。请按 RFC 4180 修正该记录（0 表示表头）。",
            en: "Data record {0} is not well-formed CSV (quotes or line ends); nothing was loaded. Correct it after RFC 4180 (0 is the header)."),
        "store.record-too-long": Text(
            zh: "第 {0} 条数据记录超过 {1} 字节的上限，未加载任何数据。请检查是否缺少右引号。",
            en: "Data record {0} is longer than the limit of {1} bytes; nothing was loaded. Check for a missing closing quote."),
        "store.byte-zero": Text(
            zh: "文件含有零字节，不是文本文件，未加载任何数据。请以 UTF-8 或 GB18030 重新导出。",
            en: "The file contains zero bytes and is no text; nothing was loaded. Export it again as UTF-8 or GB18030."),
        "store.encoding-unknown": Text(
            zh: "文件既不是 UTF-8 也不是 GB18030，未加载任何数据。请以其中一种编码重新导出。",
            en: "The file is neither UTF-8 nor GB18030; nothing was loaded. Export it again in one of these."),
        "store.decoder-unavailable": Text(
            zh: "系统缺少 GB18030 转换表。请安装 C 库的 gconv 模块后重试。",
            en: "The system has no conversion table for GB18030. Install the gconv modules of the C library, then retry."),
        "store.limit-exceeded": Text(
            zh: "{0} 超过上限 {1}，操作未生效。请拆分数据后重试。",
            en: "{0} exceeds the limit of {1}; the operation did not take effect. Split the data, then retry."),
        "store.fan-out-exceeded": Text(
            zh: "表 {0} 的策略写明每个主体（{1}）最多 {2} 行，而新版本中有主体超过此数，未加载任何数据。请改正数据，或在策略中改大“每主体最多行数”。",
            en: "The policy of table {0} says that one entity ({1}) has at most {2} rows, and the new version would give one more; nothing was loaded. Correct the data, or raise fan_out in the policy."),
        "store.spill-no-space": Text(
            zh: "作业的内存不够，要把中间行密封后暂存到域所在的磁盘，但磁盘已满。作业已停止，没有任何结果出域，暂存的内容已释放。请腾出空间后重新运行。",
            en: "The job put rows aside, sealed, that did not fit its memory, and the disk of the domain is full. The job was stopped, nothing was released and the space was given back. Free some space, then run again."),
        "store.spill-failed": Text(
            zh: "作业暂存的密封中间行写入失败，作业已停止，没有任何结果出域。请检查域所在的磁盘后重新运行。",
            en: "Rows that the job put aside, sealed, could not be written; the job was stopped and nothing was released. Check the disk of the domain, then run again."),
        "store.spill-altered": Text(
            zh: "作业暂存的密封中间行在运行期间被改动、截断或调换，作业已停止，没有任何结果出域。请检查域所在的磁盘和本机上的进程后重新运行。",
            en: "Rows that the job put aside, sealed, were altered, cut or exchanged while it ran; the job was stopped and nothing was released. Check the disk of the domain and the processes of this machine, then run again."),
        "store.spill-missing": Text(
            zh: "数据超过 {0} 字节的内存预算，而没有给出溢写文件。请提高预算或提供溢写空间。",
            en: "The rows exceed the memory budget of {0} bytes and no spill file was given. Raise the budget or give space to spill."),
        "store.cryptography": Text(
            zh: "密封 {0} 时密码库出错，操作未生效。请运行 yunei doctor 检查环境。",
            en: "The cryptographic library failed while sealing {0}; the operation did not take effect. Run yunei doctor to check the environment."),
    ]
}
