/* SPDX-License-Identifier: BSD-2-Clause */
/* Masks of 64 bits, one for each byte of a block, that of the first byte lowest. */
#ifndef PCOUNT_SIMD_BITS_H
#define PCOUNT_SIMD_BITS_H

#include "simd/vec.h"

enum { BLOCK = 64 }; /* bytes in a block, bits in a mask */

/* Bits set; without an instruction for that, by halves. */
SIMD_FN uint64_t bits_set(uint64_t x)
{
#ifdef VEC_POPCNT
	return (uint64_t)__builtin_popcountll(x);
#else
	x -= x >> 1 & 0x5555555555555555u;
	x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
	x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
	return x * 0x0101010101010101u >> 56;
#endif
}

/*
 * Zeros below the lowest bit set, above the highest; 64 if none is set. Where there are
 * instructions for that, no branch must come of it, for it would be one that is hard to predict.
 */
#ifdef VEC_LZCNT
SIMD_FN uint64_t trailing_zeros(uint64_t x)
{
	return __builtin_ia32_tzcnt_u64(x);
}

SIMD_FN uint64_t leading_zeros(uint64_t x)
{
	return __builtin_ia32_lzcnt_u64(x);
}
#else
SIMD_FN uint64_t trailing_zeros(uint64_t x)
{
	return x ? (uint64_t)__builtin_ctzll(x) : 64;
}

SIMD_FN uint64_t leading_zeros(uint64_t x)
{
	return x ? (uint64_t)__builtin_clzll(x) : 64;
}
#endif

/*
 * The mask `k` bytes (1 to 3) later; its first k bits come from the block before:
 *
 *      bytes         a  b  SP  c  LF ...
 *      eq(LF)        0  0   0  0   1 ...    bit 4 is set
 *      shift_in 1    x  0   0  0   0  1     x: bit 63 of the block before
 */
SIMD_FN uint64_t shift_in(uint64_t mask, uint64_t before, unsigned k)
{
	return mask << k | before >> (BLOCK - k);
}

/* The lowest n bits, n up to 64. */
SIMD_FN uint64_t bits_below(size_t n)
{
	return n < BLOCK ? (UINT64_C(1) << n) - 1 : ~UINT64_C(0);
}

/* Bits 63, 62 and 61 as bit 7 of the last three of four bytes, the last first. */
SIMD_FN uint32_t plane_end_bytes(uint64_t bits)
{
	return (uint32_t)(bits >> 63 << 31 | (bits >> 62 & 1) << 23 | (bits >> 61 & 1) << 15);
}

#endif
