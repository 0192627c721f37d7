/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counting on where a tally has ended: what was appended to a file, or what a stream brings next.
 * By the calling thread: between two looks at a file little comes.
 */
#ifndef PCOUNT_ENGINE_GROWTH_H
#define PCOUNT_ENGINE_GROWTH_H

#include "base/base.h"
#include "count/counter.h"
#include "tally/tally.h"

struct growth;

/* NULL and errno: it cannot be set up. */
struct growth *growth_new(const struct counter *counter);
void growth_free(struct growth *g);

/*
 * Appends bytes [begin, end) of a regular file to the tally, or as many as there are. 0, or -1 and
 * errno: then what was read before is counted.
 */
int growth_append(struct growth *g, int fd, uint64_t begin, uint64_t end, struct tally *tally);

/*
 * Appends what one read(2) of a stream gives. 1: go on; 0: the stream has ended; -1 and errno: it
 * cannot be read.
 */
int growth_read(struct growth *g, int fd, struct tally *tally);

#endif
