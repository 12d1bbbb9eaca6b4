// SPDX-License-Identifier: Apache-2.0

import Glibc
import JobControl
import Testing

@Suite("Limits of the control plane that need no domain")
struct LimitTests {
    @Test("Receipts")
    func receipt() throws {
        let receipt = try Golden.bytes("receipt-v1.json")
        var ceilings = Limits.Ceilings()
        #expect(ceilings.receiptBytes == Limits.receiptBytes)
        ceilings.receiptBytes = receipt.count
        _ = try ReceiptVerifier.verify(receipt, result: nil, expectedLogKey: nil, ceilings: ceilings)
        ceilings.receiptBytes = receipt.count - 1
        #expect(throws: ControlError(.receiptMalformed)) {
            try ReceiptVerifier.verify(receipt, result: nil, expectedLogKey: nil, ceilings: ceilings)
        }
    }

    @Test("Time runs out and does not come back")
    func deadline() {
        let deadline = Deadline(afterMilliseconds: 60_000)
        #expect((1...60_000).contains(deadline.millisecondsLeft))
        let short = Deadline(afterMilliseconds: 20)
        usleep(30_000)
        #expect(short.millisecondsLeft == 0)
        let ceilings = Limits.Ceilings()
        #expect(ceilings.jobMilliseconds == Limits.jobSeconds * 1000)
        #expect(ceilings.loadMilliseconds == Limits.loadSeconds * 1000)
    }
}
