/* SPDX-License-Identifier: BSD-2-Clause */
/* What one worker has done, for --stats and progress. */
#ifndef PCOUNT_SCAN_STATS_H
#define PCOUNT_SCAN_STATS_H

#include "base/base.h"

/* The one list of the fields, all uint64_t: struct and sum are made of it, so none is forgotten. */
#define WORKER_STATS(FIELD)                                                                       \
	FIELD(bytes)     /* read; sizes that were believed are not in it. Relaxed: others read */ \
	FIELD(pieces)    /* tasks done */                                                         \
	FIELD(busy_ns)   /* wall time inside tasks, in nanoseconds */                             \
	FIELD(mapped)    /* bytes seen through mmap; the rest by read or pread */                 \
	FIELD(streamed)  /* of `bytes`, from what is no regular file: pipes, terminals */         \
	FIELD(lines)     /* newlines counted by blocks. Relaxed, as `bytes` */                    \
	FIELD(decoded)   /* of `bytes`, compressed ones */                                        \
	FIELD(holes)     /* bytes of holes, which are not read, and so not in `bytes` */          \
	FIELD(by_kernel) /* bytes of --no-cache that the kernel put out of the cache itself */    \
	FIELD(by_advice) /* ... and those read as ever, and put out afterwards */                 \
	FIELD(redone)    /* blocks redone after a file shrank under a mapping */                  \
	FIELD(entered)   /* pieces of a relay that were entered before it had come */             \
	FIELD(missed)    /* of those: at another place than where the piece before them ended */

struct worker_stats {
#define WORKER_STATS_FIELD(name) uint64_t name;
	WORKER_STATS(WORKER_STATS_FIELD)
#undef WORKER_STATS_FIELD
};

/* Adds every field of `more` to `sum`. */
void worker_stats_add(struct worker_stats *sum, const struct worker_stats *more);

/* A worker's number as its statistics have it, whoever may have written there: sums cannot wrap. */
#define WORKER_STATS_MOST (UINT64_MAX >> 13)

/* Copies statistics that others may be writing, even such as wish us ill; each is clamped. */
void worker_stats_copy(struct worker_stats *copy, const struct worker_stats *of);

/* Bytes that n workers have read so far, while they go on. Async-signal-safe. */
uint64_t worker_stats_bytes(const struct worker_stats *stats, size_t n);

#endif
