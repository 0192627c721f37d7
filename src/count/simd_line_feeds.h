/* SPDX-License-Identifier: BSD-2-Clause */
/* Template: where the line feeds of a block of the profiler are, and its histogram. */
#ifndef PCOUNT_COUNT_SIMD_LINE_FEEDS_H
#define PCOUNT_COUNT_SIMD_LINE_FEEDS_H

#include "count/pairs.h"

/*
 * Writes two places whether there are two or not: in most texts it is random whether a block has a
 * line feed, and a processor would guess wrong.
 */
SIMD_FN void note_line_feeds(struct line_feeds *found, uint64_t mask, size_t base)
{
	uint32_t *at = found->at + found->n;

	found->n += (size_t)bits_set(mask);
	at[0] = (uint32_t)(base + trailing_zeros(mask));
	mask &= mask - 1;
	at[1] = (uint32_t)(base + trailing_zeros(mask));
	mask &= mask - 1;
	for (at += 2; UNLIKELY(mask != 0); mask &= mask - 1)
		*at++ = (uint32_t)(base + trailing_zeros(mask));
}

/* `pairs`, a constant: they are counted. */
SIMD_FN void find_line_feeds(struct line_feeds *found, uint32_t *pair, const unsigned char *p,
                             size_t n, bool pairs)
{
	uint64_t crs = 0;
	size_t i = 0;

	found->n = 0;
	for (; n - i >= BLOCK; i += BLOCK) {
		struct block b = block_load(p + i);
		crs |= block_eq(b, '\r');
		note_line_feeds(found, block_eq(b, '\n'), i);
		for (unsigned k = 0; pairs && k < BLOCK; k += 8)
			pairs_add_8(pair, p + i + k);
	}
	if (i < n) {
		struct block b = block_load_part(p + i, n - i);
		crs |= block_eq(b, '\r');
		note_line_feeds(found, block_eq(b, '\n'), i);
		for (; pairs && n - i >= 8; i += 8)
			pairs_add_8(pair, p + i);
	}
	found->cr = crs != 0;
}

SIMD_KERNEL void find_lines(struct line_feeds *found, uint32_t *pair, const unsigned char *p,
                            size_t n)
{
	if (pair)
		find_line_feeds(found, pair, p, n, true);
	else
		find_line_feeds(found, pair, p, n, false);
}

#endif
