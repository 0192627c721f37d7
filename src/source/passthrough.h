/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A second reader of a stream: what the reader brings has gone to another descriptor, unchanged.
 * No byte is brought that the other has not been given; none is given twice or lost.
 *
 *      pipe to pipe      tee(2), then read(2) as much: the pages themselves are passed on
 *      bytes unseen      splice(2), if either is a pipe
 *      anything else     read(2), then write(2) of the block in hand
 *
 * What does not work here, for whatever reason, is given up for the next in this list. No more is
 * read than the other takes, and no more kept in hand than its pipe holds.
 */
#ifndef PCOUNT_SOURCE_PASSTHROUGH_H
#define PCOUNT_SOURCE_PASSTHROUGH_H

#include "base/base.h"

#include <sys/types.h>

struct passthrough {
	int in, out;
	int error; /* errno: the other takes no more, and no more is read; 0: all is well */
	/* Its own. */
	bool tees;      /* between these two tee(2) may work, and has not failed yet */
	bool splices;   /* splice(2), likewise */
	bool grown;     /* the pipes hold more */
	uint64_t ahead; /* bytes that were passed on by tee(2) and are still to be read */
};

/* SIGPIPE is to be ignored: `error` says EPIPE. */
void passthrough_init(struct passthrough *p, int in, int out);

/*
 * Are both ends one file, and would what is written be read again, for ever? cat(1) refuses the
 * same.
 */
bool passthrough_is_loop(int in, int out);

/*
 * As read(2) of `in` into bytes[n]: what has been passed on. 0: the end of the input or, with
 * p->error, of what the other takes; `in` is then where the other has got to, if it can seek.
 * -1 and errno: it could not be read.
 */
ssize_t passthrough_read(struct passthrough *p, void *bytes, size_t n);

/*
 * Passes on bytes that nobody else wants to see, and returns how many, as passthrough_read().
 * buffer[n] is room for them.
 */
ssize_t passthrough_skip(struct passthrough *p, void *buffer, size_t n);

#endif
