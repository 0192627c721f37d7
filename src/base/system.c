/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux: ppoll(2), O_PATH, O_DIRECT, and device numbers of two parts. */
#include "base/base.h"
#include "base/system.h"

#include <fcntl.h>
#include <sys/sysmacros.h>

int system_poll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
{
	return ppoll(fds, n, timeout, mask);
}

int system_open_folder(int from, const char *path)
{
	return openat(from, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

bool system_keeps_packets(int flags)
{
	return (flags & O_DIRECT) != 0;
}

struct device_numbers system_device_numbers(dev_t device)
{
	return (struct device_numbers){major(device), minor(device)};
}
