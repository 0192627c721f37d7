/* SPDX-License-Identifier: BSD-2-Clause */
/* pread(2) with a wish: preadv2(2), by the C library or without it. */
#ifndef PCOUNT_BASE_PREAD_FLAGS_H
#define PCOUNT_BASE_PREAD_FLAGS_H

#include "base/base.h"

#include <sys/types.h>

/*
 * What need not be waited for: RWF_NOWAIT. EAGAIN: it would have to wait; EOPNOTSUPP: it cannot be
 * told.
 */
ssize_t pread_nowait(int fd, void *bytes, size_t n, off_t offset);

/*
 * What this read brings into the page cache is put out again behind it, what was there stays:
 * RWF_DONTCACHE, Linux 6.14. EOPNOTSUPP: not by this kernel, C library or file system.
 */
ssize_t pread_dontcache(int fd, void *bytes, size_t n, off_t offset);

#endif
