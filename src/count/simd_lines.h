/* SPDX-License-Identifier: BSD-2-Clause */
/* Template: lines alone, in any charset, since LF is never a part of another character. */
#ifndef PCOUNT_COUNT_SIMD_LINES_H
#define PCOUNT_COUNT_SIMD_LINES_H

enum { SUM_BLOCKS = 255 }; /* blocks until a lane of a sum may be full */

SIMD_FN uint64_t lines_in(const unsigned char *p, size_t n)
{
	size_t blocks = n / BLOCK, rest = n % BLOCK;
	uint64_t lines = 0;

	while (blocks >= 2) {
		size_t pairs = blocks / 2 < SUM_BLOCKS ? blocks / 2 : SUM_BLOCKS;
		struct block even = block_zero(), odd = block_zero();

		blocks -= 2 * pairs;
		for (; pairs > 0; pairs--, p += 2 * BLOCK) {
			even = sum_eq(even, block_load(p), '\n');
			odd = sum_eq(odd, block_load(p + BLOCK), '\n');
		}
		lines += sum_total(even) + sum_total(odd);
	}
	if (blocks > 0) {
		lines += bits_set(block_eq(block_load(p), '\n'));
		p += BLOCK;
	}
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
