/* SPDX-License-Identifier: BSD-2-Clause */
/* preadv2(2) with RWF_NOWAIT, by the C library or without it. */
#include "base/base.h"
#include "base/pread_nowait.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef RWF_NOWAIT
#define RWF_NOWAIT 8 /* <linux/fs.h> */
#endif

#ifdef HAVE_PREADV2

static ssize_t read_vector(int fd, const struct iovec *iov, off_t offset)
{
	return preadv2(fd, iov, 1, offset, RWF_NOWAIT);
}

#elif defined SYS_preadv2

/* The offset in two words; where one holds all of it, the kernel ignores the second. */
static ssize_t read_vector(int fd, const struct iovec *iov, off_t offset)
{
	ssize_t done = syscall(SYS_preadv2, fd, iov, 1L, (long)offset,
	                       (long)((uint64_t)offset >> 32), RWF_NOWAIT);

	if (done < 0 && errno == ENOSYS)
		errno = EOPNOTSUPP; /* as the function of the C library says it */
	return done;
}

#else

static ssize_t read_vector(int fd UNUSED, const struct iovec *iov UNUSED, off_t offset UNUSED)
{
	errno = EOPNOTSUPP;
	return -1;
}

#endif

ssize_t pread_nowait(int fd, void *bytes, size_t n, off_t offset)
{
	const struct iovec iov = {.iov_base = bytes, .iov_len = n};

	return read_vector(fd, &iov, offset);
}
