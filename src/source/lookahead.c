/* SPDX-License-Identifier: BSD-2-Clause */
/* A stretch of a file in memory. */
#include "base/base.h"
#include "base/fd.h"
#include "source/lookahead.h"

#include <stdlib.h>
#include <string.h>

void lookahead_free(struct lookahead *l)
{
	free(l->bytes);
	*l = (struct lookahead){0};
}

void lookahead_start(struct lookahead *l, int fd, uint64_t offset)
{
	l->fd = fd;
	l->offset = offset;
	l->n = 0;
}

void lookahead_move(struct lookahead *l, uint64_t offset)
{
	size_t passed = (size_t)min_u64(offset - l->offset, l->n);

	l->n -= passed;
	if (passed > 0)
		memmove(l->bytes, l->bytes + passed, l->n);
	l->offset = offset;
}

int lookahead_reserve(struct lookahead *l, size_t room)
{
	if (room <= l->room)
		return 0;
	unsigned char *bytes = realloc(l->bytes, room);
	if (!bytes)
		return -1;
	l->bytes = bytes;
	l->room = room;
	return 0;
}

int lookahead_fill(struct lookahead *l, size_t least)
{
	/* By halves, so that many small steps do not copy all of it each time. */
	if (least > l->room && lookahead_reserve(l, least + least / 2) != 0)
		return -1;
	while (l->n < least) {
		ssize_t got = peek_file(l->fd, l->offset + l->n, l->bytes + l->n, least - l->n);
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		l->n += (size_t)got;
	}
	return 0;
}
