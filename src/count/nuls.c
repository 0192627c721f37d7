/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs of NULs: a few are counted by the kernel, which ends whatever character stands before them.
 * The others are a power of their tally: squared and multiplied, as numbers are.
 */
#include "base/base.h"
#include "count/nuls.h"
#include "count/profiler.h"

/* Bytes that are counted as they are; a power of two. */
enum { COUNTED = 4096 };

/* The tally of `blocks` times the NULs that `one` has. */
static struct tally power(const struct charset *cs, struct tally one, uint64_t blocks)
{
	struct tally run = TALLY_EMPTY;

	for (; blocks > 0; blocks /= 2) {
		struct tally half = one;
		if (blocks % 2 > 0)
			tally_merge(cs, &run, &one);
		tally_merge(cs, &one, &half);
	}
	return run;
}

void counter_add_nuls(struct counter *c, struct tally *t, uint64_t n)
{
	static const unsigned char nuls[COUNTED];
	/* The loop without the profiler, who is told of the whole run at once. */
	count_fn *count = c->profiler ? c->profiler->count : c->count;
	struct tally one = TALLY_EMPTY;

	c->count(c, t, nuls, (size_t)(n % COUNTED));
	if (n < COUNTED)
		return;
	c->count(c, t, nuls, COUNTED);
	count(c, &one, nuls, COUNTED);
	struct tally run = power(c->cs, one, n / COUNTED - 1);
	if (c->profiler)
		profiler_add_nuls(c->profiler, c->cs, t, &run);
	tally_merge(c->cs, t, &run);
}
