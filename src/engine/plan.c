/* SPDX-License-Identifier: BSD-2-Clause */
/* The sizes at which work is worth sharing, as measured, and the rules made of them. */
#include "base/base.h"
#include "base/uncached.h"
#include "engine/plan.h"

#include <string.h>

enum {
	/*
	 * At the speed of memory a thread costs as much to make as 2 MiB to count, and pieces below
	 * 4 MiB lose to mmap and munmap. Slow kernels (the C library decides each character) are
	 * some thirty times slower, and so are worth sharing much earlier.
	 */
	SHARE_ABOVE = 4 << 20,
	SHARE_ABOVE_SLOW = 256 << 10,
	CHUNK_MIN = 1 << 20,
	CHUNK_MIN_SLOW = 64 << 10,
	CHUNK_MAX = 16 << 20,
	CHUNK_MAX_SLOW = 4 << 20,
	CHUNK_COLD = 1 << 20, /* one read of the buffer's size, so that reads come in their order */
	CHUNKS_PER_WORKER = 4, /* so that the last ones finish at about the same time */
	CHUNK_ALIGN = 4096,    /* cuts at pages, so that no page is mapped twice */
	/*
	 * Decoding takes some twenty times as long as counting what comes out, three times as much.
	 */
	SHARE_PACKED_ABOVE = 256 << 10,
	CHUNK_PACKED_MIN = 64 << 10,
	CHUNK_PACKED_MAX = 4 << 20,
	/*
	 * A relay takes 1.5 (base64) to 2.6 times (logs) as much work as decoding by one worker,
	 * and on two processors would mostly be slower. A border is found after 20 kB on average,
	 * which takes as long as decoding 50.
	 */
	RELAY_WORKERS = 3,
	CHUNK_RELAY_MIN = 256 << 10,
	CHUNK_RELAY_MAX = 1 << 20,
	RELAY_TEXT = 8 << 20, /* of a piece, so that its symbols have room */
	/*
	 * Points in a journal: 0.1 s of decoding, of which one takes 2 %, or so that their windows,
	 * of 10 kB to 44 kB each, are few.
	 */
	POINT_EVERY = 16 << 20,
	POINTS_MOST = 1000,
	/* Opening and reading this number of small files takes as long as making a thread. */
	FILES_WORTH_SHARING = 64,
};

struct plan plan_make(const struct engine_config *config, unsigned workers)
{
	const struct counter *c = config->scan.counter;
	bool library = strcmp(c->kernel, "locale") == 0 || strcmp(c->kernel, "scalar") == 0;
	struct plan plan = {
		.chunk_size = config->chunk_size,
		.workers = workers,
		.uncached = uncached_is_wanted(),
		.slow = library && (c->needs & ~(unsigned)(NEED_LINES | NEED_RECORDS)) != 0,
	};

	if (config->scan.only_bytes)
		plan.split_above = UINT64_MAX;
	else if (config->chunk_size > 0)
		plan.split_above = config->chunk_size;
	else if (workers == 1)
		plan.split_above = UINT64_MAX;
	else
		plan.split_above = plan.slow ? SHARE_ABOVE_SLOW : SHARE_ABOVE;
	if (config->chunk_size > 0)
		plan.split_packed = config->chunk_size;
	else
		plan.split_packed = workers == 1 ? UINT64_MAX : SHARE_PACKED_ABOVE;
	return plan;
}

uint64_t plan_chunk(const struct plan *plan, uint64_t size)
{
	uint64_t least = plan->slow ? CHUNK_MIN_SLOW : CHUNK_MIN;
	uint64_t most = plan->slow ? CHUNK_MAX_SLOW : CHUNK_MAX;

	if (plan->chunk_size > 0)
		return plan->chunk_size;
	uint64_t chunk = size / ((uint64_t)plan->workers * CHUNKS_PER_WORKER);
	chunk = max_u64(least, min_u64(chunk, most));
	return chunk - chunk % CHUNK_ALIGN;
}

uint64_t plan_part_unit(const struct plan *plan)
{
	return plan->chunk_size > 0 ? plan->chunk_size : CHUNK_ALIGN;
}

uint64_t plan_packed_chunk(const struct plan *plan, uint64_t size)
{
	if (plan->chunk_size > 0)
		return plan->chunk_size;
	uint64_t chunk = size / ((uint64_t)plan->workers * CHUNKS_PER_WORKER);
	return max_u64(CHUNK_PACKED_MIN, min_u64(chunk, CHUNK_PACKED_MAX));
}

uint64_t plan_relay_chunk(const struct plan *plan, unsigned processors, uint64_t size,
                          uint64_t text)
{
	if (plan->chunk_size > 0)
		return plan->chunk_size;
	if (min_u64(plan->workers, processors) < RELAY_WORKERS ||
	    size < (uint64_t)plan->workers * 2 * CHUNK_RELAY_MIN)
		return 0;
	uint64_t chunk = size / ((uint64_t)plan->workers * CHUNKS_PER_WORKER);
	/* What there is no room for is decoded when all before it is known. */
	if (text / RELAY_TEXT > size / chunk)
		chunk = size / (text / RELAY_TEXT);
	return max_u64(CHUNK_RELAY_MIN, min_u64(chunk, CHUNK_RELAY_MAX));
}

uint64_t plan_point_every(const struct plan *plan, uint64_t size)
{
	return plan->chunk_size > 0 ? plan->chunk_size : max_u64(POINT_EVERY, size / POINTS_MOST);
}

bool plan_packed_worth_sharing(uint64_t bytes)
{
	return bytes > SHARE_PACKED_ABOVE;
}

uint64_t plan_chunk_cold(const struct plan *plan, uint64_t size)
{
	uint64_t chunk = plan_chunk(plan, size);

	/* What two workers share of a folio is read twice. */
	if (plan->uncached && plan->chunk_size == 0)
		return UNCACHED_UNIT;
	return plan->chunk_size > 0 ? chunk : min_u64(chunk, CHUNK_COLD);
}

bool plan_worth_sharing(const struct plan *plan, uint64_t bytes, uint64_t operands)
{
	return bytes > (plan->slow ? SHARE_ABOVE_SLOW : SHARE_ABOVE) ||
	       operands >= FILES_WORTH_SHARING;
}
