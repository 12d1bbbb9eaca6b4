// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Confinement
import Glibc
import WireContract

/// Descriptors and messages.
extension Deeds {
    /// Only 0 to 3 are open.
    static func countDescriptors() -> Bool {
        (0..<4).allSatisfy { isOpen($0) } && (4..<1024).allSatisfy { !isOpen($0) }
    }

    private static func isOpen(_ descriptor: Int32) -> Bool {
        // A socket or a device has no position, but it is there.
        lseek(descriptor, 0, SEEK_CUR) >= 0 || errno != EBADF
    }

    static func sendReport(_ report: ConfinementReport) -> Bool {
        let channel = Channel(adopting: ExecutorProcess.socketNumber)
        let lines = report.lines.map { JSONValue.string($0) }
        return (try? channel.send(json: ["lines": .array(lines)])) != nil
    }

    static func wait() -> Bool {
        (try? Channel(adopting: ExecutorProcess.socketNumber).receive()) != nil
    }

    /// Reads from the first descriptor, writes in capitals to the second, sums the secret, answers; until the end of the stream.
    static func answerMessages() -> Bool {
        let channel = Channel(adopting: ExecutorProcess.socketNumber)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: Limits.secretCapacity, alignment: 64)
        defer { memory.deallocate() }
        while true {
            do {
                var secretBytes = 0
                let message = try channel.receive(secret: { count in
                    secretBytes = count
                    return count <= memory.count ? UnsafeMutableRawBufferPointer(rebasing: memory[..<count]) : nil
                })
                let sum = memory[..<secretBytes].reduce(Int64(0)) { $0 + Int64($1) }
                let copied = message.descriptors.count == 2 ? copy(message.descriptors[0], message.descriptors[1]) : -1
                try channel.send(json: [
                    "request": message.json, "sum": .integer(sum), "copied": .integer(Int64(copied)),
                    "descriptors": .integer(Int64(message.descriptors.count)),
                ])
            } catch {
                return error.code == .closed
            }
        }
    }

    /// Keeps every descriptor that it gets and says how many they are, until one does not arrive.
    static func keepDescriptors() -> Bool {
        let channel = Channel(adopting: ExecutorProcess.socketNumber)
        var held: [OwnedDescriptor] = []
        while true {
            do {
                held += try channel.receive().descriptors
                try channel.send(json: ["held": .integer(Int64(held.count))])
            } catch {
                return (try? channel.send(json: ["held": .integer(Int64(held.count)), "code": .string(error.code.rawValue)])) != nil
            }
        }
    }

    private enum Limits {
        static let secretCapacity = 1 << 20
    }

    private static func copy(_ source: OwnedDescriptor, _ target: OwnedDescriptor) -> Int {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = pread(source.number, &bytes, bytes.count, 0)
        guard count > 0 else { return -1 }
        let capitals = bytes.prefix(count).map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }
        guard pwrite(target.number, capitals, capitals.count, 0) == count, lseek(target.number, 0, SEEK_END) == count,
            ftruncate(target.number, off_t(count)) == 0, fdatasync(target.number) == 0
        else { return -1 }
        return count
    }
}
