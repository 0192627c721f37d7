/* SPDX-License-Identifier: BSD-2-Clause */
/* Vector operations for the templates: SSE2, what every x86-64 has; four vectors to a block. */
#ifndef PCOUNT_COUNT_SIMD_SSE2_H
#define PCOUNT_COUNT_SIMD_SSE2_H

#include "count/simd.h"

#include <emmintrin.h>
#include <string.h>

typedef __m128i vec;

enum { VECS = 4 }; /* vectors in a block */

struct block {
	vec v[VECS];
};

SIMD_FN struct block block_load(const unsigned char *p)
{
	const __m128i *from = (const __m128i *)(const void *)p;

	return (struct block){{_mm_loadu_si128(from), _mm_loadu_si128(from + 1),
	                       _mm_loadu_si128(from + 2), _mm_loadu_si128(from + 3)}};
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
	vec zero = _mm_setzero_si128();

	return (struct block){{zero, zero, zero, zero}};
}

/* The signs of the block's bytes. */
SIMD_FN uint64_t mask_of(struct block b)
{
	uint64_t mask = 0;

	EACH_VEC
	mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(b.v[i]) << (16 * i);
	return mask;
}

SIMD_FN uint64_t block_eq(struct block b, unsigned char x)
{
	EACH_VEC
	b.v[i] = _mm_cmpeq_epi8(b.v[i], _mm_set1_epi8((char)x));
	return mask_of(b);
}

/* Bytes from x up. */
SIMD_FN uint64_t block_ge(struct block b, unsigned char x)
{
	EACH_VEC
	b.v[i] = _mm_cmpeq_epi8(_mm_max_epu8(b.v[i], _mm_set1_epi8((char)x)), b.v[i]);
	return mask_of(b);
}

/* Bytes from lo to hi. */
SIMD_FN uint64_t block_in(struct block b, unsigned char lo, unsigned char hi)
{
	EACH_VEC
	{
		vec from_lo = _mm_sub_epi8(b.v[i], _mm_set1_epi8((char)lo));
		b.v[i] = _mm_cmpeq_epi8(_mm_min_epu8(from_lo, _mm_set1_epi8((char)(hi - lo))),
		                        from_lo);
	}
	return mask_of(b);
}

/* Bytes from 80 up. */
SIMD_FN uint64_t block_high(struct block b)
{
	return mask_of(b);
}

/* Continuation bytes, 80 to BF: the signed bytes below C0. */
SIMD_FN uint64_t block_cont(struct block b)
{
	EACH_VEC
	b.v[i] = _mm_cmplt_epi8(b.v[i], _mm_set1_epi8((char)0xC0));
	return mask_of(b);
}

/* A sum of bytes equal to x, up to 255 blocks of them, in 64 lanes. */
SIMD_FN struct block sum_eq(struct block sum, struct block b, unsigned char x)
{
	EACH_VEC
	sum.v[i] = _mm_sub_epi8(sum.v[i], _mm_cmpeq_epi8(b.v[i], _mm_set1_epi8((char)x)));
	return sum;
}

SIMD_FN uint64_t sum_total(struct block sum)
{
	vec lanes = _mm_setzero_si128();

	EACH_VEC
	lanes = _mm_add_epi64(lanes, _mm_sad_epu8(sum.v[i], _mm_setzero_si128()));
	lanes = _mm_add_epi64(lanes, _mm_unpackhi_epi64(lanes, lanes));
	return (uint64_t)_mm_cvtsi128_si64(lanes);
}

/* What simd_plain.h asks of a vector. */
SIMD_FN vec vec_set1(unsigned char x)
{
	return _mm_set1_epi8((char)x);
}

SIMD_FN vec vec_and(vec a, vec b)
{
	return _mm_and_si128(a, b);
}

/* a without b. */
SIMD_FN vec vec_and_not(vec a, vec b)
{
	return _mm_andnot_si128(b, a);
}

SIMD_FN vec vec_or(vec a, vec b)
{
	return _mm_or_si128(a, b);
}

SIMD_FN vec vec_xor(vec a, vec b)
{
	return _mm_xor_si128(a, b);
}

SIMD_FN vec vec_is(vec v, unsigned char x)
{
	return _mm_cmpeq_epi8(v, vec_set1(x));
}

/* Bytes from x up. */
SIMD_FN vec vec_from(vec v, unsigned char x)
{
	return _mm_cmpeq_epi8(_mm_max_epu8(v, vec_set1(x)), v);
}

/* Bytes from lo to hi. */
SIMD_FN vec vec_in(vec v, unsigned char lo, unsigned char hi)
{
	vec from_lo = _mm_sub_epi8(v, vec_set1(lo));

	return _mm_cmpeq_epi8(_mm_min_epu8(from_lo, vec_set1((unsigned char)(hi - lo))), from_lo);
}

/* Continuation bytes: the signed bytes below C0. */
SIMD_FN vec vec_cont(vec v)
{
	return _mm_cmplt_epi8(v, vec_set1(0xC0));
}

SIMD_FN struct block block_or(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = _mm_or_si128(a.v[i], b.v[i]);
	return a;
}

/* The larger of two bytes each. */
SIMD_FN struct block block_max(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = _mm_max_epu8(a.v[i], b.v[i]);
	return a;
}

/* The smaller of two bytes each. */
SIMD_FN struct block block_min(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = _mm_min_epu8(a.v[i], b.v[i]);
	return a;
}

/* Is one of the bytes x or less? */
SIMD_FN bool block_has_upto(struct block b, unsigned char x)
{
	return block_in(b, 0, x) != 0;
}

/* Is one of the bytes x or more? */
SIMD_FN bool block_has_from(struct block b, unsigned char x)
{
	return block_ge(b, x) != 0;
}

SIMD_FN bool block_has_high(struct block b)
{
	vec all = vec_or(vec_or(b.v[0], b.v[1]), vec_or(b.v[2], b.v[3]));

	return _mm_movemask_epi8(all) != 0;
}

SIMD_FN bool block_any(struct block b)
{
	vec all = vec_or(vec_or(b.v[0], b.v[1]), vec_or(b.v[2], b.v[3]));

	return _mm_movemask_epi8(vec_is(all, 0)) != 0xFFFF;
}

/* Is one of the bytes x? */
SIMD_FN bool block_has(struct block b, unsigned char x)
{
	vec any = vec_is(b.v[0], x);

	for (int i = 1; i < VECS; i++)
		any = vec_or(any, vec_is(b.v[i], x));
	return _mm_movemask_epi8(any) != 0;
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
	sum.v[i] = _mm_sub_epi8(sum.v[i], vec_cont(b.v[i]));
	return sum;
}

/* LF, FF and CR, which end a line's columns. */
SIMD_FN uint64_t block_breaks(struct block b)
{
	EACH_VEC
	b.v[i] = vec_or(vec_or(vec_is(b.v[i], '\n'), vec_is(b.v[i], '\f')), vec_is(b.v[i], '\r'));
	return mask_of(b);
}

/* TAB LF VT FF CR SPACE. */
SIMD_FN uint64_t block_ascii_space(struct block b)
{
	EACH_VEC
	b.v[i] = vec_or(vec_in(b.v[i], '\t', '\r'), vec_is(b.v[i], ' '));
	return mask_of(b);
}

#endif
