/* SPDX-License-Identifier: BSD-2-Clause */
/* File descriptors: opening clear of the standard three, writing everything, first bytes. */
#include "base/base.h"
#include "base/fd.h"
#include "base/status_line.h"
#include "base/system.h"
#include "base/uncached.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

int fd_above_stdio(int fd)
{
	if (LIKELY(fd > STDERR_FILENO || fd < 0))
		return fd;
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	int saved = errno;
	close(fd);
	errno = saved;
	return moved;
}

int openat_above_stdio(int from, const char *path, int flags)
{
	return fd_above_stdio(openat(from, path, O_RDONLY | O_CLOEXEC | flags));
}

int create_above_stdio(const char *path)
{
	return fd_above_stdio(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
}

int open_above_stdio(const char *path, int flags)
{
	return openat_above_stdio(AT_FDCWD, path, flags);
}

/* The bytes of the longest beginning of the path that ends with slashes and is short enough. */
static size_t first_part(const char *path)
{
	size_t n = PATH_MAX - 1;

	while (n > 0 && path[n - 1] != '/')
		n--;
	return n;
}

int open_long_above_stdio(const char *path, int flags)
{
	char part[PATH_MAX];
	size_t left = strlen(path);
	int from = AT_FDCWD;

	for (;;) {
		size_t n = left < PATH_MAX ? 0 : first_part(path);
		int before = from;
		memcpy(part, path, n);
		part[n] = '\0';
		/* Without a slash in it, what is left is refused as too long. */
		int fd = n > 0 ? fd_above_stdio(system_open_folder(from, part))
		               : openat_above_stdio(from, path, flags);
		int saved = errno;
		if (before != AT_FDCWD)
			close(before);
		errno = saved;
		if (n == 0 || fd < 0)
			return fd;
		from = fd;
		path += n;
		left -= n;
	}
}

static size_t write_bytes(int fd, const char *p, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t written = write(fd, p + done, n - done);
		if (written >= 0) {
			done += (size_t)written;
		} else if (errno == EAGAIN) {
			/* poll() that fails or sees an error: the next write() says what it is. */
			(void)poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
		} else if (errno != EINTR) {
			break;
		}
	}
	return done;
}

size_t write_most(int fd, const void *bytes, size_t n)
{
	enum status_line_state state = status_line_suspend(fd);
	size_t written = write_bytes(fd, bytes, n);

	status_line_resume(state);
	return written;
}

int write_all(int fd, const void *bytes, size_t n)
{
	return write_most(fd, bytes, n) == n ? 0 : -1;
}

ssize_t read_some(int fd, void *bytes, size_t n)
{
	for (;;) {
		ssize_t got = read(fd, bytes, n);
		if (got >= 0 || (errno != EINTR && errno != EAGAIN))
			return got;
		if (errno == EINTR)
			continue;
		struct pollfd polled = {.fd = fd, .events = POLLIN};
		if (system_poll(&polled, 1, NULL, NULL) < 0 && errno != EINTR) {
			errno = EAGAIN;
			return -1;
		}
	}
}

static ssize_t read_at(int fd, uint64_t offset, void *bytes, size_t n)
{
	struct uncached_bytes ignored = {0};

	if (uncached_is_wanted())
		return uncached_pread(fd, bytes, n, offset, CACHED_UNKNOWN, &ignored);
	return pread(fd, bytes, n, (off_t)offset);
}

ssize_t peek_file(int fd, uint64_t offset, void *bytes, size_t n)
{
	size_t have = 0;

	while (have < n) {
		ssize_t got = read_at(fd, offset + have, (char *)bytes + have, n - have);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}
