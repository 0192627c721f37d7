/* SPDX-License-Identifier: BSD-2-Clause */
/* What has to be ready before a sandbox is entered. */
#include "base/base.h"
#include "base/fd.h"
#include "base/fd_proc.h"
#include "base/sandbox.h"
#include "exec/isolation.h"

#include <sys/mman.h>

/* The pages of others' statistics: what is not mapped is beyond the reach of a store. */
static void unmap_others(const struct executor *x, unsigned number)
{
	char *stats = (char *)x->stats;
	size_t own = number * x->stats_stride, after = own + x->stats_stride;

	if (own > 0)
		munmap(stats, own);
	/* The coordinator's are the last. */
	if (number < x->workers)
		munmap(stats + after, (x->workers - number) * x->stats_stride);
}

int isolation_enter(const struct executor *x, struct scanner *s, unsigned number, int fd,
                    int socket)
{
	char32_t c;

	verify(fd < 0 || socket < 0);
	if (fd_close_others(socket >= 0 ? socket : fd) != 0)
		return -1;
	unmap_others(x, number);

	/*
	 * The C library's converters are loaded when they are first used, and then it would be too
	 * late.
	 */
	if (s->counter.cs->class == CHARSET_MULTI)
		(void)charset_decode((const unsigned char *)"\x81\x40", 2, &c);
	s->may_thread = false;
	return sandbox_enter(socket) == 0 || !sandbox_available() ? 0 : -1;
}
