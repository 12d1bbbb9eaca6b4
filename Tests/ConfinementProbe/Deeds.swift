// SPDX-License-Identifier: Apache-2.0

import CSandbox
import Confinement
import Glibc
import Synchronization

/// What a confined process must be able to do, and what it must not notice.
enum Deeds {
    /// Made ready before confinement, because it needs files.
    struct Prepared {
        var converter: iconv_t?
    }

    static func prepare(_ name: String) -> Prepared {
        var prepared = Prepared()
        if name == "convert" { prepared.converter = iconv_open("UTF-8", "GB18030") }
        if name == "crypto" { CryptoDeed.prepare() }
        if name == "late" { _ = start { sleep(5) } }
        return prepared
    }

    static func perform(_ name: String, _ prepared: Prepared, _ report: ConfinementReport) -> Bool {
        switch name {
        case "nothing": true
        case "threads": computeInThreads()
        case "random": drawRandom()
        case "memory": growMemory()
        case "shrink": shrinkHeapsOfThreads()
        case "mappings": mapsLargeAllocations()
        case "memory-limit": meetMemoryLimit()
        case "clone3": csandbox_attempt_clone3() == ENOSYS
        case "convert": convert(prepared.converter)
        case "crypto": CryptoDeed.perform()
        case "time": tellTime()
        case "strings": workWithStrings()
        case "abort": abort()
        case "trap": trap()
        case "descriptors": countDescriptors()
        case "messages": answerMessages()
        case "report": sendReport(report)
        case "keep": keepDescriptors()
        case "wait": wait()
        default: name.hasPrefix("arenas-") ? fillArenas(name.dropFirst("arenas-".count)) : false
        }
    }

    // --- Threads ---

    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Work(body)).toOpaque()
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, context)
        return status == 0 ? thread : nil
    }

    /// Threads that give back much memory to heaps of their own, which the C library then makes smaller. It asks a file first whether
    /// it may, unless it was told never to.
    private static func mapsLargeAllocations() -> Bool {
        // A mapping of its own has a header of 16 bytes behind a page's edge; a part of the heap lies anywhere in it.
        func isMapped(_ bytes: Int) -> Bool {
            let blocks = (0..<4).map { _ in malloc(bytes) }
            defer { for block in blocks { free(block) } }
            return blocks.allSatisfy { UInt(bitPattern: $0) % 4096 == 16 }
        }
        return isMapped(Limits.allocatorMappingBytes) && !isMapped(Limits.allocatorMappingBytes - 64)
    }

    private static func shrinkHeapsOfThreads() -> Bool {
        let threads = (0..<4).map { _ in
            start {
                for _ in 0..<20 {
                    // Below the size from which each allocation is a mapping of its own.
                    let blocks = (0..<300).map { _ in malloc(100_000) }
                    for block in blocks.reversed() { free(block) }
                }
            }
        }
        for thread in threads {
            guard let thread, pthread_join(thread, nil) == 0 else { return false }
        }
        return true
    }

    private static func computeInThreads() -> Bool {
        let total = Counter()
        let lock = Mutex([Int: String]())
        for _ in 0..<3 {
            let threads = (0..<8).map { index in
                start {
                    // Each thread takes memory from its own heap and waits on a common lock.
                    let values = (0..<100_000).map { $0 &* index }
                    lock.withLock { $0[index] = String(values.count) }
                    total.value.add(values.count, ordering: .relaxed)
                }
            }
            for thread in threads {
                guard let thread, pthread_join(thread, nil) == 0 else { return false }
            }
        }
        return total.value.load(ordering: .relaxed) == 2_400_000
    }

    private final class Counter: Sendable {
        let value = Atomic<Int>(0)
    }

    // --- Memory, randomness, time, text ---

    private static func drawRandom() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 32)
        guard getentropy(&bytes, bytes.count) == 0 else { return false }
        var generator = SystemRandomNumberGenerator()
        return bytes.contains { $0 != 0 } && generator.next() != generator.next()
    }

    private static func map(_ bytes: Int) -> UnsafeMutableRawPointer? {
        let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        return memory == MAP_FAILED ? nil : memory
    }

    private static func growMemory() -> Bool {
        let bytes = 256 << 20
        guard let memory = map(bytes) else { return false }
        for offset in stride(from: 0, to: bytes, by: 4096) { memory.storeBytes(of: 1, toByteOffset: offset, as: UInt8.self) }
        // Locking may be refused by the limit, but it may be asked for.
        _ = mlock(memory, 4096)
        guard madvise(memory, bytes, MADV_DONTDUMP) == 0, munlock(memory, 4096) == 0 else { return false }
        return munmap(memory, bytes) == 0 && mprotectWorks()
    }

    private static func mprotectWorks() -> Bool {
        guard let page = map(4096) else { return false }
        return mprotect(page, 4096, PROT_NONE) == 0 && mprotect(page, 4096, PROT_READ | PROT_WRITE) == 0
    }

    /// With `--data`: what is over the limit is refused, the process lives on.
    private static func meetMemoryLimit() -> Bool { map(512 << 20) == nil && map(16 << 20) != nil }

    private static func convert(_ converter: iconv_t?) -> Bool {
        guard let converter else { return false }
        var input: [CChar] = [0xD3, 0xF2, 0xC4, 0xDA].map { CChar(bitPattern: $0) }   // 域内 in GB18030
        var output = [CChar](repeating: 0, count: 16)
        let written: Int = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                var from = source.baseAddress
                var fromCount = source.count
                var to = target.baseAddress
                var toCount = target.count
                return iconv(converter, &from, &fromCount, &to, &toCount) == 0 ? target.count - toCount : 0
            }
        }
        return String(decoding: output.prefix(written).map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self) == "域内"
    }

    private static func tellTime() -> Bool {
        var now = timespec()
        var pause = timespec(tv_sec: 0, tv_nsec: 1_000_000)
        return clock_gettime(CLOCK_REALTIME, &now) == 0 && now.tv_sec > 0
            && clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, nil) == 0 && nanosleep(&pause, nil) == 0
            && sched_yield() == 0
    }

    private static func workWithStrings() -> Bool {
        let names = ["医院": 1, "region": 2]
        let text = names.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: ",")
        return text.uppercased().contains("REGION=2") && (text as any CustomStringConvertible).description == text
            && String(describing: [1.5, 2.25]).count > 5 && Int("42") == 42 && "é".unicodeScalars.count == 1
    }

    // --- Crashes ---

    private static func trap() -> Bool {
        let numbers = [1, 2, 3]
        return numbers[CommandLine.arguments.count + 10] == 0
    }
}
