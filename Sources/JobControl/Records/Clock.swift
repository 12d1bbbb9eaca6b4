// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// The machine's clock, injected so that tests repeat. Its times are claims, nothing more.
public struct Clock: Sendable {
    private let microseconds: @Sendable () -> Int64

    public init(microseconds: @escaping @Sendable () -> Int64) { self.microseconds = microseconds }

    /// CLOCK_REALTIME.
    public static let system = Clock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * CivilTimestamp.microsecondsPerSecond + Int64(time.tv_nsec) / 1000
    }

    /// Today's date in China, `yyyy-MM-dd`: days of grants are days there.
    public var today: String {
        let shifted = microseconds() + Self.chinaOffsetSeconds * CivilTimestamp.microsecondsPerSecond
        return String((CivilTimestamp.text(microseconds: shifted) ?? "0001-01-01").prefix(10))
    }

    private static let chinaOffsetSeconds: Int64 = 8 * 3600

    /// Now in UTC to the second, RFC 3339.
    public var text: String {
        let seconds = microseconds() / CivilTimestamp.microsecondsPerSecond * CivilTimestamp.microsecondsPerSecond
        return (CivilTimestamp.text(microseconds: seconds) ?? "0001-01-01T00:00:00") + "Z"
    }
}
