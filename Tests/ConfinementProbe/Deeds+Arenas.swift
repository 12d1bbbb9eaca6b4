// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// How many arenas malloc makes.
extension Deeds {
    /// `arenas-THREADS-ARENAS`: so many threads beside the main one, all holding memory at once, have so many arenas.
    static func fillArenas(_ numbers: Substring) -> Bool {
        let parts = numbers.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 2 else { return false }
        let meeting = Meeting()
        let threads = (0..<parts[0]).map { _ in
            start {
                let memory = malloc(1 << 10)
                meeting.arrived.add(1, ordering: .sequentiallyConsistent)
                while !meeting.isOver.load(ordering: .sequentiallyConsistent) { sched_yield() }
                free(memory)
            }
        }
        while meeting.arrived.load(ordering: .sequentiallyConsistent) < parts[0] { sched_yield() }
        let count = arenaCount()
        meeting.isOver.store(true, ordering: .sequentiallyConsistent)
        for thread in threads {
            guard let thread, pthread_join(thread, nil) == 0 else { return false }
        }
        return count == parts[1]
    }

    private final class Meeting: Sendable {
        let arrived = Atomic<Int>(0)
        let isOver = Atomic<Bool>(false)
    }

    private typealias Information = @convention(c) (Int32, UnsafeMutablePointer<FILE>) -> Int32

    /// As malloc itself tells it.
    private static func arenaCount() -> Int {
        var text: UnsafeMutablePointer<CChar>?
        var length = 0
        // Glibc's module leaves malloc.h out.
        guard let function = dlsym(nil, "malloc_info"), let stream = open_memstream(&text, &length) else { return 0 }
        let status = unsafeBitCast(function, to: Information.self)(0, stream)
        fclose(stream)
        defer { free(text) }
        guard status == 0, let text else { return 0 }
        return String(cString: text).split(separator: "<").count { $0.hasPrefix("heap nr=") }
    }
}
