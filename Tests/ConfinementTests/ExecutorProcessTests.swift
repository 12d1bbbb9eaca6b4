// SPDX-License-Identifier: Apache-2.0

import Confinement
import Glibc
import Testing
import WireContract

@Suite("Starting and ending an executor")
struct ExecutorProcessTests {
    @Test("a program that is not there is named")
    func missingProgram() {
        #expect(throws: ConfinementError.self) { try ExecutorProcess.spawn(executable: "/nonexistent/executor") }
        do {
            _ = try ExecutorProcess.spawn(executable: "/nonexistent/executor")
        } catch {
            #expect(error.code == .spawnFailed)
            #expect(error.arguments == ["/nonexistent/executor", "ENOENT"])
        }
    }

    @Test("killing ends it; waiting twice tells the same")
    func killing() throws {
        let process = try ProbeRun.start("allow", "wait")
        #expect(process.wait(milliseconds: 30) == nil)
        process.kill()
        #expect(process.wait() == .signal(SIGKILL))
        #expect(process.wait(milliseconds: 0) == .signal(SIGKILL))
        #expect(process.wait().name == "SIGKILL")
        process.kill()
    }

    @Test("letting go of it kills and reaps it")
    func lettingGo() throws {
        var process: ExecutorProcess? = try ProbeRun.start("allow", "wait")
        let number = try #require(process?.processNumber)
        process = nil
        #expect(kill(number, 0) == -1 && errno == ESRCH)
    }

    @Test("its end is the end of the stream")
    func endOfStream() throws {
        let process = try ProbeRun.start("allow", "nothing")
        let channel = Channel(adopting: process.takeSocket())
        #expect(throws: WireError(.closed)) { try channel.receive() }
        #expect(process.wait() == .code(0))
        #expect(process.wait().name == "exit 0")
        #expect(process.takeSocket() == -1)
    }

    @Test("the end of the stream is its end")
    func closingEndsIt() throws {
        let process = try ProbeRun.start("allow", "messages")
        close(process.takeSocket())
        #expect(process.wait(milliseconds: 20_000) == .code(0))
    }

    @Test("descriptors of ours that are not close-on-exec do not reach it")
    func nothingLeaks() throws {
        let leak = open("/dev/null", O_RDONLY)
        defer { close(leak) }
        #expect(try ProbeRun.exit("allow", "descriptors") == .code(0))
    }

    @Test("the control side can look for swap and raise its limit of open files")
    func controlSide() {
        _ = Confinement.swapIsOn
        #expect(Confinement.raiseOpenFileLimit(to: 256) > 0)
        #expect(Confinement.raiseOpenFileLimit() >= 256)
    }
}
