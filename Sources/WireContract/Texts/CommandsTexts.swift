// SPDX-License-Identifier: Apache-2.0

extension Texts {
    static let commands: [String: Text] = commandTexts.merging(doctorTexts) { first, _ in first }

    private static let commandTexts: [String: Text] = [
        "command.not-in-this-version": Text(
            zh: "本版本还不提供 {0}。其余命令照常可用，见 yunei --help。",
            en: "{0} is not available in this version. The other commands work; see yunei --help."),
        "command.usage": Text(zh: "命令用法有误，见 yunei --help。", en: "Wrong use, see yunei --help. "),
        "command.option-value": Text(zh: "选项 {0} 缺少值或值不对。", en: "The option {0} lacks its value, or has a wrong one."),
        "command.passphrase-prompt": Text(zh: "{0} 的口令：", en: "Passphrase of {0}:"),
        "command.domain-made": Text(
            zh: "已在 {0} 建立域，主管部门身份为 {1}。请妥善保管托管密钥 {2}：它与数据放在一起即可解密，宜放到别的介质上（YUNEI_CUSTODY_KEY）。",
            en: "Made a domain in {0} with the authority {1}. Look after the custody key {2}: together with the data it decrypts; better keep it on other media (YUNEI_CUSTODY_KEY)."),
        "command.identity-added": Text(zh: "已添加 {0}，角色 {1}，单位“{2}”。", en: "Added {0}, role {1}, of “{2}”."),
        "command.policy-applied": Text(zh: "已应用策略（{0} {1}），新登记的表：{2}", en: "Applied the policy ({0} {1}); tables newly registered: {2}"),
        "command.effective-line": Text(zh: "生效策略", en: "Effective policy"),
        "command.owner": Text(zh: "出自", en: "Owner"),
        "command.table-loaded": Text(
            zh: "表 {0} 已加载为第 {1} 版：{2} 行，拒收 {3} 行。",
            en: "Loaded table {0} as version {1}: {2} rows, {3} rejected."),
        "command.table-sampled": Text(
            zh: "已按表 {0} 的策略虚构 {1} 行，写入 {2}。其中没有任何真实数据；同一个 --seed 总得到同样的行，各表的主体标识也相互对得上。",
            en: "Invented {1} rows of table {0} from its policy and wrote them to {2}. Nothing in them is real; the same --seed always gives the same rows, and identifiers of entities meet across tables."),
        "command.rows-read": Text(zh: "已读 {0} 行", en: "{0} rows read"),
        "command.bad-value": Text(zh: "第 {0} 行，列 {1}：{2}", en: "row {0}, column {1}: {2}"),
        "command.table": Text(zh: "表", en: "Table"),
        "command.unit": Text(zh: "数源单位", en: "Unit"),
        "command.version": Text(zh: "版本", en: "Version"),
        "command.as-of": Text(zh: "数据时点", en: "As of"),
        "command.listed-not-supplied": Text(zh: "已列入，未供给", en: "listed, not supplied"),
        "command.column": Text(zh: "列", en: "Column"),
        "command.type": Text(zh: "类型", en: "Type"),
        "command.capabilities": Text(zh: "可用于", en: "May be used to"),
        "command.product": Text(zh: "产品", en: "Product"),
        "command.submitted-by": Text(zh: "提交人", en: "Submitted by"),
        "command.missing-signatures": Text(zh: "尚缺签名", en: "Signatures missing"),
        "command.none": Text(zh: "无", en: "none"),
        "command.product-submitted": Text(
            zh: "产品 {0} 已提交并通过检查。签名：{1}。尚缺：{2}。",
            en: "The product {0} is submitted and passed the check. Signatures: {1}. Missing: {2}."),
        "command.product-shown": Text(
            zh: "产品 {0}。签名：{1}。尚缺：{2}。签名所覆盖的内容如下：",
            en: "Product {0}. Signatures: {1}. Missing: {2}. What signatures are under:"),
        "command.product-state": Text(zh: "产品 {0}。签名：{1}。尚缺：{2}。", en: "Product {0}. Signatures: {1}. Missing: {2}."),
        "command.product-allowed": Text(
            zh: "产品 {0} 可以通过检查。读取的表：{1}。需要签名的单位：{2}。没有执行任何操作。",
            en: "The product {0} would pass the check. Tables read: {1}. Units that must sign: {2}. Nothing was run."),
        "command.refused": Text(zh: "已拒绝，原因 {0} 条：", en: "Refused. Reasons: {0}"),
        "command.needs-review": Text(
            zh: "需要人工复核，原因 {0} 条（本版本不能运行需要复核的作业）：",
            en: "Needs a person's review (this version cannot run what needs review). Reasons: {0}"),
        "command.whose-rule": Text(zh: "规则出自：{0}", en: "Whose rule: {0}"),
        "command.passes-if": Text(zh: "改为这样即可通过：{0}", en: "Passes if: {0}"),
        "command.passes-if-verified": Text(zh: "改为这样即可通过（已按改后的语句或策略复核）：{0}", en: "Passes if (checked again with the change): {0}"),
        "command.repair": Text(zh: "全部改动一起可以通过。改后的语句：", en: "With all changes together it passes. The changed statement:"),
        "command.repair-review": Text(
            zh: "全部改动之后只剩人工复核。改后的语句：", en: "With all changes together only a person's review is left. The changed statement:"),
        "command.repair-grant": Text(zh: "另需 {0} 为 {1} 增加能力：{2}", en: "{0} also has to grant on {1}: {2}"),
        "command.repair-parameters": Text(zh: "参数取值域改为：{0}", en: "Domains of the parameters become: {0}"),
        "command.record-written": Text(zh: "判定记录已写入 {0}（SHA-256 {1}）。", en: "The decision record is in {0} (SHA-256 {1})."),
        "command.replay-same": Text(
            zh: "重新计算的判定与记录逐字节相同：产品 {0}，判定 {1}，记录 SHA-256 {2}。",
            en: "The verdict computed again is the same as in the record, byte for byte: product {0}, verdict {1}, record SHA-256 {2}."),
        "command.replay-different": Text(
            zh: "重新计算的判定与记录不同，差异 {0} 处。记录由检查器第 {1} 版作出，本机为第 {2} 版。差异位置：",
            en: "The verdict computed again differs from the record in {0} places. The record is of checker version {1}, this is version {2}. Where:"),
        "command.withheld-cell": Text(zh: "[已隐去]", en: "[withheld]"),
        "command.groups-left-out": Text(
            zh: "主体数低于最少主体数的分组连同其名称一并略去；是否有这样的分组不予说明。",
            en: "Groups with fewer entities than the minimum are left out with their keys; whether there were any is not told."),
        "command.rehearsal": Text(zh: "【演练】本结果出自演练域，不得对外使用。", en: "[REHEARSAL] This result comes from a rehearsal domain; it is not for use."),
        "command.source": Text(zh: "数据来源：{0} 第 {1} 版，时点 {2}", en: "Source: {0} version {1}, as of {2}"),
        "command.receipt": Text(zh: "回执：{0}", en: "Receipt: {0}"),
        "command.index": Text(zh: "序号", en: "Index"),
        "command.time": Text(zh: "时间", en: "Time"),
        "command.entry-type": Text(zh: "类型", en: "Type"),
        "command.actor": Text(zh: "人员", en: "Actor"),
        "command.subject": Text(zh: "对象", en: "About"),
        "command.log-verified": Text(
            zh: "日志通过校验：{0} 条，根 {1}。每条记录的签名、叶子、分片和检查点都已重新推导。",
            en: "The log verifies: {0} entries, root {1}. Every entry's signature, every leaf, tile and the checkpoint were derived again."),
        "command.log-not-verified": Text(zh: "日志未通过校验：", en: "The log does not verify:"),
        "command.log-exported": Text(
            zh: "日志已导出到 {0}，公钥在 log.vkey。任何 C2SP 工具都可校验。",
            en: "The log was copied to {0}, with its key in log.vkey. Any C2SP tool can verify it."),
        "command.receipt-verified": Text(zh: "回执通过校验，出自日志 {0}。经过：", en: "The receipt verifies, from the log {0}. The story:"),
        "command.receipt-with-result": Text(zh: "结果文件与回执相符：{0}", en: "The result file is the one of the receipt: {0}"),
        "command.receipt-without-result": Text(
            zh: "回执所证明的结果摘要：{0}(旁边没有结果文件，未比对)",
            en: "Digest of the result that the receipt proves: {0} (no result file beside it, not compared)"),
    ]

    private static let doctorTexts: [String: Text] = [
        "doctor.log-good": Text(zh: "日志完好：{0} 条", en: "The log is sound: {0} entries"),
        "doctor.log-bad": Text(zh: "日志未通过校验：{0}。请从备份恢复 audit/。", en: "The log does not verify: {0}. Restore audit/ from a backup."),
        "doctor.objects-good": Text(zh: "对象完好：{0} 个", en: "The objects are sound: {0}"),
        "doctor.object-bad": Text(zh: "对象缺失或被改动：{0}。请从备份恢复该文件。", en: "An object is missing or altered: {0}. Restore the file from a backup."),
        "doctor.keys-locked": Text(zh: "密钥锁定在内存中", en: "Keys are locked in memory"),
        "doctor.keys-not-locked": Text(zh: "密钥未能锁定在内存中。请提高 RLIMIT_MEMLOCK。", en: "Keys could not be locked in memory. Raise RLIMIT_MEMLOCK."),
        "doctor.swap-off": Text(zh: "没有启用交换区", en: "Swap is off"),
        "doctor.swap-on": Text(zh: "启用了交换区：明文可能写到磁盘。请关闭它。", en: "Swap is on: plaintext could reach a disk. Turn it off."),
        "doctor.executor-confined": Text(zh: "执行器能自我约束：试图打开文件即被终止", en: "The executor confines itself: trying to open a file ended it"),
        "doctor.executor-not-confined": Text(
            zh: "执行器没有被约束：它能打开文件。不要在这台机器上运行作业。",
            en: "The executor is not confined: it could open a file. Run no job on this machine."),
        "doctor.executor-fails": Text(zh: "执行器无法启动或约束（{0}）。", en: "The executor does not start or confine itself ({0})."),
    ]
}
