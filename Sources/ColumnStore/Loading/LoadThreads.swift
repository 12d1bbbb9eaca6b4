// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Does independent pieces of work on the threads of one load. Threads live for one call only: starting one takes some ten
/// microseconds, and a piece is the share of one column in thousands of rows.
package struct LoadThreads {
    /// From 1, the caller's own, to `Limits.threads`.
    package let count: Int

    package init(count: Int) { self.count = min(max(count, 1), Limits.threads) }

    /// Calls `body` once for each piece of `0..<pieces`, with the number of the thread that does it. Pieces are begun in order. Throws
    /// the failure of the lowest piece; those not yet begun are then left out.
    func run(_ pieces: Int, _ body: @escaping (_ piece: Int, _ thread: Int) throws(StoreError) -> Void) throws(StoreError) {
        let queue = PieceQueue(pieces)
        var started: [(thread: pthread_t, share: ThreadShare)] = []
        for number in 1..<max(min(count, pieces), 1) {
            let share = ThreadShare(number, queue, body)
            var thread = pthread_t()
            let reference = Unmanaged.passRetained(share)
            let status = pthread_create(&thread, nil, { raw in
                if let raw { Unmanaged<ThreadShare>.fromOpaque(raw).takeRetainedValue().run() }
                return nil
            }, reference.toOpaque())
            // Without a further thread the others do its pieces.
            if status == 0 { started.append((thread, share)) } else { reference.release() }
        }
        let own = ThreadShare(0, queue, body)
        own.run()
        for (thread, _) in started { pthread_join(thread, nil) }
        let failures = ([own] + started.map(\.share)).compactMap(\.failure)
        if let first = failures.min(by: { $0.piece < $1.piece }) { throw first.error }
    }
}

/// Hands out piece numbers.
private final class PieceQueue: Sendable {
    private let next = Atomic<Int>(0)
    private let pieces: Int

    init(_ pieces: Int) { self.pieces = pieces }

    func take() -> Int? {
        let piece = next.add(1, ordering: .relaxed).oldValue
        return piece < pieces ? piece : nil
    }

    func stop() { next.store(pieces, ordering: .relaxed) }
}

/// What one thread does. Read by the caller only after the thread ended.
private final class ThreadShare: @unchecked Sendable {
    private let number: Int
    private let queue: PieceQueue
    private let body: (Int, Int) throws(StoreError) -> Void
    private(set) var failure: (piece: Int, error: StoreError)?

    init(_ number: Int, _ queue: PieceQueue, _ body: @escaping (Int, Int) throws(StoreError) -> Void) {
        self.number = number
        self.queue = queue
        self.body = body
    }

    func run() {
        while let piece = queue.take() {
            do throws(StoreError) {
                try body(piece, number)
            } catch {
                failure = (piece, error)
                return queue.stop()
            }
        }
    }
}
