// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Looks for many values under all their forms in one pass, so that every run can be searched.
struct CanarySearch: Sendable {
    private struct Needle: Sendable {
        let name: String
        let bytes: [UInt8]
    }

    private let needles: [Needle]
    /// Needles by their first eight bytes.
    private let starts: [UInt64: [Int]]
    /// Which eight bytes may begin a needle, by a hash.
    private let mayStart: [Bool]
    private let shift: UInt64

    init(values: Set<String>) {
        self.init(values.flatMap { value in Canary.forms(of: value).map { Needle(name: "\(value) as \($0.name)", bytes: $0.bytes) } })
    }

    init(keys: [(name: String, bytes: [UInt8])]) {
        self.init(keys.flatMap { key in Canary.encodings(of: key.bytes, name: key.name).map { Needle(name: $0.name, bytes: $0.bytes) } })
    }

    private init(_ needles: [Needle]) {
        self.needles = needles.filter { $0.bytes.count >= Canary.leastBytes }
        // So many places that few of them are taken.
        let bits = max(12, 64 - (self.needles.count * 64).leadingZeroBitCount)
        shift = UInt64(64 - bits)
        var mayStart = [Bool](repeating: false, count: 1 << bits)
        var starts: [UInt64: [Int]] = [:]
        for (number, needle) in self.needles.enumerated() {
            let start = needle.bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
            starts[start, default: []].append(number)
            mayStart[Self.hash(start, shift)] = true
        }
        self.starts = starts
        self.mayStart = mayStart
    }

    private static func hash(_ start: UInt64, _ shift: UInt64) -> Int { Int(truncatingIfNeeded: (start &* 0x9E37_79B9_7F4A_7C15) >> shift) }

    // MARK: Made once

    static func of(_ values: Set<String>) -> CanarySearch {
        if let known = ofValues.withLock({ $0[values] }) { return known }
        let search = CanarySearch(values: values)
        ofValues.withLock { $0[values] = search }
        return search
    }

    static func of(_ keys: [(name: String, bytes: [UInt8])]) -> CanarySearch {
        let bytes = keys.flatMap(\.bytes)
        if let known = ofKeys.withLock({ $0[bytes] }) { return known }
        let search = CanarySearch(keys: keys)
        ofKeys.withLock { $0[bytes] = search }
        return search
    }

    private static let ofValues = Mutex<[Set<String>: CanarySearch]>([:])
    private static let ofKeys = Mutex<[[UInt8]: CanarySearch]>([:])

    /// Names of what stands in `content`.
    func found(in content: Data) -> [String] {
        guard !needles.isEmpty, content.count >= Canary.leastBytes else { return [] }
        var found: Set<Int> = []
        content.withUnsafeBytes { content in
            mayStart.withUnsafeBufferPointer { mayStart in
                for place in 0...(content.count - Canary.leastBytes) {
                    let start = content.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                    guard mayStart[Self.hash(start, shift)], let candidates = starts[start] else { continue }
                    for candidate in candidates {
                        let bytes = needles[candidate].bytes
                        if content[place...].starts(with: bytes) { found.insert(candidate) }
                    }
                }
            }
        }
        return found.sorted().map { needles[$0].name }
    }
}
