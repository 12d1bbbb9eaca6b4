// SPDX-License-Identifier: Apache-2.0

import Confinement
import Testing

@Suite("The list of system calls")
struct ProfileTests {
    private func read(_ text: String) throws -> Profile { try Profile(Array(text.utf8)) }

    @Test("the executor's list has none of the calls that would open the boundary")
    func nothingDangerous() throws {
        let profile = try Profile.executor()
        let dangerous = [
            "open", "openat", "openat2", "creat", "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto",
            "execve", "execveat", "fork", "vfork", "ptrace", "kill", "tkill", "process_vm_readv", "process_vm_writev",
            "io_uring_setup", "io_uring_enter", "prctl", "ioctl", "fcntl", "dup", "memfd_create", "pidfd_getfd", "pidfd_open",
            "unshare", "setns", "mount", "bpf", "userfaultfd", "perf_event_open", "keyctl", "shmget", "linkat", "renameat2",
            "newfstatat", "statx", "fstat", "getdents64", "pkey_mprotect", "personality", "arch_prctl", "prlimit64", "seccomp",
        ]
        for name in dangerous { #expect(!profile.rules.contains { $0.call == name }, "\(name)") }
        #expect(profile.rules.count < 60)
    }

    @Test("what is allowed only under a condition")
    func conditions() throws {
        let rules = try Profile.executor().rules
        for (name, condition) in [
            ("mmap", Profile.Condition.noExecution), ("mprotect", .noExecution), ("clone", .threadFlags), ("tgkill", .ownProcess),
        ] {
            #expect(rules.first { $0.call == name }?.action == .allowIf(condition))
        }
        #expect(rules.first { $0.call == "clone3" }?.action == .answerNotImplemented)
    }

    @Test("each form of a line is read")
    func forms() throws {
        let profile = try read("# heading\n\nallow a # x\nallow-known b # x\nallow c if no-exec # x\nanswer d ENOSYS # x\n")
        #expect(profile.rules.map(\.call) == ["a", "b", "c", "d"])
        #expect(profile.rules.map(\.action) == [.allow, .allowKnown, .allowIf(.noExecution), .answerNotImplemented])
    }

    @Test("what is not understood is refused", arguments: [
        "", "# only a heading", "allow a", "allow a #", "allow a # \n", "permit a # x", "allow a b # x", "allow a if # x",
        "allow a if sometimes # x", "allow A # x", "allow a.b # x", "answer a EPERM # x", "answer a # x", "allow-known a if no-exec # x",
        "allow a # x\nallow a # y", " # x", "allow # x",
    ])
    func refused(_ text: String) {
        #expect(throws: ConfinementError.self) { try read(text) }
    }

    @Test("limits: lines and their length")
    func limits() throws {
        let rule = "allow a # x\n"
        #expect(throws: Never.self) { try read(rule + String(repeating: "\n", count: Limits.profileLines - 2)) }
        #expect(throws: ConfinementError.self) { try read(rule + String(repeating: "\n", count: Limits.profileLines - 1)) }
        let start = "allow a # "
        let longest = start + String(repeating: "x", count: Limits.profileLineBytes - start.utf8.count)
        #expect(throws: Never.self) { try read(longest) }
        #expect(throws: ConfinementError.self) { try read(longest + "x") }
    }
}
