// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONTROL_BYTES = CMSG_SPACE(sizeof(int) * CSANDBOX_DESCRIPTORS_PER_MESSAGE) };

union control_buffer {
    struct cmsghdr alignment;
    unsigned char bytes[CONTROL_BYTES];
};

int csandbox_send_descriptors(int socket, const int *descriptors, size_t count, unsigned char marker) {
    if (count == 0 || count > CSANDBOX_DESCRIPTORS_PER_MESSAGE) return -EINVAL;
    union control_buffer control;
    memset(&control, 0, sizeof control);
    struct iovec part = {.iov_base = &marker, .iov_len = 1};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = CMSG_SPACE(sizeof(int) * count)};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * count);
    memcpy(CMSG_DATA(header), descriptors, sizeof(int) * count);
    for (;;) {
        ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
        if (sent == 1) return 0;
        if (sent < 0 && errno == EINTR) continue;
        return sent < 0 ? -errno : -EPROTO;
    }
}

/// Copies the descriptors of one control message; counts those beyond the capacity as a fault and closes them.
static int collect(const struct cmsghdr *header, int *descriptors, size_t capacity, size_t *count) {
    size_t arrived = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    int status = 0;
    for (size_t index = 0; index < arrived; index++) {
        int descriptor;
        memcpy(&descriptor, CMSG_DATA(header) + index * sizeof(int), sizeof(int));
        if (*count < capacity) {
            descriptors[(*count)++] = descriptor;
        } else {
            close(descriptor);
            status = -EPROTO;
        }
    }
    return status;
}

int csandbox_receive_descriptors(int socket, int *descriptors, size_t capacity, unsigned char *marker) {
    union control_buffer control;
    struct iovec part = {.iov_base = marker, .iov_len = 1};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    ssize_t received;
    do {
        received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (received < 0 && errno == EINTR);
    if (received < 0) return -errno;

    int status = (message.msg_flags & (MSG_CTRUNC | MSG_TRUNC)) != 0 ? -EPROTO : 0;
    size_t count = 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) {
            status = -EPROTO;
            continue;
        }
        int collected = collect(header, descriptors, capacity, &count);
        if (collected != 0) status = collected;
    }
    if (status == 0 && received == 0) status = -ENODATA;
    if (status != 0) {
        for (size_t index = 0; index < count; index++) close(descriptors[index]);
        return status;
    }
    return (int)count;
}

ssize_t csandbox_receive_bytes(int socket, void *bytes, size_t length) {
    struct iovec part = {.iov_base = bytes, .iov_len = length};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t received;
    do {
        received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (received < 0 && errno == EINTR);
    if (received < 0) return -errno;
    return (message.msg_flags & MSG_CTRUNC) != 0 ? -EPROTO : received;
}

ssize_t csandbox_send_bytes(int socket, const void *bytes, size_t length) {
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = length};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t sent;
    do {
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}
