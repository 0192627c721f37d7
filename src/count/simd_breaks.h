/* SPDX-License-Identifier: BSD-2-Clause */
/* Template: where the line feeds of a block of the profiler are. */
#ifndef PCOUNT_COUNT_SIMD_BREAKS_H
#define PCOUNT_COUNT_SIMD_BREAKS_H

#include "count/profiler.h"

/*
 * Writes two places whether there are two or not: in most texts a block has a line feed or none as
 * chance has it, and a processor would guess wrong.
 */
SIMD_FN void note_breaks(struct line_feeds *found, uint64_t mask, size_t base)
{
	uint32_t *at = found->at + found->n;

	found->n += bits_set(mask);
	at[0] = (uint32_t)(base + trailing_zeros(mask));
	mask &= mask - 1;
	at[1] = (uint32_t)(base + trailing_zeros(mask));
	mask &= mask - 1;
	for (at += 2; UNLIKELY(mask != 0); mask &= mask - 1)
		*at++ = (uint32_t)(base + trailing_zeros(mask));
}

SIMD_KERNEL void find_lines(struct line_feeds *found, const unsigned char *p, size_t n)
{
	uint64_t crs = 0;
	size_t i = 0;

	found->n = 0;
	for (; n - i >= BLOCK; i += BLOCK) {
		struct block b = block_load(p + i);
		crs |= block_eq(b, '\r');
		note_breaks(found, block_eq(b, '\n'), i);
	}
	if (i < n) {
		struct block b = block_load_part(p + i, n - i);
		crs |= block_eq(b, '\r');
		note_breaks(found, block_eq(b, '\n'), i);
	}
	found->cr = crs != 0;
}

#endif
