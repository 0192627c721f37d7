/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux: cachestat(2), and pread_nowait() where it is not there. */
#include "base/base.h"
#include "base/pread_flags.h"
#include "source/page_cache.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * cachestat(2), Linux 6.5; its structures are of linux/mman.h, which may be older. -1: no answer,
 * because the kernel is, or because the file is another user's.
 */
static int cache_state(int fd, uint64_t offset)
{
	enum { SYSCALL_NUMBER = 451 }; /* the same on all architectures but alpha */
	struct {
		uint64_t off, len;
	} range = {offset, 1};
	struct {
		uint64_t cached, dirty, writeback, evicted, recently_evicted;
	} pages;

	if (syscall(SYSCALL_NUMBER, fd, &range, &pages, 0) != 0)
		return -1;
	return pages.cached > 0;
}

bool page_cache_is_at_hand(int fd, uint64_t offset)
{
	char byte;
	ssize_t n = pread_nowait(fd, &byte, 1, (off_t)offset);

	return n == 1 || (n < 0 && errno == EOPNOTSUPP);
}

bool page_cache_has(int fd, uint64_t offset)
{
	int state = cache_state(fd, offset);

	return state >= 0 ? state > 0 : page_cache_is_at_hand(fd, offset);
}
