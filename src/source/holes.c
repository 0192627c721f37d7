/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux: blocks that a file has, and lseek(2) with SEEK_DATA. */
#include "base/base.h"
#include "source/holes.h"

#include <errno.h>
#include <unistd.h>

enum { LARGEST_PAGE = 64 << 10 }; /* of all processors */

bool holes_are_in(const struct stat *st)
{
	enum { BLOCK = 512 }; /* of st_blocks, whatever st_blksize is */

	return S_ISREG(st->st_mode) && st->st_size > 0 && st->st_blocks < st->st_size / BLOCK;
}

uint64_t holes_data_from(int fd, uint64_t offset)
{
	const uint64_t last_page = OFFSET_MOST - OFFSET_MOST % LARGEST_PAGE;
	struct stat st;
	off_t data = lseek(fd, (off_t)offset, SEEK_DATA);

	/*
	 * No data: a hole up to the end, or beyond it. But tmpfs (Linux 6.18) finds none in a page
	 * whose end is no offset any more.
	 */
	if (data < 0 && errno == ENXIO && fstat(fd, &st) == 0)
		data = (off_t)min_u64((uint64_t)st.st_size, last_page);
	return data < 0 ? offset : max_u64(offset, (uint64_t)data);
}
