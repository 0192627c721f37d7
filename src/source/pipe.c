/* SPDX-License-Identifier: BSD-2-Clause */
/* F_SETPIPE_SZ, tee(2) and splice(2). */
#include "base/base.h"
#include "base/fd.h"
#include "base/system.h"
#include "source/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum {
	LARGE = 1 << 20, /* what /proc/sys/fs/pipe-max-size allows everybody */
	/* Beyond what any pipe holds, and little enough for progress to be seen. */
	MOST = 64 << 20,
};

void pipe_grow(int fd)
{
	int size = fcntl(fd, F_GETPIPE_SZ);

	if (size > 0 && size < LARGE)
		(void)fcntl(fd, F_SETPIPE_SZ, LARGE);
}

size_t pipe_capacity(int fd)
{
	int size = fcntl(fd, F_GETPIPE_SZ);

	return size > 0 ? (size_t)size : 0;
}

/* 0, or -1 and errno. */
static int wait_for(int fd, short events)
{
	struct pollfd polled = {.fd = fd, .events = events};

	return system_poll(&polled, 1, NULL, NULL) >= 0 || errno == EINTR ? 0 : -1;
}

/* Is the call that has failed to be made again, now or after a wait? */
static bool is_worth_repeating(int in, int out)
{
	if (errno == EINTR)
		return true;
	return errno == EAGAIN && wait_for(in, POLLIN) == 0 && wait_for(out, POLLOUT) == 0;
}

ssize_t pipe_tee(int in, int out)
{
	ssize_t n;

	do
		n = tee(in, out, MOST, 0);
	while (n < 0 && is_worth_repeating(in, out));
	return n;
}

ssize_t pipe_splice(int in, int out)
{
	ssize_t n;

	do
		n = splice(in, NULL, out, NULL, MOST, 0);
	while (n < 0 && is_worth_repeating(in, out));
	return n;
}

int own_pipe_open(struct own_pipe *own)
{
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) != 0)
		return -1;
	own->read_end = fd_above_stdio(fd[0]);
	own->write_end = fd_above_stdio(fd[1]);
	if (own->read_end >= 0 && own->write_end >= 0) {
		pipe_grow(own->write_end);
		if (pipe_capacity(own->write_end) >= LARGE)
			return 0;
		errno = EPERM;
	}
	own_pipe_close(own);
	return -1;
}

void own_pipe_close(struct own_pipe *own)
{
	int saved = errno;

	if (own->read_end >= 0)
		close(own->read_end);
	if (own->write_end >= 0)
		close(own->write_end);
	own->read_end = own->write_end = -1;
	errno = saved;
}

ssize_t own_pipe_take(struct own_pipe *own, int from)
{
	return splice(from, NULL, own->write_end, NULL, LARGE, 0);
}

int pipe_open_null(void)
{
	struct stat st;
	int fd = fd_above_stdio(open("/dev/null", O_WRONLY | O_CLOEXEC));

	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3)))
		return fd;
	close(fd);
	return -1;
}
