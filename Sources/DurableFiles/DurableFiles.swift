// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// Every change of a file that must survive a crash, each made of numbered steps that tests can fail or kill.
///
/// A flush that fails is final: from then on every operation of the object is refused with `file.sync-failed`,
/// because the kernel may have dropped the data and would report success the next time.
public final class DurableFiles: Sendable {
    /// The files of this process, with the faults that its environment asks for.
    public static let process = DurableFiles(observer: DurableStep.environmentObserver())

    private let observer: DurableStep.Observer?
    private let steps = Atomic<Int>(0)
    // Set for good by a failed flush.
    private let stopped = Atomic<Bool>(false)
    private static let temporaries = Atomic<Int>(0)

    /// Files whose every step is shown to an observer first.
    public init(observer: DurableStep.Observer? = nil) { self.observer = observer }

    /// How many steps were begun.
    public var stepCount: Int { steps.load(ordering: .relaxed) }

    /// Takes one step: asks the observer, then calls, and turns a failure into a ``DurableError``.
    func take(_ kind: DurableStep.Kind, _ path: String, _ call: () -> Int32) throws(DurableError) {
        try begin(kind, path)
        if call() < 0 { throw failure(kind, errno, path) }
    }

    /// Writes all bytes at the descriptor's position, as one step.
    func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(DurableError) {
        try begin(.write, path) { _ = transfer(bytes.prefix(bytes.count / 2), descriptor) }
        if let number = transfer(bytes[...], descriptor) { throw failure(.write, number, path) }
    }

    /// A name beside `path` that no other writer uses, nor one before a crash used.
    static func temporaryName(for path: String) -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let number = temporaries.add(1, ordering: .relaxed).newValue
        return "\(directory(of: path))/.\(name(of: path)).\(getpid()).\(number).\(now.tv_sec).\(now.tv_nsec).tmp"
    }

    /// Runs after a failed step, unless the failure stands for the death of the process.
    func tidy(_ action: () -> Void) {
        if !stopped.load(ordering: .acquiring) { action() }
    }

    private func begin(_ kind: DurableStep.Kind, _ path: String, tear: () -> Void = {}) throws(DurableError) {
        guard !stopped.load(ordering: .acquiring) else { throw DurableError(.syncFailed, [path]) }
        let number = steps.add(1, ordering: .relaxed).newValue
        switch observer?(DurableStep(number: number, kind: kind, path: path)) {
        case nil: return
        case .fail(let number): throw failure(kind, number, path)
        case .stop: break
        case .tear: tear()
        }
        stopped.store(true, ordering: .releasing)
        throw DurableError(.syncFailed, [path])
    }

    private func failure(_ kind: DurableStep.Kind, _ number: Int32, _ path: String) -> DurableError {
        guard kind == .flush || kind == .flushDirectory else { return DurableError(errno: number, path: path) }
        stopped.store(true, ordering: .releasing)
        let error = DurableError(errno: number, path: path)
        return error.code == .diskFull ? error : DurableError(.syncFailed, [path])
    }

    /// The error number, or nil when all bytes are written.
    private func transfer(_ bytes: Slice<UnsafeRawBufferPointer>, _ descriptor: Int32) -> Int32? {
        var rest = UnsafeRawBufferPointer(rebasing: bytes)
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return nil
    }

    static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: 0x2F) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func name(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: 0x2F) else { return path }
        return String(path[path.index(after: slash)...])
    }
}
