// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// Messages of CryptoSuites.
    static let cryptoSuites: [String: Text] = [
        "crypto.suite-unavailable": Text(
            zh: "密码套件 {0} 在本版本中不可用。请改用 --suite international。",
            en: "The cryptographic suite {0} is not available in this version. Use --suite international."),
        "crypto.suite-unknown": Text(
            zh: "没有名为 {0} 的密码套件。可用的有 international。",
            en: "There is no cryptographic suite named {0}. Available: international."),
        "crypto.library-unavailable": Text(
            zh: "密码库 {0} 无法启动或运算失败。请检查它是否已安装且完好，然后重试。",
            en: "The cryptographic library {0} did not start or failed. Check that it is installed and intact, then retry."),
        "crypto.authentication-failed": Text(
            zh: "加密数据未通过完整性校验：内容被改动、截断或调换。请从备份恢复该文件，并向安全审查方报告。",
            en: "Sealed data failed its integrity check: it was altered, cut or swapped. Restore the file from a backup and tell the reviewer."),
        "crypto.commitment-mismatch": Text(
            zh: "密钥与加密数据不符：用了别的密钥，或数据不属于这个位置。请检查文件是否被调换。",
            en: "The key does not belong to the sealed data: another key was used, or the data belongs to another place. Check whether files were swapped."),
        "crypto.wrong-passphrase": Text(
            zh: "口令不正确（或密钥文件被改动）。请重新输入口令；若口令无误，请从备份恢复密钥文件。",
            en: "The passphrase is wrong (or the key file was altered). Enter it again; if it is right, restore the key file from a backup."),
        "crypto.malformed": Text(
            zh: "{0} 的格式不正确：长度或开头标记不符。请从备份恢复该文件。",
            en: "The {0} is not well-formed: its length or opening mark is wrong. Restore the file from a backup."),
        "crypto.version-unknown": Text(
            zh: "{0} 的格式版本比本程序新。请升级程序后再打开。",
            en: "The {0} has a format version that this program does not know. Update the program, then open it again."),
        "crypto.wrong-length": Text(
            zh: "{0} 的长度必须为 {1} 字节。请检查输入。",
            en: "The {0} must have a length of {1} bytes. Check the input."),
        "crypto.limit-exceeded": Text(
            zh: "{0} 超过上限 {1}。请减小后重试。",
            en: "The {0} exceeds the limit {1}. Make it smaller and try again."),
        "crypto.out-of-memory": Text(
            zh: "口令运算需要 {0} MiB 内存，系统没有给出。请释放内存后重试。",
            en: "Working on the passphrase needs {0} MiB of memory, which the system did not give. Free some memory and try again."),
    ]
}
