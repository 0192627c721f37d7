/* SPDX-License-Identifier: BSD-2-Clause */
/* POSIX: pselect(2), which needs descriptors below FD_SETSIZE. */
#include "base/base.h"
#include "base/system.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/select.h>

struct sets {
	fd_set in, out;
	int n; /* one more than the largest descriptor in them */
};

/*
 * Is it waited for until nobody reads any more? Such an end of a pipe is never readable otherwise,
 * but what else is open for writing may be.
 */
static bool waits_for_error(const struct pollfd *fd)
{
	int flags = fd->events == 0 ? fcntl(fd->fd, F_GETFL) : -1;

	return flags >= 0 && (flags & O_ACCMODE) == O_WRONLY;
}

/* 0, or -1 and errno: a descriptor is too large. */
static int fill(struct sets *sets, const struct pollfd *fds, nfds_t n)
{
	FD_ZERO(&sets->in);
	FD_ZERO(&sets->out);
	sets->n = 0;
	for (nfds_t i = 0; i < n; i++) {
		int fd = fds[i].fd;
		if (fd < 0)
			continue;
		if (fd >= FD_SETSIZE) {
			errno = EINVAL;
			return -1;
		}
		if ((fds[i].events & POLLIN) || waits_for_error(&fds[i]))
			FD_SET(fd, &sets->in);
		if (fds[i].events & POLLOUT)
			FD_SET(fd, &sets->out);
		sets->n = fd >= sets->n ? fd + 1 : sets->n;
	}
	return 0;
}

/* pselect() waits, and poll() says what there is. */
int system_poll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
{
	struct sets sets;

	if (fill(&sets, fds, n) != 0)
		return -1;
	int ready = pselect(sets.n, &sets.in, &sets.out, NULL, timeout, mask);
	return ready < 0 ? -1 : poll(fds, n, 0);
}

int system_open_folder(int from, const char *path)
{
	return openat(from, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool system_keeps_packets(int flags UNUSED)
{
	return false;
}

/* POSIX knows but one number. */
struct device_numbers system_device_numbers(dev_t device)
{
	uint64_t number = (uint64_t)device;

	return (struct device_numbers){(unsigned)(number >> 32), (unsigned)number};
}
