/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vector layer by words of 64 bits, for processors that have no other here; see vec.h. No carry
 * may run from one byte into the next, so bit 7 of each is computed apart from the other seven.
 */
#ifndef PCOUNT_SIMD_VEC_PORTABLE_H
#define PCOUNT_SIMD_VEC_PORTABLE_H

#define VEC_LOOKUP 0
#define VEC_MANY

#include "simd/bits.h"
#include "simd/vec.h"

#include <string.h>

typedef uint64_t vec;   /* the first byte in the lowest bits, whatever the processor's order */
typedef uint64_t vmask; /* bit 7 of each byte */

enum { VECS = 8, VEC_BYTES = 8 };

#include "simd/mask_words.h"

#define EACH_BYTE(x) ((x)*UINT64_C(0x0101010101010101))
#define BITS_7       EACH_BYTE(0x80)
#define BITS_0_TO_6  EACH_BYTE(0x7F)

/* To and from the order of bytes in memory. */
SIMD_FN uint64_t word_order(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap64(word);
#else
	return word;
#endif
}

SIMD_FN vec vec_load(const unsigned char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof word);
	return word_order(word);
}

SIMD_FN vec vec_set1(unsigned char x)
{
	return EACH_BYTE(x);
}

SIMD_FN vec vec_and(vec a, vec b)
{
	return a & b;
}

SIMD_FN vec vec_or(vec a, vec b)
{
	return a | b;
}

SIMD_FN vec vec_xor(vec a, vec b)
{
	return a ^ b;
}

SIMD_FN vec vec_sub(vec a, vec b)
{
	return ((a | BITS_7) - (b & BITS_0_TO_6)) ^ ((a ^ ~b) & BITS_7);
}

SIMD_FN vmask vec_eq(vec a, vec b)
{
	vec x = a ^ b;

	return ~(((x & BITS_0_TO_6) + BITS_0_TO_6) | x) & BITS_7;
}

SIMD_FN vmask vec_ge(vec a, vec b)
{
	vec by_others = (a | BITS_7) - (b & BITS_0_TO_6);

	return ((a & ~b) | (~(a ^ b) & by_others)) & BITS_7;
}

SIMD_FN vmask vec_le(vec a, vec b)
{
	return vec_ge(b, a);
}

/* Bit 7 without bit 6. */
SIMD_FN vmask vec_cont(vec v)
{
	return v & ~(v << 1) & BITS_7;
}

SIMD_FN vmask vec_high(vec v)
{
	return v & BITS_7;
}

/* All bits of the bytes of a mask. */
SIMD_FN vec whole_bytes(vmask m)
{
	return (m >> 7) * 0xFF;
}

SIMD_FN vec vec_sub_saturating(vec a, vec b)
{
	return vec_sub(a, b) & whole_bytes(vec_ge(a, b));
}

SIMD_FN vec vec_bound(vec a, vec b)
{
	return a | b;
}

SIMD_FN vec vec_min(vec a, vec b)
{
	vec which = whole_bytes(vec_ge(a, b));

	return (b & which) | (a & ~which);
}

SIMD_FN bool vec_common(vec a, vec b)
{
	return (a & b) != 0;
}

SIMD_FN uint64_t vec_total(const vec v[VECS])
{
	const uint64_t even = UINT64_C(0x00FF00FF00FF00FF);
	uint64_t sums = 0; /* four of 16 bits, each of up to 16 bytes */

	EACH_VEC
	sums += (v[i] & even) + (v[i] >> 8 & even);
	return sums * UINT64_C(0x0001000100010001) >> 48;
}

SIMD_FN vec mask_vec(vmask m)
{
	return m;
}

SIMD_FN vec vec_count(vec sum, vmask m)
{
	return sum + (m >> 7);
}

/* Bit 8 k of m / 128, by bit 56 - 7 k of the factor, comes to bit 56 + k. */
SIMD_FN uint64_t vec_bits(const vmask m[VECS])
{
	uint64_t bits = 0;

	EACH_VEC
	bits |= ((m[i] >> 7) * UINT64_C(0x0102040810204080) >> 56) << 8 * i;
	return bits;
}

SIMD_FN vec vec_set_pairs(unsigned char first, unsigned char second)
{
	return (first | (uint64_t)second << 8) * UINT64_C(0x0001000100010001);
}

SIMD_FN vec vec_swap_pairs(vec v)
{
	const uint64_t even = UINT64_C(0x00FF00FF00FF00FF);

	return (v & even) << 8 | (v >> 8 & even);
}

SIMD_FN void vec_store_narrow(unsigned char *out, vec v)
{
	for (int i = 0; i < VEC_BYTES / 2; i++)
		out[i] = (unsigned char)(v >> 16 * i);
}

SIMD_FN vec vec_and_not(vec a, vec b)
{
	return a & ~b;
}

/* Sums below 256. */
SIMD_FN vec vec_add(vec a, vec b)
{
	return a + b;
}

SIMD_FN void vec_swap_bits(vec *a, vec *b, unsigned k, unsigned char m)
{
	vec differ = ((*a >> k) ^ *b) & vec_set1(m);

	*b ^= differ;
	*a ^= differ << k;
}

SIMD_FN vec plane_later(vec x, vec before, unsigned k)
{
	vec y = (x & BITS_0_TO_6) << 1 | (before >> 7 & EACH_BYTE(0x01));

	return x << 8 * k | y >> (64 - 8 * k);
}

SIMD_FN uint64_t plane_end(vec x)
{
	return x >> 63 << 63 | (x >> 55 & 1) << 62 | (x >> 47 & 1) << 61;
}

SIMD_FN vec plane_ending(uint64_t bits)
{
	return (uint64_t)plane_end_bytes(bits) << 32;
}

SIMD_FN vec vec_popcount(vec v)
{
	v -= v >> 1 & EACH_BYTE(0x55);
	v = (v & EACH_BYTE(0x33)) + (v >> 2 & EACH_BYTE(0x33));
	return (v + (v >> 4)) & EACH_BYTE(0x0F);
}

#include "simd/block.h"

#endif
