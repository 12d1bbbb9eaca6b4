// SPDX-License-Identifier: Apache-2.0

/// Pieces of work in stages: those of a stage are independent of each other, and begun when all of the stage before are done.
package final class LoadWork {
    package typealias Body = (_ piece: Int, _ thread: Int) throws(StoreError) -> Void
    typealias Piece = (number: Int, body: Body)

    private let stages: [(pieces: Int, body: Body)]
    private var stage = 0
    private var next = 0
    private var running = 0
    private var lowest: (piece: Int, error: StoreError)?

    init(_ stages: [(pieces: Int, body: Body)]) { self.stages = stages.filter { $0.pieces > 0 } }

    var failure: StoreError? { lowest?.error }
    var isDone: Bool { running == 0 && (stage == stages.count || lowest != nil) }

    /// A piece that can be begun now.
    func take() -> Piece? {
        guard lowest == nil, stage < stages.count, next < stages[stage].pieces else { return nil }
        next += 1
        running += 1
        return (next - 1, stages[stage].body)
    }

    /// Whether a stage ended by this piece.
    func complete(_ piece: Piece, _ failure: StoreError?) -> Bool {
        running -= 1
        if let failure, piece.number < lowest?.piece ?? Int.max { lowest = (piece.number, failure) }
        guard running == 0, lowest != nil || next == stages[stage].pieces else { return false }
        if lowest == nil { (stage, next) = (stage + 1, 0) }
        return true
    }
}
