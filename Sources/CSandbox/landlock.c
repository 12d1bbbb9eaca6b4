// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

// The kernel's stable interface (Documentation/userspace-api/landlock.rst), written out because the headers of Debian 12
// stop at version 2. The three numbers are the same on every architecture.
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif
#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self 446
#endif

struct ruleset_attributes {
    uint64_t handled_file_access;
    uint64_t handled_network_access;
    uint64_t scoped;
};

enum { ASK_VERSION = 1 };

int csandbox_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, ASK_VERSION);
    return version < 0 ? -errno : (int)version;
}

int csandbox_landlock_deny_all(int version) {
    if (version < 1) return -EOPNOTSUPP;
    unsigned file_rights = 13;                    // execute … make symbolic link
    if (version >= 2) file_rights = 14;           // refer (link or rename across directories)
    if (version >= 3) file_rights = 15;           // truncate
    if (version >= 5) file_rights = 16;           // control of devices
    struct ruleset_attributes attributes = {
        .handled_file_access = ((uint64_t)1 << file_rights) - 1,
        .handled_network_access = version >= 4 ? 3 : 0,   // bind and connect by TCP
        .scoped = version >= 6 ? 3 : 0,                   // abstract sockets and signals
    };
    long ruleset = syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (ruleset < 0) return -errno;
    // No rule is added: everything handled is denied.
    int status = syscall(SYS_landlock_restrict_self, (int)ruleset, 0) == 0 ? 0 : -errno;
    close((int)ruleset);
    return status;
}
