/* SPDX-License-Identifier: BSD-2-Clause */
/* Vector operations for the templates: AVX2, two vectors to a block. */
#ifndef PCOUNT_COUNT_SIMD_AVX2_H
#define PCOUNT_COUNT_SIMD_AVX2_H

#include "count/simd.h"

#include <immintrin.h>
#include <string.h>

typedef __m256i vec;

enum { VECS = 2 }; /* vectors in a block */

struct block {
	vec v[VECS];
};

SIMD_FN struct block block_load(const unsigned char *p)
{
	const __m256i *from = (const __m256i *)(const void *)p;

	return (struct block){{_mm256_loadu_si256(from), _mm256_loadu_si256(from + 1)}};
}

/* The n < 64 bytes at p, then VT. */
SIMD_FN struct block block_load_part(const unsigned char *p, size_t n)
{
	unsigned char copy[BLOCK];

	memset(copy, VT, sizeof copy);
	memcpy(copy, p, n);
	return block_load(copy);
}

SIMD_FN struct block block_zero(void)
{
	return (struct block){{_mm256_setzero_si256(), _mm256_setzero_si256()}};
}

SIMD_FN uint64_t mask_of(vec low, vec high)
{
	return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high)
	                                                     << 32;
}

SIMD_FN uint64_t block_eq(struct block b, unsigned char x)
{
	vec xs = _mm256_set1_epi8((char)x);

	return mask_of(_mm256_cmpeq_epi8(b.v[0], xs), _mm256_cmpeq_epi8(b.v[1], xs));
}

SIMD_FN vec vec_ge(vec v, vec x)
{
	return _mm256_cmpeq_epi8(_mm256_max_epu8(v, x), v);
}

/* Bytes from x up. */
SIMD_FN uint64_t block_ge(struct block b, unsigned char x)
{
	vec xs = _mm256_set1_epi8((char)x);

	return mask_of(vec_ge(b.v[0], xs), vec_ge(b.v[1], xs));
}

SIMD_FN vec vec_in(vec v, vec lo, vec span)
{
	vec from_lo = _mm256_sub_epi8(v, lo);

	return _mm256_cmpeq_epi8(_mm256_min_epu8(from_lo, span), from_lo);
}

/* Bytes from lo to hi. */
SIMD_FN uint64_t block_in(struct block b, unsigned char lo, unsigned char hi)
{
	vec low = _mm256_set1_epi8((char)lo), span = _mm256_set1_epi8((char)(hi - lo));

	return mask_of(vec_in(b.v[0], low, span), vec_in(b.v[1], low, span));
}

/* Bytes from 80 up. */
SIMD_FN uint64_t block_high(struct block b)
{
	return mask_of(b.v[0], b.v[1]);
}

/* Continuation bytes, 80 to BF: the signed bytes below C0. */
SIMD_FN uint64_t block_cont(struct block b)
{
	vec end = _mm256_set1_epi8((char)0xC0);

	return mask_of(_mm256_cmpgt_epi8(end, b.v[0]), _mm256_cmpgt_epi8(end, b.v[1]));
}

/* A sum of bytes equal to x, up to 255 blocks of them, in 64 lanes. */
SIMD_FN struct block sum_eq(struct block sum, struct block b, unsigned char x)
{
	vec xs = _mm256_set1_epi8((char)x);

	EACH_VEC
	sum.v[i] = _mm256_sub_epi8(sum.v[i], _mm256_cmpeq_epi8(b.v[i], xs));
	return sum;
}

SIMD_FN uint64_t sum_total(struct block sum)
{
	vec zero = _mm256_setzero_si256();
	vec lanes =
		_mm256_add_epi64(_mm256_sad_epu8(sum.v[0], zero), _mm256_sad_epu8(sum.v[1], zero));
	__m128i half =
		_mm_add_epi64(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1));

	return (uint64_t)_mm_cvtsi128_si64(half) + (uint64_t)_mm_extract_epi64(half, 1);
}

/* What simd_nibble.h asks of a vector. */
SIMD_FN vec vec_set1(unsigned char x)
{
	return _mm256_set1_epi8((char)x);
}

SIMD_FN vec vec_table(const unsigned char table[16])
{
	return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)table));
}

SIMD_FN vec vec_lookup(vec table, vec index)
{
	return _mm256_shuffle_epi8(table, index);
}

SIMD_FN vec vec_high_nibble(vec v)
{
	return _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(0x0F));
}

SIMD_FN vec vec_low_nibble(vec v)
{
	return _mm256_and_si256(v, _mm256_set1_epi8(0x0F));
}

SIMD_FN vec vec_and(vec a, vec b)
{
	return _mm256_and_si256(a, b);
}

SIMD_FN vec vec_or(vec a, vec b)
{
	return _mm256_or_si256(a, b);
}

SIMD_FN vec vec_xor(vec a, vec b)
{
	return _mm256_xor_si256(a, b);
}

/* All ones where a and b are equal. */
SIMD_FN vec vec_is(vec a, vec b)
{
	return _mm256_cmpeq_epi8(a, b);
}

SIMD_FN vec vec_sub_saturating(vec a, vec b)
{
	return _mm256_subs_epu8(a, b);
}

SIMD_FN struct block block_or(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = _mm256_or_si256(a.v[i], b.v[i]);
	return a;
}

/* The larger of two bytes each. */
SIMD_FN struct block block_max(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = _mm256_max_epu8(a.v[i], b.v[i]);
	return a;
}

/* The smaller of two bytes each. */
SIMD_FN struct block block_min(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = _mm256_min_epu8(a.v[i], b.v[i]);
	return a;
}

/* Is one of the bytes x or less? */
SIMD_FN bool block_has_upto(struct block b, unsigned char x)
{
	vec all = _mm256_min_epu8(b.v[0], b.v[1]);

	return _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(all, vec_set1(x)), all)) != 0;
}

/* Is one of the bytes x or more? */
SIMD_FN bool block_has_from(struct block b, unsigned char x)
{
	vec all = _mm256_max_epu8(b.v[0], b.v[1]);

	return _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(all, vec_set1(x)), all)) != 0;
}

SIMD_FN bool block_has_high(struct block b)
{
	return _mm256_movemask_epi8(vec_or(b.v[0], b.v[1])) != 0;
}

SIMD_FN bool block_any(struct block b)
{
	vec all = vec_or(b.v[0], b.v[1]);

	return !_mm256_testz_si256(all, all);
}

/* Is one of the bytes x? */
SIMD_FN bool block_has(struct block b, unsigned char x)
{
	vec either = vec_or(_mm256_cmpeq_epi8(b.v[0], vec_set1(x)),
	                    _mm256_cmpeq_epi8(b.v[1], vec_set1(x)));

	return _mm256_movemask_epi8(either) != 0;
}

/* Bytes that are not 0. */
SIMD_FN uint64_t block_nonzero(struct block b)
{
	return ~block_eq(b, 0);
}

/* A sum of continuation bytes, as sum_eq(). */
SIMD_FN struct block sum_cont(struct block sum, struct block b)
{
	EACH_VEC
	sum.v[i] = _mm256_sub_epi8(sum.v[i], _mm256_cmpgt_epi8(vec_set1(0xC0), b.v[i]));
	return sum;
}

/* LF, FF and CR, which end a line's columns; see block_ascii_space(). */
SIMD_FN uint64_t block_breaks(struct block b)
{
	static const unsigned char by_low_nibble[16] = {1, [10] = '\n', [12] = '\f', '\r'};
	vec table = vec_table(by_low_nibble);

	EACH_VEC
	b.v[i] = _mm256_cmpeq_epi8(vec_lookup(table, b.v[i]), b.v[i]);
	return mask_of(b.v[0], b.v[1]);
}

/*
 * TAB LF VT FF CR SPACE: each low nibble has at most one, and a byte that is what the table has for
 * its low nibble is it. Bytes from 80 up are looked up as 0.
 */
SIMD_FN uint64_t block_ascii_space(struct block b)
{
	static const unsigned char by_low_nibble[16] = {' ', [9] = '\t', '\n', '\v', '\f', '\r'};
	vec table = vec_table(by_low_nibble);

	EACH_VEC
	b.v[i] = _mm256_cmpeq_epi8(vec_lookup(table, b.v[i]), b.v[i]);
	return mask_of(b.v[0], b.v[1]);
}

#endif
