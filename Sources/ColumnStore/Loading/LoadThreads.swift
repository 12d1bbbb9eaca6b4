// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// The threads of one load. They live as long as `serve` runs, so that a step of a fraction of a millisecond can be spread over them.
package final class LoadThreads: @unchecked Sendable {
    /// From 1, the caller's own, to `Limits.threads`.
    package let count: Int
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let change: UnsafeMutablePointer<pthread_cond_t>
    /// Work that is not done, the most urgent first.
    private var open: [LoadWork] = []
    private var isOver = false

    package init(count: Int) {
        self.count = min(max(count, 1), Limits.threads)
        lock = .allocate(capacity: 1)
        change = .allocate(capacity: 1)
        pthread_mutex_init(lock, nil)
        pthread_cond_init(change, nil)
    }

    deinit {
        pthread_cond_destroy(change)
        pthread_mutex_destroy(lock)
        change.deallocate()
        lock.deallocate()
    }

    /// Calls `body` on the caller's thread while the others wait for pieces of `run` and `begin`. What was begun and not finished when it
    /// ends is left out.
    package func serve(_ body: @escaping () throws(StoreError) -> Void) throws(StoreError) {
        isOver = false
        try Workers.run(count) { (thread) throws(StoreError) in
            if thread > 0 { return self.help(thread) }
            defer { self.end() }
            try body()
        }
    }

    /// Calls `body` once for each piece of `0..<pieces`, with the number of the thread that does it. Pieces are begun in order. Throws
    /// the failure of the lowest piece; those not yet begun are then left out. For the thread of `serve`'s caller.
    package func run(_ pieces: Int, _ body: @escaping LoadWork.Body) throws(StoreError) {
        let work = LoadWork([(pieces, body)])
        pthread_mutex_lock(lock)
        open.insert(work, at: 0)
        try finishLocked(work)
    }

    /// As `run` for one stage after the other, without waiting: threads that have nothing more urgent do it until `finish`.
    package func begin(_ stages: [(pieces: Int, body: LoadWork.Body)]) -> LoadWork {
        let work = LoadWork(stages)
        pthread_mutex_lock(lock)
        open.append(work)
        pthread_cond_broadcast(change)
        pthread_mutex_unlock(lock)
        return work
    }

    /// Helps until the work is done, and throws its failure.
    package func finish(_ work: LoadWork) throws(StoreError) {
        pthread_mutex_lock(lock)
        try finishLocked(work)
    }

    private func finishLocked(_ work: LoadWork) throws(StoreError) {
        if count > 1 { pthread_cond_broadcast(change) }
        while !work.isDone {
            if let piece = work.take() {
                perform(work, piece, thread: 0)
            } else if !performOne(thread: 0) {
                pthread_cond_wait(change, lock)
            }
        }
        open.removeAll { $0 === work }
        pthread_mutex_unlock(lock)
        if let failure = work.failure { throw failure }
    }

    private func help(_ thread: Int) {
        pthread_mutex_lock(lock)
        while !isOver {
            if !performOne(thread: thread) { pthread_cond_wait(change, lock) }
        }
        pthread_mutex_unlock(lock)
    }

    private func end() {
        pthread_mutex_lock(lock)
        isOver = true
        open = []
        pthread_cond_broadcast(change)
        pthread_mutex_unlock(lock)
    }

    /// Does a piece of the most urgent work that has one. The lock is held before and after.
    private func performOne(thread: Int) -> Bool {
        for work in open {
            guard let piece = work.take() else { continue }
            perform(work, piece, thread: thread)
            return true
        }
        return false
    }

    private func perform(_ work: LoadWork, _ piece: LoadWork.Piece, thread: Int) {
        pthread_mutex_unlock(lock)
        var failure: StoreError?
        do throws(StoreError) { try piece.body(piece.number, thread) } catch { failure = error }
        pthread_mutex_lock(lock)
        // Whoever waits does so for the end of a stage.
        if work.complete(piece, failure) { pthread_cond_broadcast(change) }
    }
}
