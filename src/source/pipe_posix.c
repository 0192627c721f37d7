/* SPDX-License-Identifier: BSD-2-Clause */
/* POSIX: how much a pipe holds cannot be told or changed, and all bytes go through a buffer. */
#include "base/base.h"
#include "source/pipe.h"

#include <errno.h>

void pipe_grow(int fd UNUSED)
{
}

size_t pipe_capacity(int fd UNUSED)
{
	return 0;
}

ssize_t pipe_tee(int in UNUSED, int out UNUSED)
{
	errno = ENOSYS;
	return -1;
}

ssize_t pipe_splice(int in UNUSED, int out UNUSED)
{
	errno = ENOSYS;
	return -1;
}

int own_pipe_open(struct own_pipe *own UNUSED)
{
	errno = ENOSYS;
	return -1;
}

void own_pipe_close(struct own_pipe *own UNUSED)
{
}

ssize_t own_pipe_take(struct own_pipe *own UNUSED, int from UNUSED)
{
	errno = ENOSYS;
	return -1;
}

int pipe_open_null(void)
{
	errno = ENOSYS;
	return -1;
}
