// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The converter from GB18030. Making one loads tables from files, so it must be made before the process confines itself.
public final class TextDecoder: @unchecked Sendable {
    // Used by one load at a time.
    private let handle: iconv_t

    /// Throws `store.decoder-unavailable` when the system cannot convert GB18030.
    public init() throws(StoreError) {
        guard let handle = iconv_open("UTF-8", "GB18030"), Int(bitPattern: handle) != -1 else { throw StoreError(.decoderUnavailable) }
        self.handle = handle
    }

    deinit { iconv_close(handle) }

    func reset() { iconv(handle, nil, nil, nil, nil) }

    /// How far one conversion got.
    enum Progress { case all, outputFull, inputCut, invalid }

    /// Converts as much as fits; moves both ends along.
    func convert(
        _ input: inout UnsafeMutablePointer<CChar>?, _ inputCount: inout Int, _ output: inout UnsafeMutablePointer<CChar>?,
        _ outputCount: inout Int
    ) -> Progress {
        let result = iconv(handle, &input, &inputCount, &output, &outputCount)
        if result != Int(bitPattern: UnsafeRawPointer(bitPattern: -1)) { return .all }
        switch errno {
        case E2BIG: return .outputFull
        case EINVAL: return .inputCut
        default: return .invalid
        }
    }
}
