/* SPDX-License-Identifier: BSD-2-Clause */
/* How an operand is cut up: what size of file is split, and into pieces of what size. */
#ifndef PCOUNT_ENGINE_PLAN_H
#define PCOUNT_ENGINE_PLAN_H

#include "base/base.h"
#include "engine/engine.h"

struct plan {
	uint64_t split_above;  /* larger files are cut up; UINT64_MAX: none is */
	uint64_t split_packed; /* of compressed files, by their compressed size */
	uint64_t chunk_size;   /* of every piece, if the user has said so; 0: by size of file */
	unsigned workers;
	bool uncached; /* --no-cache: pieces are what is read at once */
	bool slow;     /* the kernel is: smaller pieces are worth their handling */
};

/* The rules for `workers` workers. */
struct plan plan_make(const struct engine_config *config, unsigned workers);

/* Size of the pieces for a file of `size` bytes, in bytes. Cuts lie at its multiples. */
uint64_t plan_chunk(const struct plan *plan, uint64_t size);
/* What borders between parts of a file are multiples of. */
uint64_t plan_part_unit(const struct plan *plan);
/* The least size of pieces of a compressed file of `size` bytes, which are cut between members. */
uint64_t plan_packed_chunk(const struct plan *plan, uint64_t size);

/*
 * Of a gzip file that is decoded by a relay, on so many processors; 0: that is not worth it. `text`
 * is what it expands to, 0 if that is not known.
 */
uint64_t plan_relay_chunk(const struct plan *plan, unsigned processors, uint64_t size,
                          uint64_t text);

/* Bytes of a compressed file of `size` bytes from one point to the next. */
uint64_t plan_point_every(const struct plan *plan, uint64_t size);

/*
 * Size of pieces that are not in the page cache. Workers that are far apart in a file are two
 * readers to the disk, and a random reader to readahead.
 */
uint64_t plan_chunk_cold(const struct plan *plan, uint64_t size);

/* Is this much work worth more than one worker? */
bool plan_worth_sharing(const struct plan *plan, uint64_t bytes, uint64_t operands);
bool plan_packed_worth_sharing(uint64_t bytes);

#endif
