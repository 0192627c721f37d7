/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lookahead: the bytes of a file from some offset on, as many as their reader needs at once. It
 * moves on through the file, and its memory is reused. Read by pread, for one thread.
 */
#ifndef PCOUNT_SOURCE_LOOKAHEAD_H
#define PCOUNT_SOURCE_LOOKAHEAD_H

#include "base/base.h"

/* Begin with all zero. */
struct lookahead {
	int fd;
	uint64_t offset;      /* of bytes[0] in the file */
	unsigned char *bytes; /* [n], and room for more */
	size_t n, room;
};

void lookahead_free(struct lookahead *l);

/* Another file, from `offset` on. */
void lookahead_start(struct lookahead *l, int fd, uint64_t offset);

/* The bytes before `offset`, which is not before l->offset, are needed no more. */
void lookahead_move(struct lookahead *l, uint64_t offset);

/* Room for so many bytes. 0, or -1: no memory. */
int lookahead_reserve(struct lookahead *l, size_t room);

/*
 * Reads until at least `least` bytes are there, or the file ends: then l->n is less. 0, or -1 and
 * errno: a read has failed, or there is no memory; what is there is still good.
 */
int lookahead_fill(struct lookahead *l, size_t least);

#endif
