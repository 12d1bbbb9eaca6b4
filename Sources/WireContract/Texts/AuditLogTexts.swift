// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of AuditLog.
    static let auditLog: [String: Text] = [
        "log.key-malformed": Text(
            zh: "日志公钥“{0}”格式不正确。请使用 yunei audit key 打印的整行内容。",
            en: "The log key “{0}” is not well-formed. Use the whole line that yunei audit key prints."),
        "log.key-mismatch": Text(
            zh: "所给私钥不是日志 {0} 的签名密钥。请使用该日志自己的密钥。",
            en: "The private key given is not the one that signs the log {0}. Use the key of that log."),
        "log.key-unsupported": Text(
            zh: "{0} 的密钥使用了本版本不支持的签名类型。请提供 Ed25519 密钥。",
            en: "The key of {0} uses a signature type that this version does not know. Give an Ed25519 key."),
        "log.note-malformed": Text(
            zh: "签名文本的格式不正确。请重新取得该文件，不要用编辑器另存。",
            en: "The signed note is not well-formed. Fetch the file again; do not save it from an editor."),
        "log.note-unknown-keys": Text(
            zh: "签名文本上没有 {0} 的签名。请检查公钥是否属于这份日志。",
            en: "The signed note carries no signature of {0}. Check that the key belongs to this log."),
        "log.signature-invalid": Text(
            zh: "{0} 的签名无效：内容被改动，或并非由它签发。请向日志的运行方核实。",
            en: "The signature of {0} is not valid: the content was altered or signed by someone else. Ask the log's operator."),
        "log.checkpoint-malformed": Text(
            zh: "检查点的格式不正确。请重新取得 checkpoint 文件。",
            en: "The checkpoint is not well-formed. Fetch the checkpoint file again."),
        "log.origin-mismatch": Text(
            zh: "这些文件不属于日志 {0}。请检查目录或公钥是否选错。",
            en: "These files do not belong to the log {0}. Check the directory and the key."),
        "log.proof-malformed": Text(
            zh: "存证证明的格式不正确。请重新导出证明文件。",
            en: "The transparency proof is not well-formed. Export the proof file again."),
        "log.proof-invalid": Text(
            zh: "存证证明不成立：第 {0} 条记录不在该检查点之下。请检查记录与证明是否匹配。",
            en: "The transparency proof does not hold: entry {0} is not under that checkpoint. Check that record and proof belong together."),
        "log.entry-too-large": Text(
            zh: "日志记录超过 {0} 字节的上限，未写入。请缩短记录内容。",
            en: "A log entry is longer than {0} bytes and was not written. Make the record shorter."),
        "log.batch-invalid": Text(
            zh: "一次追加的记录必须为 1 至 {0} 条，且总长不超过 {1} 字节；什么都没有写入。请分批追加。",
            en: "One append takes 1 to {0} entries and at most {1} bytes; nothing was written. Append in smaller batches."),
        "log.index-out-of-range": Text(
            zh: "日志中没有第 {0} 条记录（共 {1} 条）。请用 yunei audit list 查看编号。",
            en: "The log has no entry {0} (it has {1}). See yunei audit list for the numbers."),
        "log.already-exists": Text(
            zh: "{0} 中已有日志，未做改动。请换一个目录。",
            en: "There is a log in {0} already; it was left alone. Choose another directory."),
        "log.file-missing": Text(
            zh: "日志缺少文件 {0}。请从备份恢复，并向安全审查方报告。",
            en: "The log lacks the file {0}. Restore it from a backup and tell the reviewer."),
        "log.file-unexpected": Text(
            zh: "日志目录中有不属于日志的文件 {0}。请查明来源后移走。",
            en: "The log's directory holds a file that is not part of the log: {0}. Find out where it comes from and move it away."),
        "log.bundle-malformed": Text(
            zh: "记录文件 {0} 已损坏。请从备份恢复，并向安全审查方报告。",
            en: "The entry file {0} is damaged. Restore it from a backup and tell the reviewer."),
        "log.entry-altered": Text(
            zh: "{0} 中的日志记录与其哈希不符，已被改动。请从备份恢复，并向安全审查方报告。",
            en: "A log entry in {0} does not match its hash: one of them was altered. Restore the log from a backup and tell the reviewer."),
        "log.tile-altered": Text(
            zh: "哈希文件 {0} 与日志记录不符。请从备份恢复，并向安全审查方报告。",
            en: "The hash file {0} does not match the log's entries. Restore it from a backup and tell the reviewer."),
        "log.root-mismatch": Text(
            zh: "由日志记录算出的根与已签名的检查点不符（{0}）。日志被改动：请从备份恢复，并向安全审查方报告。",
            en: "The root derived from the entries differs from the one that was signed ({0}). The log was altered: restore it from a backup and tell the reviewer."),
        "log.inconsistent": Text(
            zh: "日志与早先的检查点不一致（{0}）：历史被改写。请保留两份检查点并向安全审查方报告。",
            en: "The log does not agree with an earlier checkpoint ({0}): history was rewritten. Keep both checkpoints and tell the reviewer."),
        "log.format-unknown": Text(
            zh: "{0} 的格式版本比本程序新。请升级程序后再打开。",
            en: "{0} has a format version that this program does not know. Update the program, then open it again."),
        "log.pending-damaged": Text(
            zh: "待发布记录 {0} 在字节 {1} 处损坏，其中有已确认的记录。请从备份恢复该文件，不要删除。",
            en: "The file of pending records {0} is damaged at byte {1}; it holds acknowledged entries. Restore it from a backup, do not delete it."),
        "log.signer-state-missing": Text(
            zh: "找不到签名状态 {0}，无法确认上次签到哪里。请从备份恢复；不要新建日志代替它。",
            en: "The signer's state {0} is missing, so it is unknown what was signed last. Restore it from a backup; do not start a new log in its place."),
        "log.signer-state-damaged": Text(
            zh: "签名状态 {0} 已损坏。请从备份恢复。",
            en: "The signer's state {0} is damaged. Restore it from a backup."),
        "log.signer-rollback": Text(
            zh: "日志回退：一处为 {0} 条，另一处已签到 {1} 条，拒绝继续。可能误用了旧备份，请恢复最新的备份。",
            en: "The log went back: one side has {0} entries, the other signed {1}; it is not continued. An old backup may be in use: restore the newest one."),
        "log.signer-fork": Text(
            zh: "大小为 {0} 的日志已签过另一个根，拒绝再签。请保留现场并向安全审查方报告。",
            en: "Another root was signed for size {0} already; it is not signed again. Keep everything as it is and tell the reviewer."),
    ]
}
