// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Confinement
import Foundation
import Glibc
import JobControl
import Synchronization
import Testing

/// Jobs whose rows do not fit the memory of jobs: through the real executor, confined, with an unnamed file of the domain.
@Suite(.serialized) struct SpillTests {
    private static let policy = """
        table: series
        unit: 市卫健委
        grade: 一般
        personal: 非个人
        open: true
        columns:
          k:    { type: int64 }
          note: { type: text }
        """

    /// Stands in a row that is put aside.
    private static let mark = Hospital.canaryPerson
    private static let groups = "SELECT COUNT(*), SUM(n), COUNT(least) FROM (SELECT k, COUNT(*) AS n, MIN(note) AS least FROM series GROUP BY k) AS s"
    private static let join = "SELECT COUNT(*), COUNT(b.note), SUM(a.k) FROM series a JOIN series b ON a.k = b.k"
    /// One group: values are put aside instead of keys.
    private static let single = "SELECT COUNT(DISTINCT k + 1), SUM(DISTINCT k), percentile_cont(0.5) WITHIN GROUP (ORDER BY k), MAX(note), COUNT(*) FROM series"
    private static let memory: Int64 = 8 << 20

    private static let rows = 480_000

    /// Of 320,000 keys, far apart and in no order: neither an index by value nor one of ascending keys holds them. They are so long that none
    /// stands in a digest by chance.
    private static func prepared() throws -> Yunei {
        let yunei = try Yunei.founded(rehearsal: true).applying(policy)
        let lines = (0..<rows).map { "\($0 % 320_000 * 48_271 % 2_147_483_647 * 1_000_000_007),\($0 % 60_000 == 7 ? mark : "r\($0 % 1_000)")" }
        return try yunei.loading("k,note\n" + lines.joined(separator: "\n") + "\n", into: "series")
    }

    private static func run(
        _ yunei: Yunei, _ sql: String, memory: Int64? = nil, launcher: any ExecutorLauncher = Yunei.launcher
    ) throws -> (rows: JSONValue?, fault: FaultCode?) {
        var ceilings = JobControl.Limits.Ceilings()
        if let memory { ceilings.jobMemoryBytes = memory }
        return try yunei.inProcess(ceilings) { domain in
            let actor = try domain.unlock("op", passphrases: Yunei.passphrase)
            do {
                guard case .released(let job) = try domain.runQuery(sql: sql, by: actor, launcher: launcher) else { return (nil, nil) }
                return (try JSONValue.parseCanonical(job.result)["rows"], nil)
            } catch { return (nil, FaultCode.of(error)) }
        }
    }

    @Test("Little memory: the same answer; what was put aside is sealed and leaves no file behind")
    func littleMemory() throws {
        let yunei = try Self.prepared()
        for sql in [Self.groups, Self.join, Self.single] {
            let idle = SpillLauncher(), busy = SpillLauncher()
            let whole = try Self.run(yunei, sql, launcher: idle)
            #expect(whole.rows?.elements?.count == 1 && whole.fault == nil)
            #expect(idle.takeWritten().isEmpty)
            let again = try Self.run(yunei, sql, memory: Self.memory, launcher: busy)
            #expect(again.rows == whole.rows && again.fault == nil, "\(String(describing: again.fault))")
            let aside = busy.takeWritten()
            #expect(aside.count > Self.rows * 9)
            #expect(aside.starts(with: Data("YNSR".utf8)))
            #expect(aside.range(of: Data(Self.mark.utf8)) == nil)
        }
        // Nothing at all can be computed in this.
        #expect(try Self.run(yunei, Self.groups, memory: 1).fault?.code == "engine.resource-exhausted")
        try yunei.expectSound()
    }

    @Test("The authority's baseline lowers the memory of jobs, and the executor keeps to it")
    func policyLowersMemory() throws {
        let yunei = try Self.prepared()
        let before = SpillLauncher(), after = SpillLauncher()
        let whole = try Self.run(yunei, Self.groups, launcher: before)
        let aside = before.takeWritten()
        try yunei.applying("baseline: city@1\nfloors: { core: forbidden }\njob_memory: 16\n", as: "authority")
        let again = try Self.run(yunei, Self.groups, launcher: after)
        #expect(whole.rows != nil && again.rows == whole.rows)
        #expect(aside.isEmpty && !after.takeWritten().isEmpty)
    }

    @Test("A full disk, and bytes that are altered meanwhile: their own messages, the machine's status, recorded, nothing left behind")
    func faults() throws {
        let yunei = try Self.prepared()
        let full = try #require(try Self.run(yunei, Self.groups, memory: Self.memory, launcher: SpillLauncher(.full)).fault)
        #expect(full.code == "store.spill-no-space" && ExitStatus.of(full) == .internalFault)
        let altering = SpillLauncher(.altered)
        let altered = try #require(try Self.run(yunei, Self.groups, memory: Self.memory, launcher: altering).fault)
        altering.end()
        #expect(altered.code == "store.spill-altered" && ExitStatus.of(altered) == .internalFault)
        #expect(try Self.run(yunei, Self.groups, memory: Self.memory).fault == nil)
        #expect(try yunei.entryTypes().suffix(6) == ["job.intended", "job.failed", "job.intended", "job.failed", "job.intended", "job.released"])
        try yunei.expectSound()
    }
}

/// Starts real executors and sees, or spoils, the unnamed file that the job is given for what does not fit memory.
private final class SpillLauncher: ExecutorLauncher {
    enum Deed { case watch, full, altered }

    private let deed: Deed
    private let copy = Mutex<Int32>(-1)
    private let isOver = Atomic<Bool>(false)

    init(_ deed: Deed = .watch) { self.deed = deed }

    /// The job ended.
    func end() { isOver.store(true, ordering: .relaxed) }

    func launch() throws -> ExecutorProcess {
        // The last unnamed file that this process opened in the domain.
        let spill = try #require((3..<256).map { Int32($0) }.last { (try? Self.path(of: $0))?.contains("/staging/#") ?? false })
        switch deed {
        case .watch: copy.withLock { $0 = dup(spill) }
        case .full:
            let full = open("/dev/full", O_RDWR | O_CLOEXEC)
            #expect(dup2(full, spill) == spill)
            close(full)
        case .altered:
            // A byte of each 4 KiB, as soon as it is there.
            Thread.detachNewThread { [self] in
                let own = dup(spill)
                while !isOver.load(ordering: .relaxed) {
                    for place in stride(from: off_t(64), to: lseek(own, 0, SEEK_END), by: 4_096) { pwrite(own, [0xFF], 1, place) }
                    usleep(500)
                }
                close(own)
            }
        }
        return try Yunei.launcher.launch()
    }

    /// What was put aside. To be asked once after the job: the file goes away then, and the next launcher finds its own.
    func takeWritten() -> Data {
        copy.withLock { number in
            var bytes = Data(count: Int(max(lseek(number, 0, SEEK_END), 0)))
            let length = bytes.count
            _ = bytes.withUnsafeMutableBytes { pread(number, $0.baseAddress, length, 0) }
            close(number)
            number = -1
            return bytes
        }
    }

    private static func path(of number: Int32) throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
    }
}
