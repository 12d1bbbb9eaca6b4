// SPDX-License-Identifier: Apache-2.0
//
// The forbidden acts, as bare system calls, so that the proof does not depend on what a library does around them.

#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#endif

static void attempt_files(enum csandbox_act act) {
    uint64_t how[3] = {O_RDONLY, 0, 0};
    unsigned char entries[512];
    switch (act) {
    case CSANDBOX_ACT_OPEN:
#ifdef SYS_open
        (void)syscall(SYS_open, "/etc/hostname", O_RDONLY);
#else
        (void)syscall(SYS_openat, AT_FDCWD, "/etc/hostname", O_RDONLY);
#endif
        break;
    case CSANDBOX_ACT_OPENAT: (void)syscall(SYS_openat, AT_FDCWD, "/tmp", O_RDWR | O_TMPFILE, 0600); break;
    case CSANDBOX_ACT_OPENAT2: (void)syscall(SYS_openat2, AT_FDCWD, "/etc/hostname", how, sizeof how); break;
    case CSANDBOX_ACT_UNLINK: (void)syscall(SYS_unlinkat, AT_FDCWD, "/nonexistent", 0); break;
    case CSANDBOX_ACT_LIST_DIRECTORY: (void)syscall(SYS_getdents64, 0, entries, sizeof entries); break;
    default: break;
    }
}

static void attempt_processes(enum csandbox_act act) {
    char *const none[] = {NULL};
    char byte = 0;
    struct iovec local = {.iov_base = &byte, .iov_len = 1}, remote = local;
    pid_t parent = getpid();   // its own number serves as well, and needs no further system call
    switch (act) {
    case CSANDBOX_ACT_EXECUTE: (void)syscall(SYS_execve, "/bin/true", none, none); break;
    case CSANDBOX_ACT_FORK:
#ifdef SYS_fork
        if (syscall(SYS_fork) == 0) _exit(0);
#else
        if (syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) == 0) _exit(0);
#endif
        break;
    case CSANDBOX_ACT_CLONE: if (syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) == 0) _exit(0); break;
    case CSANDBOX_ACT_KILL_PARENT: (void)syscall(SYS_kill, parent, 0); break;
    case CSANDBOX_ACT_SIGNAL_THREAD_OF_PARENT: (void)syscall(SYS_tgkill, parent - 1, parent - 1, 0); break;
    case CSANDBOX_ACT_TRACE_PARENT: (void)syscall(SYS_ptrace, PTRACE_ATTACH, parent, 0, 0); break;
    case CSANDBOX_ACT_READ_PARENT_MEMORY: (void)syscall(SYS_process_vm_readv, parent, &local, 1, &remote, 1, 0); break;
    case CSANDBOX_ACT_NEW_NAMESPACE: (void)syscall(SYS_unshare, CLONE_NEWUSER); break;
    default: break;
    }
}

static void attempt_machine(enum csandbox_act act) {
    unsigned char parameters[256];
    struct termios terminal;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = 80};
    switch (act) {
    case CSANDBOX_ACT_SOCKET: (void)syscall(SYS_socket, AF_INET, SOCK_STREAM, 0); break;
    case CSANDBOX_ACT_CONNECT: (void)syscall(SYS_connect, 3, &address, sizeof address); break;
    case CSANDBOX_ACT_MAP_EXECUTABLE:
        (void)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        break;
    case CSANDBOX_ACT_MAKE_EXECUTABLE: {
        void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        (void)mprotect(page, 4096, PROT_READ | PROT_EXEC);
        break;
    }
    case CSANDBOX_ACT_IO_RING:
        memset(parameters, 0, sizeof parameters);
        (void)syscall(SYS_io_uring_setup, 1, parameters);
        break;
    case CSANDBOX_ACT_CONTROL_DEVICE: (void)syscall(SYS_ioctl, 0, TCGETS, &terminal); break;
    default: break;
    }
}

void csandbox_attempt(enum csandbox_act act) {
    attempt_files(act);
    attempt_processes(act);
    attempt_machine(act);
}

int csandbox_attempt_clone3(void) {
    struct { uint64_t fields[8]; } arguments = {{0}};
    arguments.fields[4] = SIGCHLD;   // exit_signal
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
    long result = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (result == 0) _exit(0);
    return result < 0 ? errno : 0;
}
