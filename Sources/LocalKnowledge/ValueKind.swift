// SPDX-License-Identifier: Apache-2.0

/// What a value may be, told from its form alone. Where a value has several forms, the earlier kind says more.
public enum ValueKind: Int, Sendable, Hashable, CaseIterable {
    /// Resident identity number 公民身份号码 (GB 11643).
    case residentID
    /// Unified social credit code 统一社会信用代码 (GB 32100).
    case creditCode
    /// Number of a bank card.
    case bankCard
    /// Mobile phone.
    case mobilePhone
    /// Fixed phone with its area code.
    case fixedPhone
    /// Number plate of a vehicle (GA 36).
    case plate
    case email
    /// Administrative division 行政区划代码 (GB/T 2260, statistical codes).
    case division
    case postcode
    /// Two to four Chinese characters that begin with a surname.
    case personalName

    /// The stable name in reports and records.
    public var code: String {
        switch self {
        case .residentID: "resident_id"
        case .creditCode: "credit_code"
        case .bankCard: "bank_card"
        case .mobilePhone: "mobile_phone"
        case .fixedPhone: "fixed_phone"
        case .plate: "plate"
        case .email: "email"
        case .division: "division"
        case .postcode: "postcode"
        case .personalName: "name"
        }
    }

    /// Nil for a name of no kind.
    public init?(code: String) {
        guard let kind = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = kind
    }

    /// Whether a value points at one person, enterprise or vehicle.
    public var isIdentifying: Bool {
        switch self {
        case .residentID, .creditCode, .bankCard, .mobilePhone, .fixedPhone, .plate, .email, .personalName: true
        case .division, .postcode: false
        }
    }
}

/// The kinds that one value has the form of.
public struct ValueKinds: OptionSet, Sendable, Hashable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public init(_ kind: ValueKind) { rawValue = 1 << UInt16(kind.rawValue) }

    public func contains(_ kind: ValueKind) -> Bool { contains(ValueKinds(kind)) }
}
