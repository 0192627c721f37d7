/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The profiler: wraps a counter's loop, and beside the counts keeps the profile of the same bytes.
 * A counter without one is not affected.
 *
 *      counter->count --> profiler --> the counter's own loop --> tally
 *                            |
 *                            `--> line feeds, histogram of bytes --> profile
 */
#ifndef PCOUNT_COUNT_PROFILER_H
#define PCOUNT_COUNT_PROFILER_H

#include "base/base.h"
#include "count/counter.h"
#include "tally/profile.h"

struct profiler {
	struct profile profile; /* of all that has been counted since profiler_start() */
	struct profile kept;    /* by profiler_keep() */
	count_fn *count;        /* the counter's own */
	struct line_feeds found;
	uint32_t byte[4][256]; /* of the current block */
	uint32_t *pair;        /* [65536] of a large block: by its bytes two at a time */
};

/*
 * Gives a counter that counter_init() has set up for NEED_LINES, and NEED_CHARS unless its charset
 * is of single bytes, a profiler. 0, or -1 and errno. counter_copy() and counter_free() know of it.
 */
int profiler_add(struct counter *c);
/* Gives a copy of such a counter a profiler of its own. 0, or -1 and errno. */
int profiler_copy(struct counter *c, const struct counter *from);
void profiler_free(struct profiler *p);

/* Forgets what has been counted so far. The profile of what is counted from now on. */
const struct profile *profiler_start(struct profiler *p);
/* Appends a run of NULs, whose tally is `run`, to what has the tally `before`. */
void profiler_add_nuls(struct profiler *p, const struct charset *cs, const struct tally *before,
                       const struct tally *run);
/* Saves the profile, and restores it, even if a loop was left half-way. */
void profiler_keep(struct profiler *p);
void profiler_restore(struct profiler *p);

#endif
