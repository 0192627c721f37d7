/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a file is in memory, and what of it there is at all. */
#ifndef PCOUNT_SOURCE_PAGE_CACHE_H
#define PCOUNT_SOURCE_PAGE_CACHE_H

#include "base/base.h"

/*
 * Is the byte at `offset` of a regular file in the page cache? Asked without waiting for the disk;
 * on Linux before 6.5 that may set readahead going there.
 * True also where the file system cannot say (overlayfs, tmpfs).
 */
bool page_cache_has(int fd, uint64_t offset);

/*
 * Can the byte be read without waiting for the disk? If not, readahead may be set going at this
 * place. True also where the file system cannot say; false where the file does not reach there.
 */
bool page_cache_is_at_hand(int fd, uint64_t offset);

#endif
