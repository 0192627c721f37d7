/* SPDX-License-Identifier: BSD-2-Clause */
/* preadv2(2): glibc before 2.26 and musl before 1.2.5 lack it. */
#include "base/base.h"
#include "base/pread_flags.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef RWF_NOWAIT
#define RWF_NOWAIT 8 /* <linux/fs.h> */
#endif
#ifndef RWF_DONTCACHE
#define RWF_DONTCACHE 0x80
#endif

#ifdef HAVE_PREADV2

static ssize_t read_vector(int fd, const struct iovec *iov, off_t offset, int flags)
{
	return preadv2(fd, iov, 1, offset, flags);
}

#elif defined SYS_preadv2

/* The offset in two words; where one holds all of it, the kernel ignores the second. */
static ssize_t read_vector(int fd, const struct iovec *iov, off_t offset, int flags)
{
	ssize_t done = syscall(SYS_preadv2, fd, iov, 1L, (long)offset,
	                       (long)((uint64_t)offset >> 32), (long)flags);

	if (done < 0 && errno == ENOSYS)
		errno = EOPNOTSUPP; /* as the function of the C library says it */
	return done;
}

#else

static ssize_t read_vector(int fd UNUSED, const struct iovec *iov UNUSED, off_t offset UNUSED,
                           int flags UNUSED)
{
	errno = EOPNOTSUPP;
	return -1;
}

#endif

static ssize_t read_bytes(int fd, void *bytes, size_t n, off_t offset, int flags)
{
	const struct iovec iov = {.iov_base = bytes, .iov_len = n};

	return read_vector(fd, &iov, offset, flags);
}

ssize_t pread_nowait(int fd, void *bytes, size_t n, off_t offset)
{
	return read_bytes(fd, bytes, n, offset, RWF_NOWAIT);
}

ssize_t pread_dontcache(int fd, void *bytes, size_t n, off_t offset)
{
	return read_bytes(fd, bytes, n, offset, RWF_DONTCACHE);
}
