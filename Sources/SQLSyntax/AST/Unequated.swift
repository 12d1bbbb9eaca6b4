// SPDX-License-Identifier: Apache-2.0

/// A stored value that comparison leaves out, so that syntax trees compare by meaning and not by place.
@propertyWrapper
public struct Unequated<Value: Sendable>: Equatable, Sendable {
    /// The value.
    public let wrappedValue: Value

    /// Wraps a value.
    public init(wrappedValue: Value) {
        self.wrappedValue = wrappedValue
    }

    /// Always true.
    public static func == (left: Unequated<Value>, right: Unequated<Value>) -> Bool { true }
}
