// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Mapped pages that nobody uses, all zero. Pieces that touch melt into one, so that what many small ones gave back serves a large one.
struct FreePages {
    private struct Run {
        var start: UnsafeMutableRawPointer
        var bytes: Int
        var end: UnsafeMutableRawPointer { start + bytes }
    }

    /// By address; no two touch.
    private var runs: [Run] = []
    private(set) var bytes = 0

    /// Cuts the end off the highest run that is long enough. The kernel maps downwards, so the highest pages are the oldest: those
    /// that are present already.
    mutating func take(_ wanted: Int) -> UnsafeMutableRawPointer? {
        guard let place = runs.lastIndex(where: { $0.bytes >= wanted }) else { return nil }
        bytes -= wanted
        runs[place].bytes -= wanted
        let taken = runs[place].end
        if runs[place].bytes == 0 { runs.remove(at: place) }
        return taken
    }

    /// Adds pages that are zero.
    mutating func put(_ start: UnsafeMutableRawPointer, _ count: Int) {
        bytes += count
        let place = runs.firstIndex { $0.start > start } ?? runs.count
        let joinsBelow = place > 0 && runs[place - 1].end == start
        let joinsAbove = place < runs.count && start + count == runs[place].start
        switch (joinsBelow, joinsAbove) {
        case (true, true):
            runs[place - 1].bytes += count + runs[place].bytes
            runs.remove(at: place)
        case (true, false): runs[place - 1].bytes += count
        case (false, true):
            runs[place].start = start
            runs[place].bytes += count
        case (false, false): runs.insert(Run(start: start, bytes: count), at: place)
        }
    }

    /// Gives all of them back to the system.
    mutating func unmap() {
        for run in runs { munmap(run.start, run.bytes) }
        runs = []
        bytes = 0
    }
}
