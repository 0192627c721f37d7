/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that not every system has, or has by this name: Linux's in one file, POSIX's in another. */
#ifndef PCOUNT_BASE_SYSTEM_H
#define PCOUNT_BASE_SYSTEM_H

#include "base/base.h"

#include <poll.h>
#include <signal.h>
#include <sys/types.h>
#include <time.h>

/*
 * ppoll(2): poll(2) with a timeout in nanoseconds, NULL for none, and with the signals of `mask`
 * blocked meanwhile and no others, NULL for those that are. Async-signal-safe, and the one call
 * that waits for descriptors or time in the sandbox.
 */
int system_poll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask);

/*
 * A folder as a place to look names up from, with O_CLOEXEC; `from` as in openat(2). Where there is
 * O_PATH it need not be readable. -1 and errno.
 */
int system_open_folder(int from, const char *path);

/* Is a pipe with these flags (F_GETFL) in packet mode: what is written at once is read alone? */
bool system_keeps_packets(int flags);

struct device_numbers {
	unsigned major, minor;
};

/* Two numbers that are different for different devices, as the system's tools show them. */
struct device_numbers system_device_numbers(dev_t device);

#endif
