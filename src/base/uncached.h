/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --no-cache: files are read so that the page cache is afterwards what it was before. What was in
 * it stays; what these reads bring is put out again, at once where the kernel does it
 * (RWF_DONTCACHE, Linux 6.14), else by posix_fadvise(POSIX_FADV_DONTNEED) behind the reader.
 *
 * Readahead is why that takes care. The kernel reads on ahead of any reader, also beyond its piece,
 * and nobody can tell afterwards which pages that brought. So it is asked before anything of a file
 * is read whether any of it is in memory; where it is in part, and the kernel does not do it, files
 * are read without readahead, and each range is asked for by itself.
 *
 * Any thread, any process; nothing is kept but whether it is wanted.
 */
#ifndef PCOUNT_BASE_UNCACHED_H
#define PCOUNT_BASE_UNCACHED_H

#include "base/base.h"

#include <sys/types.h>

/*
 * Bulk reads end at multiples of this, the largest folio of the page cache (a huge page): of a
 * folio that two reads share, the first would put out what the second is to read.
 */
#define UNCACHED_UNIT ((size_t)2 << 20)

/* How much of a file was in memory before we have read any of it. */
enum cached_before {
	CACHED_UNKNOWN, /* or in part */
	CACHED_NONE,
	CACHED_ALL,
};

/* Bytes by how they were read. */
struct uncached_bytes {
	uint64_t by_kernel; /* with RWF_DONTCACHE */
	uint64_t by_advice; /* read as ever, then put out if they were not there before */
};

/* Once, before there are threads: from here on peek_file() and readers leave no traces. */
void uncached_want(void);
bool uncached_is_wanted(void);

/* How much of the file's first `size` bytes is in memory? UNKNOWN also if nobody wants to know. */
enum cached_before uncached_survey(int fd, uint64_t size);

/*
 * As pread(2), of a file that was cached so. A call that is refused for what it is
 * (EOPNOTSUPP, EINVAL, ENOSYS, EPERM) is made in the other way.
 */
ssize_t uncached_pread(int fd, void *bytes, size_t n, uint64_t offset, enum cached_before before,
                       struct uncached_bytes *sum);

/*
 * All that was to be read of [begin, end) has been; `end` may be UINT64_MAX. If nothing of the file
 * was in memory, what readahead has brought too late, or beyond the end, is put out.
 */
void uncached_sweep(int fd, uint64_t begin, uint64_t end, enum cached_before before);

#endif
