// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import MetadataStore

/// An identity whose private key is open: the person who acts now.
public struct Actor: Sendable {
    public let record: IdentityRecord
    let signingKey: SigningKey

    public var name: String { record.name }
    public var role: Role { Role(rawValue: record.role) ?? .auditor }
    public var organisation: String { record.organisation }
}

/// What a person is to the domain. One person, one role.
public enum Role: String, Sendable, CaseIterable {
    /// 数据资源管理部门
    case authority
    /// 数源单位
    case unit
    /// 行业主管部门
    case sector
    /// 运营机构
    case `operator`
    /// 产品开发商
    case developer
    /// 使用单位
    case user
    /// 安全审查
    case reviewer
    /// 专家
    case expert
    /// 审计
    case auditor
}

/// Where passphrases come from: the environment or a prompt, by identity name. Nil means that there is none to be had.
public typealias PassphraseSource = (_ identity: String) throws -> [UInt8]?
