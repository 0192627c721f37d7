/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the data of a sparse file lies. */
#ifndef PCOUNT_SOURCE_HOLES_H
#define PCOUNT_SOURCE_HOLES_H

#include "base/base.h"

#include <sys/stat.h>

/* No file is longer, and no byte of one is asked for at or after this offset. */
#define OFFSET_MOST ((uint64_t)INT64_MAX)

/*
 * Has the file holes, or less data than it is long for another reason? Only then is it worth asking
 * where its data lies.
 */
bool holes_are_in(const struct stat *st);

/*
 * The first offset from `offset` on that does not lie in a hole, in bytes: `offset` itself, or
 * where data begins, or the end of the file; `offset` too where the file system cannot say. Moves
 * the offset of the descriptor.
 */
uint64_t holes_data_from(int fd, uint64_t offset);

#endif
