/* SPDX-License-Identifier: BSD-2-Clause */
/* Sums of what workers have done. */
#include "base/base.h"
#include "base/relaxed.h"
#include "scan/stats.h"

void worker_stats_add(struct worker_stats *sum, const struct worker_stats *more)
{
#define WORKER_STATS_ADD(name) sum->name += more->name;
	WORKER_STATS(WORKER_STATS_ADD)
#undef WORKER_STATS_ADD
}

void worker_stats_copy(struct worker_stats *copy, const struct worker_stats *of)
{
#define WORKER_STATS_COPY(name) copy->name = min_u64(relaxed_get(&of->name), WORKER_STATS_MOST);
	WORKER_STATS(WORKER_STATS_COPY)
#undef WORKER_STATS_COPY
}

uint64_t worker_stats_bytes(const struct worker_stats *stats, size_t n)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < n; i++)
		bytes += relaxed_get(&stats[i].bytes);
	return bytes;
}
