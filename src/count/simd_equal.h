/* SPDX-License-Identifier: BSD-2-Clause */
/* Template: how many bytes are x. */
#ifndef PCOUNT_COUNT_SIMD_EQUAL_H
#define PCOUNT_COUNT_SIMD_EQUAL_H

enum {
	EQUAL_STEP = 4,  /* blocks in a step of the loop */
	SUM_STEPS = 127, /* until a lane of a sum of two blocks a step may be full */
};

/* How many of p[0..n) are x. */
SIMD_FN uint64_t equal_in(const unsigned char *p, size_t n, unsigned char x)
{
	size_t blocks = n / BLOCK, rest = n % BLOCK;
	uint64_t equal = 0;

	while (blocks >= EQUAL_STEP) {
		size_t steps = blocks / EQUAL_STEP < SUM_STEPS ? blocks / EQUAL_STEP : SUM_STEPS;
		struct block even = block_zero(), odd = block_zero();

		blocks -= EQUAL_STEP * steps;
		for (; steps > 0; steps--, p += EQUAL_STEP * BLOCK) {
			even = sum_eq(even, block_load(p), x);
			odd = sum_eq(odd, block_load(p + BLOCK), x);
			even = sum_eq(even, block_load(p + 2 * BLOCK), x);
			odd = sum_eq(odd, block_load(p + 3 * BLOCK), x);
		}
		equal += sum_total(even) + sum_total(odd);
	}
	for (; blocks > 0; blocks--, p += BLOCK)
		equal += bits_set(block_eq(block_load(p), x));
	/* What pads the last block may be x, too. */
	if (rest > 0)
		equal += bits_set(block_eq(block_load_part(p, rest), x) & bits_below(rest));
	return equal;
}

#endif
