/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: block_faulty() for instruction sets without a byte lookup (SSE2). It may cry wolf, as
 * simd_exact.h then finds the truth: lead bytes that are choosy about what follows are enough.
 */
#ifndef PCOUNT_COUNT_SIMD_CAREFUL_H
#define PCOUNT_COUNT_SIMD_CAREFUL_H

SIMD_FN bool block_faulty(struct block b, struct block before)
{
	uint64_t cont = block_cont(b);
	uint64_t from_c0 = block_ge(b, 0xC0), from_e0 = block_ge(b, 0xE0), from_f0 = block_ge(b, 0xF0);
	uint64_t owed = shift_in(from_c0, block_ge(before, 0xC0), 1) |
	                shift_in(from_e0, block_ge(before, 0xE0), 2) |
	                shift_in(from_f0, block_ge(before, 0xF0), 3);
	uint64_t choosy = block_in(b, 0xC0, 0xC1) | block_eq(b, 0xE0) | block_eq(b, 0xED) |
	                  block_eq(b, 0xF0) | block_ge(b, 0xF4);
	/* One at the end of the block before, whose second byte is here. */
	uint64_t border = block_ge(before, 0xC0) >> (BLOCK - 1);

	return ((owed ^ cont) | choosy | border) != 0;
}

#endif
