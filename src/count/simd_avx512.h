/* SPDX-License-Identifier: BSD-2-Clause */
/* Vector operations for the templates: AVX-512BW, one vector to a block, masks for nothing. */
#ifndef PCOUNT_COUNT_SIMD_AVX512_H
#define PCOUNT_COUNT_SIMD_AVX512_H

#include "count/simd.h"

#include <immintrin.h>

typedef __m512i vec;

enum { VECS = 1 }; /* vectors in a block */

struct block {
	vec v[VECS];
};

SIMD_FN struct block block_load(const unsigned char *p)
{
	return (struct block){{_mm512_loadu_si512(p)}};
}

/* The n < 64 bytes at p, then VT; the bytes behind are not touched. */
SIMD_FN struct block block_load_part(const unsigned char *p, size_t n)
{
	__mmask64 there = _cvtu64_mask64((UINT64_C(1) << n) - 1);

	return (struct block){{_mm512_mask_loadu_epi8(_mm512_set1_epi8(VT), there, p)}};
}

SIMD_FN struct block block_zero(void)
{
	return (struct block){{_mm512_setzero_si512()}};
}

SIMD_FN uint64_t block_eq(struct block b, unsigned char x)
{
	return _mm512_cmpeq_epi8_mask(b.v[0], _mm512_set1_epi8((char)x));
}

/* Bytes from x up. */
SIMD_FN uint64_t block_ge(struct block b, unsigned char x)
{
	return _mm512_cmpge_epu8_mask(b.v[0], _mm512_set1_epi8((char)x));
}

/* Bytes from lo to hi. */
SIMD_FN uint64_t block_in(struct block b, unsigned char lo, unsigned char hi)
{
	vec from_lo = _mm512_sub_epi8(b.v[0], _mm512_set1_epi8((char)lo));

	return _mm512_cmple_epu8_mask(from_lo, _mm512_set1_epi8((char)(hi - lo)));
}

/* Bytes from 80 up. */
SIMD_FN uint64_t block_high(struct block b)
{
	return _mm512_movepi8_mask(b.v[0]);
}

/* Continuation bytes, 80 to BF: the signed bytes below C0. */
SIMD_FN uint64_t block_cont(struct block b)
{
	return _mm512_cmplt_epi8_mask(b.v[0], _mm512_set1_epi8((char)0xC0));
}

/* A sum of bytes equal to x, up to 255 blocks of them, in 64 lanes. */
SIMD_FN struct block sum_eq(struct block sum, struct block b, unsigned char x)
{
	__mmask64 eq = _mm512_cmpeq_epi8_mask(b.v[0], _mm512_set1_epi8((char)x));

	sum.v[0] = _mm512_mask_sub_epi8(sum.v[0], eq, sum.v[0], _mm512_set1_epi8(-1));
	return sum;
}

SIMD_FN uint64_t sum_total(struct block sum)
{
	vec lanes = _mm512_sad_epu8(sum.v[0], _mm512_setzero_si512());

	return (uint64_t)_mm512_reduce_add_epi64(lanes);
}

/* What simd_nibble.h asks of a vector. */
SIMD_FN vec vec_set1(unsigned char x)
{
	return _mm512_set1_epi8((char)x);
}

SIMD_FN vec vec_table(const unsigned char table[16])
{
	return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)table));
}

SIMD_FN vec vec_lookup(vec table, vec index)
{
	return _mm512_shuffle_epi8(table, index);
}

SIMD_FN vec vec_high_nibble(vec v)
{
	return _mm512_and_si512(_mm512_srli_epi16(v, 4), _mm512_set1_epi8(0x0F));
}

SIMD_FN vec vec_low_nibble(vec v)
{
	return _mm512_and_si512(v, _mm512_set1_epi8(0x0F));
}

SIMD_FN vec vec_and(vec a, vec b)
{
	return _mm512_and_si512(a, b);
}

SIMD_FN vec vec_or(vec a, vec b)
{
	return _mm512_or_si512(a, b);
}

SIMD_FN vec vec_xor(vec a, vec b)
{
	return _mm512_xor_si512(a, b);
}

/* All ones where a and b are equal. */
SIMD_FN vec vec_is(vec a, vec b)
{
	return _mm512_movm_epi8(_mm512_cmpeq_epi8_mask(a, b));
}

SIMD_FN vec vec_sub_saturating(vec a, vec b)
{
	return _mm512_subs_epu8(a, b);
}

SIMD_FN struct block block_or(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = _mm512_or_si512(a.v[i], b.v[i]);
	return a;
}

/* The larger of two bytes each. */
SIMD_FN struct block block_max(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = _mm512_max_epu8(a.v[i], b.v[i]);
	return a;
}

/* The smaller of two bytes each. */
SIMD_FN struct block block_min(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = _mm512_min_epu8(a.v[i], b.v[i]);
	return a;
}

/* Is one of the bytes x or less? */
SIMD_FN bool block_has_upto(struct block b, unsigned char x)
{
	return _mm512_cmple_epu8_mask(b.v[0], vec_set1(x)) != 0;
}

/* Is one of the bytes x or more? */
SIMD_FN bool block_has_from(struct block b, unsigned char x)
{
	return _mm512_cmpge_epu8_mask(b.v[0], vec_set1(x)) != 0;
}

SIMD_FN bool block_has_high(struct block b)
{
	return _mm512_movepi8_mask(b.v[0]) != 0;
}

SIMD_FN bool block_any(struct block b)
{
	return _mm512_test_epi8_mask(b.v[0], b.v[0]) != 0;
}

/* Is one of the bytes x? */
SIMD_FN bool block_has(struct block b, unsigned char x)
{
	return _mm512_cmpeq_epi8_mask(b.v[0], vec_set1(x)) != 0;
}

/* Bytes that are not 0. */
SIMD_FN uint64_t block_nonzero(struct block b)
{
	return _mm512_test_epi8_mask(b.v[0], b.v[0]);
}

/* A sum of continuation bytes, as sum_eq(). */
SIMD_FN struct block sum_cont(struct block sum, struct block b)
{
	__mmask64 cont = block_cont(b);

	sum.v[0] = _mm512_mask_sub_epi8(sum.v[0], cont, sum.v[0], _mm512_set1_epi8(-1));
	return sum;
}

/* LF, FF and CR, which end a line's columns; see block_ascii_space(). */
SIMD_FN uint64_t block_breaks(struct block b)
{
	static const unsigned char by_low_nibble[16] = {1, [10] = '\n', [12] = '\f', '\r'};

	return _mm512_cmpeq_epi8_mask(vec_lookup(vec_table(by_low_nibble), b.v[0]), b.v[0]);
}

/*
 * TAB LF VT FF CR SPACE: each low nibble has at most one, and a byte that is what the table has for
 * its low nibble is it. Bytes from 80 up are looked up as 0.
 */
SIMD_FN uint64_t block_ascii_space(struct block b)
{
	static const unsigned char by_low_nibble[16] = {' ', [9] = '\t', '\n', '\v', '\f', '\r'};

	return _mm512_cmpeq_epi8_mask(vec_lookup(vec_table(by_low_nibble), b.v[0]), b.v[0]);
}

#endif
