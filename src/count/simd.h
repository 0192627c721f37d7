/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the SIMD templates share, whatever the instruction set.
 *
 * A kernel file (x86_avx2.c, neon.c, ...) defines SIMD_TARGET, includes the vector operations of
 * its instruction set (simd_avx2.h, ...), then the templates: simd_lines.h, simd_bytes.h,
 * simd_width.h, simd_utf8.h. The templates see text as blocks of 64 bytes and what is true of its
 * bytes as 64-bit masks, first byte in bit 0:
 *
 *      bytes        a  b  SP  c  LF ...
 *      eq(LF)       0  0   0  0   1 ...    bit 4 is set
 *      shift_in 1   x  0   0  0   0  1     the mask one byte later; x: bit 63 of the block before
 */
#ifndef PCOUNT_COUNT_SIMD_H
#define PCOUNT_COUNT_SIMD_H

#include "base/base.h"
#include "count/counter.h"

enum {
	BLOCK = 64, /* bytes in a block, bits in a mask */
	VT = 0x0B,  /* pads ragged blocks: white, no width, no line end, a character to be taken off
	             */
};

/* SIMD_FN: a function of a template, inlined into the kernels and compiled for their target. */
#ifdef SIMD_TARGET
#define SIMD_FN       static inline __attribute__((always_inline, target(SIMD_TARGET)))
#define SIMD_KERNEL   static __attribute__((target(SIMD_TARGET)))
#define SIMD_NOINLINE static __attribute__((noinline, target(SIMD_TARGET)))
#else
#define SIMD_FN       ALWAYS_INLINE
#define SIMD_KERNEL   static
#define SIMD_NOINLINE static __attribute__((noinline))
#endif

/* Before a loop over the vectors of a block, so that blocks live in registers. */
#define EACH_VEC _Pragma("GCC unroll 4") for (int i = 0; i < VECS; i++)

/* Bits set. SIMD_NO_POPCNT: the instruction set has no POPCNT, so by halves. */
ALWAYS_INLINE uint64_t bits_set(uint64_t x)
{
#ifdef SIMD_NO_POPCNT
	x -= x >> 1 & 0x5555555555555555u;
	x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
	x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
	return x * 0x0101010101010101u >> 56;
#else
	return (uint64_t)__builtin_popcountll(x);
#endif
}

/*
 * Zeros below the lowest bit set, above the highest; 64 if none is set. SIMD_LZCNT: there are
 * instructions for that, and no branch must come of it, for it would be one that is hard to
 * predict.
 */
#ifdef SIMD_LZCNT
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

/* The mask `k` bytes (1 to 3) later; its first k bits come from the block before. */
ALWAYS_INLINE uint64_t shift_in(uint64_t mask, uint64_t before, unsigned k)
{
	return mask << k | before >> (BLOCK - k);
}

#endif
