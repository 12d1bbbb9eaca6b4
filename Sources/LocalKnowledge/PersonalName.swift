// SPDX-License-Identifier: Apache-2.0

/// Texts that look like names of persons: two or three Chinese characters that begin with a frequent surname, three or four that begin with
/// one of two characters, or four that begin with two surnames, and do not end like a place, an institution or a count.
enum PersonalName {
    /// The hundred most frequent surnames of the national report of 2020, and some more.
    private static let surnames: StaticString = """
        王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖\
        石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文洪施牛樊葛邢安齐庞伍颜倪梅季鲍阮储章\
        殷申耿关焦左柳甘祝包宁尚符舒阳詹欧童凌霍翟柯路
        """
    private static let longSurnames: StaticString = "欧阳上官司马诸葛司徒东方独孤南宫夏侯皇甫尉迟公孙慕容令狐长孙宇文"
    private static let endings: StaticString = """
        省市区县旗镇乡村街路里园院校局厂店科所部厅处站司会室族药病症炎岁号次个类级型度班组队系社费品
        """

    /// Whether a text in plain form looks like one.
    static func isLikely(_ text: Bytes) -> Bool {
        let characters = text.count / 3
        guard text.count % 3 == 0, (2...4).contains(characters) else { return false }
        for character in 0..<characters where !ChineseCharacters.isOne(text, character * 3) { return false }
        guard !ChineseCharacters.contains(endings, text, text.count - 3) else { return false }
        if characters > 2, beginsLong(text) { return true }
        guard ChineseCharacters.contains(surnames, text, 0) else { return false }
        return characters < 4 || ChineseCharacters.contains(surnames, text, 3)
    }

    private static func beginsLong(_ text: Bytes) -> Bool {
        let start = longSurnames.utf8Start
        var entry = 0
        while entry + 6 <= longSurnames.utf8CodeUnitCount {
            if (0..<6).allSatisfy({ start[entry + $0] == text[$0] }) { return true }
            entry += 6
        }
        return false
    }
}
