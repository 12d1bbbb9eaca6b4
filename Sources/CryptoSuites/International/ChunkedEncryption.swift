// SPDX-License-Identifier: Apache-2.0

/// Whole messages in the file form of c2sp.org/chunked-encryption@v1: salt || commitment || chunks.
///
/// Every chunk but the last holds 16 KiB; the last is always shorter (maybe empty), so that a cut shows.
public enum ChunkedEncryption {
    public static let chunkBytes = 16_384
    private static let headerBytes = BlockKeys.saltByteCount + BlockKeys.commitmentByteCount

    /// Length of the sealed form of a message.
    public static func sealedByteCount(messageBytes: Int) -> Int {
        headerBytes + messageBytes + (messageBytes / chunkBytes + 1) * Tag.byteCount
    }

    /// Length of the message in a sealed form, or nil when no message has a sealed form of that length.
    public static func messageByteCount(sealedBytes: Int) -> Int? {
        let sealedChunk = chunkBytes + Tag.byteCount
        let chunks = sealedBytes - headerBytes
        guard chunks >= Tag.byteCount, chunks % sealedChunk >= Tag.byteCount else { return nil }
        return chunks / sealedChunk * chunkBytes + chunks % sealedChunk - Tag.byteCount
    }

    /// Seals under a fresh salt. Throws `crypto.limit-exceeded` beyond ``CryptoSuites.Limits/chunkedMessageBytes``.
    public static func seal(
        _ message: [UInt8], inputKey: SecretKey, context: [UInt8], random: RandomBytes = .system
    ) throws(CryptoError) -> [UInt8] {
        try message.withBytes { bytes throws(CryptoError) in
            try seal(bytes, inputKey: inputKey, context: context, random: random)
        }
    }

    public static func seal(
        _ message: UnsafeRawBufferPointer, inputKey: SecretKey, context: [UInt8], random: RandomBytes = .system
    ) throws(CryptoError) -> [UInt8] {
        try seal(message, inputKey: inputKey, salt: BlockKeys.salt(from: random), context: context)
    }

    /// Seals under a given salt, which must never repeat for one key: for reference values only.
    package static func seal(
        _ message: UnsafeRawBufferPointer, inputKey: SecretKey, salt: [UInt8], context: [UInt8]
    ) throws(CryptoError) -> [UInt8] {
        guard message.count <= CryptoSuites.Limits.chunkedMessageBytes else {
            throw CryptoError(.limitExceeded, ["message", String(CryptoSuites.Limits.chunkedMessageBytes)])
        }
        let keys = try BlockKeys.derive(inputKey: inputKey, salt: salt, context: context)
        let sealing = keys.makeContext()
        var sealed = salt + keys.commitment
        let count = sealedByteCount(messageBytes: message.count)
        sealed.append(contentsOf: repeatElement(0, count: count - sealed.count))
        try sealed.withUnsafeMutableBufferPointer { buffer throws(CryptoError) in
            let output = UnsafeMutableRawBufferPointer(buffer)
            for chunk in 0...(message.count / chunkBytes) {
                let start = chunk * chunkBytes
                let length = min(chunkBytes, message.count - start)
                let place = headerBytes + chunk * (chunkBytes + Tag.byteCount)
                let tag = try sealing.seal(
                    UnsafeRawBufferPointer(rebasing: message[start..<(start + length)]),
                    into: UnsafeMutableRawBufferPointer(rebasing: output[place..<(place + length)]),
                    nonce: keys.nonce(block: UInt64(chunk)), associated: [])
                tag.withUnsafeBytes {
                    UnsafeMutableRawBufferPointer(rebasing: output[(place + length)..<(place + length + $0.count)])
                        .copyMemory(from: $0)
                }
            }
        }
        return sealed
    }

    /// Opens a whole message.
    ///
    /// Throws `crypto.malformed` (no sealed form has that length), `crypto.commitment-mismatch` (another key, salt or
    /// context) or `crypto.authentication-failed` (altered, cut or longer).
    public static func open(_ sealed: [UInt8], inputKey: SecretKey, context: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard let count = messageByteCount(sealedBytes: sealed.count) else {
            throw CryptoError(.malformed, ["chunked message"])
        }
        var message = [UInt8](repeating: 0, count: count)
        try message.withUnsafeMutableBufferPointer { buffer throws(CryptoError) in
            try open(sealed, into: UnsafeMutableRawBufferPointer(buffer), inputKey: inputKey, context: context)
        }
        return message
    }

    /// Opens into memory of exactly the message's length; wiped on failure.
    public static func open(
        _ sealed: [UInt8], into output: UnsafeMutableRawBufferPointer, inputKey: SecretKey, context: [UInt8]
    ) throws(CryptoError) {
        guard messageByteCount(sealedBytes: sealed.count) == output.count else {
            throw CryptoError(.malformed, ["chunked message"])
        }
        let salt = Array(sealed.prefix(BlockKeys.saltByteCount))
        let keys = try BlockKeys.derive(inputKey: inputKey, salt: salt, context: context)
        try keys.requireCommitment(Array(sealed[BlockKeys.saltByteCount..<headerBytes]))
        do throws(CryptoError) {
            try sealed.withBytes { bytes throws(CryptoError) in try openChunks(bytes, into: output, keys: keys) }
        } catch {
            CryptoSuites.wipe(output)
            throw error
        }
    }

    private static func openChunks(
        _ sealed: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, keys: BlockKeys
    ) throws(CryptoError) {
        let opening = keys.makeContext()
        for chunk in 0...(output.count / chunkBytes) {
            let start = chunk * chunkBytes
            let length = min(chunkBytes, output.count - start)
            let place = headerBytes + chunk * (chunkBytes + Tag.byteCount)
            guard let tag = Tag(bytes: sealed[(place + length)..<(place + length + Tag.byteCount)]) else {
                throw CryptoError(.malformed, ["chunked message"])
            }
            try opening.open(
                UnsafeRawBufferPointer(rebasing: sealed[place..<(place + length)]), tag: tag,
                into: UnsafeMutableRawBufferPointer(rebasing: output[start..<(start + length)]),
                nonce: keys.nonce(block: UInt64(chunk)), associated: [])
        }
    }
}
