// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>

struct csandbox_filter;

static scmp_filter_ctx context_of(csandbox_filter *filter) { return (scmp_filter_ctx)filter; }

csandbox_filter *csandbox_filter_create(void) {
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (context == NULL) return NULL;
    // Calls made under another architecture's numbering end the process too; all threads get the filter.
    if (seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) != 0 ||
        seccomp_attr_set(context, SCMP_FLTATR_CTL_TSYNC, 1) != 0) {
        seccomp_release(context);
        return NULL;
    }
    // A binary tree instead of a list makes frequent calls cheaper; an older library does without.
    (void)seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    return (csandbox_filter *)context;
}

void csandbox_filter_destroy(csandbox_filter *filter) { seccomp_release(context_of(filter)); }

int csandbox_call_is_known(const char *name) {
    // Pseudo numbers (below zero) stand for calls that exist on other architectures only.
    return seccomp_syscall_resolve_name(name) >= 0;
}

static int number_of(const char *name, int *number) {
    *number = seccomp_syscall_resolve_name(name);
    return *number >= 0 ? 0 : -ENOENT;
}

int csandbox_filter_allow(csandbox_filter *filter, const char *name) {
    int number, status = number_of(name, &number);
    return status != 0 ? status : seccomp_rule_add_exact(context_of(filter), SCMP_ACT_ALLOW, number, 0);
}

int csandbox_filter_allow_masked(csandbox_filter *filter, const char *name, unsigned argument, uint64_t mask, uint64_t value) {
    int number, status = number_of(name, &number);
    if (status != 0) return status;
    struct scmp_arg_cmp comparison = SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, mask, value);
    return seccomp_rule_add_exact_array(context_of(filter), SCMP_ACT_ALLOW, number, 1, &comparison);
}

int csandbox_filter_answer(csandbox_filter *filter, const char *name, int error) {
    int number, status = number_of(name, &number);
    return status != 0 ? status : seccomp_rule_add_exact(context_of(filter), SCMP_ACT_ERRNO((uint16_t)error), number, 0);
}

int csandbox_filter_load(csandbox_filter *filter) { return seccomp_load(context_of(filter)); }

uint64_t csandbox_thread_clone_flags(void) {
    return CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS |
           CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
}
