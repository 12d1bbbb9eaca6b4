// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CSandbox.h"

#include <limits.h>
#include <errno.h>
#include <linux/capability.h>
#include <malloc.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

static int status_of(long result) { return result == -1 ? -errno : (int)result; }

int csandbox_unshare(enum csandbox_namespace kind) {
    switch (kind) {
    case CSANDBOX_NAMESPACE_USER: return status_of(unshare(CLONE_NEWUSER));
    case CSANDBOX_NAMESPACE_NETWORK: return status_of(unshare(CLONE_NEWNET));
    case CSANDBOX_NAMESPACE_IPC: return status_of(unshare(CLONE_NEWIPC));
    case CSANDBOX_NAMESPACE_UTS: return status_of(unshare(CLONE_NEWUTS));
    case CSANDBOX_NAMESPACE_MOUNT: return status_of(unshare(CLONE_NEWNS));
    }
    return -EINVAL;
}

int csandbox_empty_root(void) {
    // Nothing done here may travel back to the mount namespace we came from.
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -errno;
    // Any directory that surely exists can carry the empty file system.
    if (mount("none", "/proc", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k,nr_inodes=2,mode=0555") != 0) return -errno;
    if (chdir("/proc") != 0) return -errno;
    // The new root is stacked over the old one at the same place, then the old one is taken away.
    if (syscall(SYS_pivot_root, ".", ".") != 0) return -errno;
    if (umount2(".", MNT_DETACH) != 0) return -errno;
    if (chdir("/") != 0) return -errno;
    return status_of(mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
}

int csandbox_limit_set(enum csandbox_limit limit, uint64_t wanted, int final, uint64_t *reached) {
    int resource;
    switch (limit) {
    case CSANDBOX_LIMIT_CORE: resource = RLIMIT_CORE; break;
    case CSANDBOX_LIMIT_OPEN_FILES: resource = RLIMIT_NOFILE; break;
    case CSANDBOX_LIMIT_FILE_SIZE: resource = RLIMIT_FSIZE; break;
    case CSANDBOX_LIMIT_DATA: resource = RLIMIT_DATA; break;
    case CSANDBOX_LIMIT_LOCKED_MEMORY: resource = RLIMIT_MEMLOCK; break;
    default: return -EINVAL;
    }
    struct rlimit present, next = {.rlim_cur = wanted, .rlim_max = wanted};
    if (getrlimit(resource, &present) != 0) return -errno;
    if (!final && present.rlim_max >= wanted) next.rlim_max = present.rlim_max;
    if (!final && present.rlim_cur >= wanted) {
        *reached = present.rlim_cur;
        return 0;
    }
    *reached = wanted;
    if (setrlimit(resource, &next) == 0) return 0;
    // Above the hard limit, and not privileged to raise it.
    next.rlim_cur = *reached = wanted < present.rlim_max ? wanted : present.rlim_max;
    next.rlim_max = final ? next.rlim_cur : present.rlim_max;
    return status_of(setrlimit(resource, &next));
}

void csandbox_fix_allocator(int arenas, int mapping_bytes) {
    mallopt(M_ARENA_MAX, arenas);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_MMAP_THRESHOLD, mapping_bytes);
}

int csandbox_thread_count(void) {
    struct stat tasks;
    // A directory has one link for itself, one for its name and one for each directory inside.
    return stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink > 2 ? (int)tasks.st_nlink - 2 : 0;
}

int csandbox_no_new_privileges(void) { return status_of(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)); }

int csandbox_not_dumpable(void) { return status_of(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)); }

int csandbox_parent_death_signal(int signal) { return status_of(prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)); }

int csandbox_drop_capabilities(void) {
    // Fails without CAP_SETPCAP, where no program could be executed to gain them anyway; the call below decides.
    for (int capability = 0; capability < 64; capability++) (void)prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct none[2] = {{0}};
    return status_of(syscall(SYS_capset, &header, none));
}

int csandbox_close_range(unsigned first, unsigned last) { return status_of(syscall(SYS_close_range, first, last, 0)); }

int csandbox_process_descriptor(pid_t process) { return status_of(syscall(SYS_pidfd_open, process, 0)); }

const char *csandbox_error_name(int error) { return strerrorname_np(error); }
const char *csandbox_signal_name(int signal) { return sigabbrev_np(signal); }

int csandbox_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}
