/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * POSIX does not tell what is in memory: what has been read is put out, even if it was there
 * before.
 */
#include "base/base.h"
#include "base/uncached.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static bool wanted;

void uncached_want(void)
{
	wanted = true;
}

bool uncached_is_wanted(void)
{
	return wanted;
}

enum cached_before uncached_survey(int fd UNUSED, uint64_t size UNUSED)
{
	return wanted ? CACHED_NONE : CACHED_UNKNOWN;
}

ssize_t uncached_pread(int fd, void *bytes, size_t n, uint64_t offset,
                       enum cached_before before UNUSED, struct uncached_bytes *sum)
{
	ssize_t got = pread(fd, bytes, n, (off_t)offset);

	if (got > 0) {
		uint64_t begin = offset - offset % UNCACHED_UNIT;
		uint64_t end = offset + (uint64_t)got, page = (uint64_t)sysconf(_SC_PAGESIZE);
		int saved = errno;
		end += (page - end % page) % page;
		(void)posix_fadvise(fd, (off_t)begin, (off_t)(end - begin), POSIX_FADV_DONTNEED);
		errno = saved;
		sum->by_advice += (uint64_t)got;
	}
	return got;
}

void uncached_sweep(int fd, uint64_t begin, uint64_t end, enum cached_before before)
{
	int saved = errno;

	if (wanted && before == CACHED_NONE)
		(void)posix_fadvise(fd, (off_t)begin, end > INT64_MAX ? 0 : (off_t)(end - begin),
		                    POSIX_FADV_DONTNEED);
	errno = saved;
}
