// SPDX-License-Identifier: Apache-2.0
//
// What Swift cannot say itself: variadic system calls, the control-message macros, constants that older headers lack.
// Every function returns 0 or a positive number on success and a negated errno value on failure, unless it says otherwise.

#ifndef CSANDBOX_H
#define CSANDBOX_H

#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// --- System-call filter (libseccomp) ---

typedef struct csandbox_filter csandbox_filter;

/// A filter that ends the process at every call that is not named later; NULL without memory.
csandbox_filter *csandbox_filter_create(void);
void csandbox_filter_destroy(csandbox_filter *filter);
/// Whether this architecture has a system call of that name.
int csandbox_call_is_known(const char *name);
int csandbox_filter_allow(csandbox_filter *filter, const char *name);
/// Allowed only when (argument & mask) == value.
int csandbox_filter_allow_masked(csandbox_filter *filter, const char *name, unsigned argument, uint64_t mask, uint64_t value);
/// Answered with an errno value instead of being run.
int csandbox_filter_answer(csandbox_filter *filter, const char *name, int error);
/// Takes effect at once for every thread and for good.
int csandbox_filter_load(csandbox_filter *filter);

/// The flags with which glibc makes a thread.
uint64_t csandbox_thread_clone_flags(void);

// --- Landlock ---

/// Highest interface version of the running kernel, or a negated errno value when there is none.
int csandbox_landlock_version(void);
/// Denies every file-system access by path, TCP and signals and abstract sockets beyond this process, as far as `version` knows them.
int csandbox_landlock_deny_all(int version);

// --- Process state ---

enum csandbox_namespace {
    CSANDBOX_NAMESPACE_USER, CSANDBOX_NAMESPACE_NETWORK, CSANDBOX_NAMESPACE_IPC, CSANDBOX_NAMESPACE_UTS, CSANDBOX_NAMESPACE_MOUNT
};
int csandbox_unshare(enum csandbox_namespace kind);
/// Makes an empty, read-only file system the root. Needs a mount namespace of one's own.
int csandbox_empty_root(void);
enum csandbox_limit {
    CSANDBOX_LIMIT_CORE, CSANDBOX_LIMIT_OPEN_FILES, CSANDBOX_LIMIT_FILE_SIZE, CSANDBOX_LIMIT_DATA, CSANDBOX_LIMIT_LOCKED_MEMORY
};
/// Brings a limit to `wanted`, or as far up as the hard limit permits, and leaves what was reached in `reached`.
/// With `final` the hard limit goes there too, so that it cannot be raised again; without it nothing is ever lowered.
int csandbox_limit_set(enum csandbox_limit limit, uint64_t wanted, int final, uint64_t *reached);
/// Threads of this process, or 0 when /proc does not say.
int csandbox_thread_count(void);
/* Keeps malloc from opening files: with a fixed number of arenas it never asks for the number of processors, and heaps of threads that
   are never made smaller do not ask whether memory is overcommitted. Allocations from mapping_bytes on are mappings of their own, which
   are given back. */
void csandbox_fix_allocator(int arenas, int mapping_bytes);
int csandbox_no_new_privileges(void);
int csandbox_not_dumpable(void);
int csandbox_parent_death_signal(int signal);
/// Gives up every capability, in the bounding set too where that is permitted.
int csandbox_drop_capabilities(void);
/// Closes every descriptor from `first` to `last`, both included.
int csandbox_close_range(unsigned first, unsigned last);
/// Has a spawned process close every descriptor from `first` on.
int csandbox_spawn_close_from(posix_spawn_file_actions_t *actions, int first);
/// A descriptor that becomes readable when the process has ended.
int csandbox_process_descriptor(pid_t process);

/// The name of an errno value, NULL when there is none.
const char *csandbox_error_name(int error);
/// The name of a signal without `SIG`, NULL when there is none.
const char *csandbox_signal_name(int signal);

// --- Descriptors over a socket ---

/// Most descriptors of one message; the kernel's own bound is 253.
enum { CSANDBOX_DESCRIPTORS_PER_MESSAGE = 250 };
/// Sends `count` descriptors with one byte.
int csandbox_send_descriptors(int socket, const int *descriptors, size_t count, unsigned char marker);
/// Receives one byte with descriptors, close-on-exec. Returns how many descriptors came, -ENODATA at the end of the stream,
/// -EPROTO when something else came (then every received descriptor is already closed).
int csandbox_receive_descriptors(int socket, int *descriptors, size_t capacity, unsigned char *marker);
/// Receives up to `length` plain bytes. Returns the number, 0 at the end of the stream; -EPROTO when descriptors came along
/// (the kernel has then dropped them).
ssize_t csandbox_receive_bytes(int socket, void *bytes, size_t length);
/// Sends up to `length` bytes, never raising SIGPIPE.
ssize_t csandbox_send_bytes(int socket, const void *bytes, size_t length);

// --- Proof from inside ---

enum csandbox_act {
    CSANDBOX_ACT_OPEN, CSANDBOX_ACT_OPENAT, CSANDBOX_ACT_OPENAT2, CSANDBOX_ACT_SOCKET, CSANDBOX_ACT_CONNECT,
    CSANDBOX_ACT_EXECUTE, CSANDBOX_ACT_FORK, CSANDBOX_ACT_CLONE, CSANDBOX_ACT_KILL_PARENT, CSANDBOX_ACT_TRACE_PARENT,
    CSANDBOX_ACT_SIGNAL_THREAD_OF_PARENT, CSANDBOX_ACT_MAP_EXECUTABLE, CSANDBOX_ACT_MAKE_EXECUTABLE, CSANDBOX_ACT_IO_RING,
    CSANDBOX_ACT_UNLINK, CSANDBOX_ACT_READ_PARENT_MEMORY, CSANDBOX_ACT_NEW_NAMESPACE, CSANDBOX_ACT_LIST_DIRECTORY,
    CSANDBOX_ACT_CONTROL_DEVICE
};
/// Tries a forbidden act; returns only when it did not end the process.
void csandbox_attempt(enum csandbox_act act);
/// Tries to make a process by clone3; returns the errno value, or 0 when it worked.
int csandbox_attempt_clone3(void);

#endif
