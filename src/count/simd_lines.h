/* SPDX-License-Identifier: BSD-2-Clause */
/* Template: lines alone, in any charset, since LF is never a part of another character. */
#ifndef PCOUNT_COUNT_SIMD_LINES_H
#define PCOUNT_COUNT_SIMD_LINES_H

enum {
	LINES_STEP = 4,  /* blocks in a step of the loop */
	SUM_STEPS = 127, /* until a lane of a sum of two blocks a step may be full */
};

SIMD_FN uint64_t lines_in(const unsigned char *p, size_t n)
{
	size_t blocks = n / BLOCK, rest = n % BLOCK;
	uint64_t lines = 0;

	while (blocks >= LINES_STEP) {
		size_t steps = blocks / LINES_STEP < SUM_STEPS ? blocks / LINES_STEP : SUM_STEPS;
		struct block even = block_zero(), odd = block_zero();

		blocks -= LINES_STEP * steps;
		for (; steps > 0; steps--, p += LINES_STEP * BLOCK) {
			even = sum_eq(even, block_load(p), '\n');
			odd = sum_eq(odd, block_load(p + BLOCK), '\n');
			even = sum_eq(even, block_load(p + 2 * BLOCK), '\n');
			odd = sum_eq(odd, block_load(p + 3 * BLOCK), '\n');
		}
		lines += sum_total(even) + sum_total(odd);
	}
	for (; blocks > 0; blocks--, p += BLOCK)
		lines += bits_set(block_eq(block_load(p), '\n'));
	if (rest > 0)
		lines += bits_set(block_eq(block_load_part(p, rest), '\n'));
	return lines;
}

SIMD_KERNEL void count_lines(struct counter *c UNUSED, struct tally *t, const unsigned char *p,
                             size_t n)
{
	t->bytes += n;
	t->lines += lines_in(p, n);
}

#endif
