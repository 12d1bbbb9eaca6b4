// SPDX-License-Identifier: Apache-2.0

import CryptoSuites

/// The bytes of the file as UTF-8, whatever it was written in, with the digest of what was read.
final class TextSource {
    /// The encodings that are told apart.
    enum Encoding: String {
        case utf8 = "UTF-8"
        case gb18030 = "GB18030"
    }

    private(set) var encoding: Encoding
    /// UTF-8 was decided on, and turned out wrong later.
    private(set) var turnedInvalid = false
    let isSeekable: Bool
    private let descriptor: Int32
    private let decoder: TextDecoder
    private let raw: GrowingMemory
    private var rawStart = 0
    private var offset = 0
    private var isAtEnd = false
    private var hash = SHA256()
    private var check = UTF8Check()

    /// Reads a first piece and judges the encoding from it, unless it is `known`.
    ///
    /// Throws `store.read-failed`.
    init(_ descriptor: Int32, decoder: TextDecoder, known: Encoding?) throws(StoreError) {
        self.descriptor = descriptor
        self.decoder = decoder
        isSeekable = Descriptor.isSeekable(descriptor)
        raw = try GrowingMemory(bytes: Limits.encodingSampleBytes)
        encoding = known ?? .utf8
        decoder.reset()
        while raw.count < Limits.encodingSampleBytes, !isAtEnd { try readMore() }
        guard known == nil else { return }
        var sample = UTF8Check()
        let isText = sample.accept(UnsafeRawBufferPointer(start: raw.start, count: raw.count))
        if !isText || (isAtEnd && !sample.isAtBoundary) { encoding = .gb18030 }
    }

    /// Digest of the file; right once everything was read.
    func finishDigest() -> Digest { hash.finish() }

    /// Fills the memory as far as possible with valid UTF-8; 0 at the end.
    ///
    /// Throws `store.read-failed`, `store.byte-zero`, `store.encoding-unknown`.
    func fill(_ memory: UnsafeMutableRawPointer, capacity: Int) throws(StoreError) -> Int {
        switch encoding {
        case .utf8: try fillPlain(memory, capacity)
        case .gb18030: try fillConverted(memory, capacity)
        }
    }

    private func fillPlain(_ memory: UnsafeMutableRawPointer, _ capacity: Int) throws(StoreError) -> Int {
        var count = 0
        if rawStart < raw.count {
            count = min(capacity, raw.count - rawStart)
            memory.copyMemory(from: raw.start + rawStart, byteCount: count)
            rawStart += count
        } else if !isAtEnd {
            count = try read(memory, capacity)
        }
        let isValid = check.accept(UnsafeRawBufferPointer(start: memory, count: count))
        if check.hasZero { throw StoreError(.byteZero) }
        if !isValid || (count == 0 && !check.isAtBoundary) {
            turnedInvalid = true
            throw StoreError(.encodingUnknown)
        }
        return count
    }

    private func fillConverted(_ memory: UnsafeMutableRawPointer, _ capacity: Int) throws(StoreError) -> Int {
        while true {
            if rawStart == raw.count {
                if isAtEnd { return 0 }
                raw.count = 0
                rawStart = 0
                try readMore()
                continue
            }
            var input: UnsafeMutablePointer<CChar>? = raw.start.array(CChar.self, at: rawStart)
            var inputCount = raw.count - rawStart
            var output: UnsafeMutablePointer<CChar>? = memory.array(CChar.self)
            var outputCount = capacity
            let progress = decoder.convert(&input, &inputCount, &output, &outputCount)
            rawStart = raw.count - inputCount
            let made = capacity - outputCount
            switch progress {
            case .invalid: throw StoreError(.encodingUnknown)
            case .inputCut:
                guard !isAtEnd else { throw StoreError(.encodingUnknown) }
                // The cut character moves to the front and more comes behind it.
                raw.start.copyMemory(from: raw.start + rawStart, byteCount: inputCount)
                raw.count = inputCount
                rawStart = 0
                try readMore()
            case .all, .outputFull: break
            }
            guard made > 0 else { continue }
            if check.accept(UnsafeRawBufferPointer(start: memory, count: made)), !check.hasZero { return made }
            throw StoreError(check.hasZero ? .byteZero : .encodingUnknown)
        }
    }

    private func readMore() throws(StoreError) {
        let room = Limits.encodingSampleBytes - raw.count
        raw.count += try read(raw.start + raw.count, room)
    }

    private func read(_ memory: UnsafeMutableRawPointer, _ capacity: Int) throws(StoreError) -> Int {
        guard let got = Descriptor.readSome(descriptor, into: memory, count: capacity, at: isSeekable ? offset : nil) else {
            throw StoreError(.readFailed, ["CSV"])
        }
        hash.update(UnsafeRawBufferPointer(start: memory, count: got))
        offset += got
        if got == 0 { isAtEnd = true }
        return got
    }
}
