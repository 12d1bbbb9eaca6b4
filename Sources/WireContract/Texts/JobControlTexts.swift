// SPDX-License-Identifier: Apache-2.0

extension Texts {
    static let jobControl: [String: Text] = domainTexts.merging(jobTexts) { first, _ in first }

    private static let domainTexts: [String: Text] = [
        "domain.not-named": Text(
            zh: "没有指明域。请加 --domain 目录，或设置环境变量 YUNEI_DOMAIN。",
            en: "No domain is named. Add --domain DIR or set YUNEI_DOMAIN."),
        "domain.exists": Text(
            zh: "{0} 里已经有一个域。请另选目录；已有的域保持不变。",
            en: "There is a domain in {0} already. Choose another directory; the existing domain is unchanged."),
        "domain.missing": Text(
            zh: "{0} 不是域（没有 domain.json）。请检查 --domain，或用 yunei domain init 建立。",
            en: "{0} is no domain (it has no domain.json). Check --domain, or make one with yunei domain init."),
        "domain.format": Text(
            zh: "{0} 不是本版本认识的域描述。请用写下它的版本打开，或从备份恢复该文件。",
            en: "{0} is not a domain description of this version. Open it with the version that wrote it, or restore the file from a backup."),
        "domain.locked": Text(
            zh: "域 {0} 正被另一个进程使用。等它结束后再试。",
            en: "The domain {0} is in use by another process. Wait for it to end, then try again."),
        "domain.damaged": Text(
            zh: "{0} 比日志还新，说明日志被截短或被旧备份覆盖。不要继续使用；先用 yunei audit verify 检查，再恢复完整的日志。",
            en: "{0} is ahead of the log: the log was cut or replaced by an old backup. Do not go on; check with yunei audit verify and restore the complete log."),
        "key.file-missing": Text(
            zh: "找不到密钥文件 {0}。请从备份恢复它；托管密钥若放在别处，请用 YUNEI_CUSTODY_KEY 指明路径。",
            en: "The key file {0} is missing. Restore it from its backup; if the custody key lies elsewhere, name its path in YUNEI_CUSTODY_KEY."),
        "key.file-damaged": Text(
            zh: "密钥文件 {0} 已损坏，或不属于这个域。请从备份恢复它。",
            en: "The key file {0} is damaged or belongs to another domain. Restore it from its backup."),
        "identity.unknown": Text(
            zh: "域内没有名为 {0} 的人员。请检查 --as，或由主管部门用 yunei identity add 添加。",
            en: "The domain knows no identity {0}. Check --as, or have an authority add it with yunei identity add."),
        "identity.exists": Text(
            zh: "人员 {0} 已存在。请另取名字；人员及其密钥不能被替换。",
            en: "The identity {0} exists already. Choose another name; an identity and its key are never replaced."),
        "identity.name": Text(
            zh: "人员名字不可用：只能用字母、数字、- _ .，不超过 {0} 字节，不以点开头，也不能是 domain。",
            en: "This name cannot be used: letters, digits, - _ . only, at most {0} bytes, not beginning with a dot, and not `domain`."),
        "identity.role": Text(
            zh: "没有角色 {0}。可用的角色：{1}。",
            en: "There is no role {0}. Roles are: {1}."),
        "identity.key-mismatch": Text(
            zh: "{0} 的密钥文件与日志中登记的公钥不符。请从备份恢复该人员自己的密钥文件。",
            en: "The key file of {0} does not belong to the public key in the log. Restore this person's own key file from its backup."),
        "role.not-permitted": Text(
            zh: "{0} 的角色是 {1}，不能执行 {2}。允许的角色：{3}。",
            en: "{0} has the role {1}, which does not include {2}. Permitted: {3}."),
        "organisation.not-permitted": Text(
            zh: "{0} 属于“{1}”，而这里需要“{2}”的人员。",
            en: "{0} is of the organisation “{1}”; here somebody of “{2}” is needed."),
        "passphrase.missing": Text(
            zh: "需要 {0} 的口令。请设置 {1} 或 YUNEI_PASSPHRASE，或在终端中输入。",
            en: "The passphrase of {0} is needed. Set {1} or YUNEI_PASSPHRASE, or type it on a terminal."),
        "passphrase.wrong": Text(
            zh: "{0} 的口令不对。请检查 {1} 或 YUNEI_PASSPHRASE。",
            en: "The passphrase of {0} is wrong. Check {1} or YUNEI_PASSPHRASE."),
        "document.kind": Text(
            zh: "{0} 是另一类文档。请改用 yunei {1}。",
            en: "{0} is a document of another kind. Use yunei {1}."),
        "object.missing": Text(
            zh: "域内对象 {0} 不见了。请从备份恢复该文件，再运行 yunei doctor。",
            en: "The object {0} is missing from the domain. Restore the file from a backup, then run yunei doctor."),
        "object.altered": Text(
            zh: "域内对象 {0} 被改动过。请从备份恢复该文件，再运行 yunei doctor。",
            en: "The object {0} has been altered. Restore the file from a backup, then run yunei doctor."),
        "input.unreadable": Text(zh: "无法读取 {0}：{1}。请检查路径和权限。", en: "Cannot read {0}: {1}. Check the path and its permissions."),
        "input.too-large": Text(zh: "{0} 过大，上限为 {1} 字节。", en: "{0} is too large; the limit is {1} bytes."),
        "output.unwritable": Text(
            zh: "无法在 {0} 写文件：{1}。请检查路径和权限。什么都没有执行。",
            en: "No file can be written at {0}: {1}. Check the path and its permissions. Nothing was run."),
        "entry.malformed": Text(
            zh: "日志中有一条记录不合格式或签名无效。请运行 yunei audit verify。",
            en: "An entry of the log is malformed or wrongly signed. Run yunei audit verify."),
        "entry.too-large": Text(
            zh: "{0} 记录超出日志单条上限，未写入。请缩减所涉文档。",
            en: "The entry {0} is beyond the log's limit for one entry and was not written. Make the document smaller."),
        "audit.no-such-entry": Text(zh: "日志没有第 {0} 条，共 {1} 条。", en: "The log has no entry {0}; it has {1}."),
    ]

    private static let jobTexts: [String: Text] = [
        "table.unknown": Text(
            zh: "域内没有登记表 {0}。用 yunei table list 查看，或由数源单位用 yunei policy apply 登记。",
            en: "No table {0} is registered. See yunei table list, or have its unit register it with yunei policy apply."),
        "table.not-loaded": Text(
            zh: "表 {0} 已列入目录但尚未供给数据。请数源单位用 yunei table load 加载。",
            en: "The table {0} is listed, not supplied: no data has been loaded. Have its unit load it with yunei table load."),
        "table.load-mode": Text(zh: "没有加载方式 {0}。可用：replace、append、upsert。", en: "There is no mode {0}. Use replace, append or upsert."),
        "table.sample-rows": Text(
            zh: "--synthetic 须是 1 到 {0} 的整数。请改用这个范围内的行数。",
            en: "--synthetic must be a number from 1 to {0}. Ask for so many rows."),
        "table.as-of": Text(
            zh: "--as-of 不是时间。请写成 2026-10-31 或 2026-10-31T08:00:00。",
            en: "--as-of is no time. Write 2026-10-31 or 2026-10-31T08:00:00."),
        "table.bad-values": Text(
            zh: "表 {0} 的文件中有 {1} 处无法读取的值，未加载任何数据。位置与原因见下（不显示值）。改正后重试，或加 --reject-file 文件 跳过这些行。",
            en: "The file for table {0} has {1} bad values; nothing was loaded. Places and reasons follow (values are never shown). Mend them, or add --reject-file FILE to leave those rows out."),
        "product.unknown": Text(
            zh: "没有产品 {0}。用 yunei product list 查看，或用 yunei product submit 提交。",
            en: "There is no product {0}. See yunei product list, or submit it with yunei product submit."),
        "product.not-signed": Text(
            zh: "产品 {0} 还不能运行：缺少以下签名：{1}。产品、策略或参数一经修改，原有签名即失效。请相关方运行 yunei product approve。",
            en: "The product {0} may not run yet: signatures missing: {1}. Any change of product, policy or parameters voids earlier ones. Have them run yunei product approve."),
        "grant.not-yet-valid": Text(
            zh: "{0} 自 {1} 起有效，今天是 {2}（北京时间）。请届时再运行。",
            en: "{0} is valid from {1}; today is {2} (China time). Run it then."),
        "grant.expired": Text(
            zh: "{0} 有效期至 {1}，今天是 {2}（北京时间），已过期。请写明新的有效期，重新提交并签名。",
            en: "{0} was valid until {1}; today is {2} (China time). Give it new days of use, submit it again and have it signed."),
        "grant.used-up": Text(
            zh: "{0} 的运行次数 {1} 已用完；失败的运行也计入。请重新提交并签名。",
            en: "The {1} runs of {0} are used up; runs that failed count. Submit it again and have it signed."),
        "grant.withdrawn": Text(
            zh: "{0} 的授权在运行期间失效（缺少的签名：{1}），结果未出域。可能是签名被撤回、退回，或策略、产品、常设授权已修改。",
            en: "The grant of {0} ended while the job ran (signatures missing: {1}), and no result left. A signature was taken back, or policy, product or standing approval were changed."),
        "grant.epoch-missing": Text(
            zh: "数据表 {0} 没有授权的数据期次（{1}）：没有以这些期次装载、且不含其他期次数据的版本。请用 --period 装载，或修改产品的 数据期次。",
            en: "Table {0} has no version of the data epoch that is granted ({1}): none was loaded for these periods and rests on no other. Load it with --period, or change the product's data_epoch."),
        "parameter.missing": Text(zh: "缺少参数 {0}(类型 {1})。请加 --param {0}=值。", en: "The parameter {0} ({1}) is missing. Add --param {0}=VALUE."),
        "parameter.unknown": Text(zh: "产品没有参数 {0}。它的参数：{1}。", en: "The product has no parameter {0}. Its parameters: {1}."),
        "parameter.repeated": Text(zh: "参数 {0} 给出了两次。请只保留一个 --param {0}=值。", en: "The parameter {0} is given twice. Keep one --param {0}=VALUE."),
        "query.too-many-columns": Text(
            zh: "结果的列数超过上限 {0}。请拆成几个产品。",
            en: "The result has more than {0} columns. Split it into several products."),
        "parameter.value": Text(
            zh: "参数 {0} 的值不在已批准的范围内：{1}。",
            en: "The value of parameter {0} is outside its approved domain: {1}."),
        "standing.missing": Text(
            zh: "自由查询需要常设授权：没有有效的授权允许角色 {0} 读取 {1}。请主管部门应用一份常设授权，或提交产品。",
            en: "Free SQL needs a standing approval: none in force lets the role {0} read {1}. Have the authority apply one, or submit a product."),
        "executor.missing": Text(
            zh: "找不到执行器 {0}。它应与 yunei 放在同一目录，请重新安装或构建。",
            en: "The executor {0} is missing. It belongs beside yunei; install or build again."),
        "executor.ended": Text(
            zh: "执行器意外终止（{0}）。没有结果离开域，作业已记为失败。可以重试；若反复出现，请运行 yunei doctor。",
            en: "The executor ended unexpectedly ({0}). No result left the domain and the job is recorded as failed. Try again; if it recurs, run yunei doctor."),
        "executor.timeout": Text(
            zh: "执行器运行超过 {0} 秒，已被终止。没有结果离开域。",
            en: "The executor took longer than {0} seconds and was ended. No result left the domain."),
        "executor.disagrees": Text(
            zh: "执行器报告的摘要与其写出的文件不符，未采用任何内容。请运行 yunei doctor。",
            en: "The executor's digests do not match the files it wrote; nothing was taken over. Run yunei doctor."),
        "result.altered": Text(
            zh: "结果与执行器报告的摘要不符，未放行。请运行 yunei doctor。",
            en: "The result does not match the digest that the executor reported; it was not released. Run yunei doctor."),
        "machine.swap-is-on": Text(
            zh: "机器启用了交换区，明文可能被写到磁盘。请关闭交换区，或设置 YUNEI_ALLOW_SWAP=1 承担此风险。",
            en: "The machine has swap on, so that plaintext could reach a disk. Turn it off, or set YUNEI_ALLOW_SWAP=1 to accept the risk."),
        "decision.malformed": Text(
            zh: "这不是判定记录：{0} 处不符合格式。请使用 yunei product check --record 写出的原始文件。",
            en: "This is no decision record: it is not of the format at {0}. Use the original file that yunei product check --record wrote."),
        "receipt.malformed": Text(zh: "这个文件不是回执。", en: "This file is no receipt."),
        "receipt.not-verified": Text(
            zh: "回执未通过校验：{0} 不成立。不要信任与它一起的结果。",
            en: "The receipt does not verify: {0} does not hold. Do not trust the result that came with it."),
        "internal.unexpected": Text(
            zh: "发生了本程序没有预料到的错误。请附上所用命令向维护者报告。",
            en: "An error happened that this program did not foresee. Please report it to the maintainers with the command you used."),
    ]
}
