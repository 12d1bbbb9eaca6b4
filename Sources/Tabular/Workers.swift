// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Runs one piece of work on several threads. Threads live for one piece only: starting one takes some ten microseconds, and
/// nothing of a job outlives it.
package enum Workers {
    /// Calls `body` with 0..<count, each on a thread of its own, 0 on the caller's. Where a thread cannot be started its number is
    /// left out, so work must be taken from a shared counter. Throws the failure of the lowest number.
    package static func run<Failure: Error>(
        _ count: Int, _ body: @escaping (Int) throws(Failure) -> Void
    ) throws(Failure) {
        guard count > 1 else { return try body(0) }
        var started: [(thread: pthread_t, task: FallibleTask<Failure>)] = []
        for number in 1..<count {
            let task = FallibleTask(number, body)
            var thread = pthread_t()
            let reference = Unmanaged<WorkerTask>.passRetained(task)
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
        let own = FallibleTask(0, body)
        own.run()
        for (thread, _) in started { pthread_join(thread, nil) }
        for task in [own] + started.map({ $0.task }) { if let failure = task.failure { throw failure } }
    }

    /// Calls `body` with each of 0..<parts once, spread over `threads` threads.
    package static func run<Failure: Error>(
        _ threads: Int, each parts: Int, _ body: @escaping (Int) throws(Failure) -> Void
    ) throws(Failure) {
        let counter = PartCounter()
        try run(min(max(threads, 1), max(parts, 1))) { (_) throws(Failure) in
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

/// One thread's share.
private class WorkerTask {
    func run() {}
}

/// Read by the caller only after the thread ended.
private final class FallibleTask<Failure: Error>: WorkerTask, @unchecked Sendable {
    private let number: Int
    private let body: (Int) throws(Failure) -> Void
    private(set) var failure: Failure?

    init(_ number: Int, _ body: @escaping (Int) throws(Failure) -> Void) {
        self.number = number
        self.body = body
    }

    override func run() {
        do throws(Failure) { try body(number) } catch { failure = error }
    }
}
