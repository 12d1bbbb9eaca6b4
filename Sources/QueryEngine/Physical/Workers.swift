// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Runs one piece of work on several threads. Threads live for one piece only: starting one takes some ten microseconds, and
/// nothing of a job outlives it.
enum Workers {
    /// Calls `body` with 0..<count, each on a thread of its own, 0 on the caller's. Where a thread cannot be started its number is
    /// left out, so work must be taken from a shared counter. Throws the failure of the lowest number.
    static func run(_ count: Int, _ body: @escaping (Int) throws(EngineError) -> Void) throws(EngineError) {
        guard count > 1 else { return try body(0) }
        var started: [(thread: pthread_t, task: WorkerTask)] = []
        for number in 1..<count {
            let task = WorkerTask(number, body)
            var thread = pthread_t()
            let reference = Unmanaged.passRetained(task)
            let status = pthread_create(&thread, nil, { raw in
                if let raw { Unmanaged<WorkerTask>.fromOpaque(raw).takeRetainedValue().run() }
                return nil
            }, reference.toOpaque())
            if status == 0 {
                started.append((thread, task))
            } else {
                reference.release()
            }
        }
        let own = WorkerTask(0, body)
        own.run()
        for (thread, _) in started { pthread_join(thread, nil) }
        for task in [own] + started.map(\.task) { if let failure = task.failure { throw failure } }
    }
}

extension Workers {
    /// Calls `body` with each of 0..<parts once, spread over `threads` threads.
    static func run(_ threads: Int, each parts: Int, _ body: @escaping (Int) throws(EngineError) -> Void) throws(EngineError) {
        let counter = PartCounter()
        try run(min(max(threads, 1), max(parts, 1))) { (_) throws(EngineError) in
            while true {
                let part = counter.next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard part < parts else { return }
                try body(part)
            }
        }
    }

    private final class PartCounter: Sendable {
        let next = Atomic<Int>(0)
    }
}

/// One thread's share. Read by the caller only after the thread ended.
private final class WorkerTask: @unchecked Sendable {
    private let number: Int
    private let body: (Int) throws(EngineError) -> Void
    private(set) var failure: EngineError?

    init(_ number: Int, _ body: @escaping (Int) throws(EngineError) -> Void) {
        self.number = number
        self.body = body
    }

    func run() {
        do throws(EngineError) { try body(number) } catch { failure = error }
    }
}
