/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A preload library that makes the kernel older: these variables hold the errno with which all
 * reads with RWF_DONTCACHE, all of cachestat(2), all of mincore(2) and all of posix_fadvise(2)
 * fail.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#define DONTCACHE 0x80
#define CACHESTAT 451

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

/* 0: it does not. */
static int error_of(const char *variable)
{
	const char *value = getenv(variable);

	return value ? atoi(value) : 0;
}

ssize_t preadv2(int fd, const struct iovec *iov, int n, off_t offset, int flags)
{
	int error = flags & DONTCACHE ? error_of("OLD_DONTCACHE") : 0;

	if (error) {
		errno = error;
		return -1;
	}
	return REAL(ssize_t, preadv2, int, const struct iovec *, int, off_t, int)(fd, iov, n,
	                                                                          offset, flags);
}

long syscall(long number, ...)
{
	long a[6];
	va_list ap;

	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	int error = number == CACHESTAT ? error_of("OLD_CACHESTAT") : 0;
	if (error) {
		errno = error;
		return -1;
	}
	return REAL(long, syscall, long, ...)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int mincore(void *at, size_t n, unsigned char *in)
{
	int error = error_of("OLD_MINCORE");

	if (error) {
		errno = error;
		return -1;
	}
	return REAL(int, mincore, void *, size_t, unsigned char *)(at, n, in);
}

int posix_fadvise(int fd, off_t offset, off_t n, int advice)
{
	int error = error_of("OLD_FADVISE");

	return error ? error
	             : REAL(int, posix_fadvise, int, off_t, off_t, int)(fd, offset, n, advice);
}
