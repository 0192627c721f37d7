/* SPDX-License-Identifier: BSD-2-Clause */
/* The vector layer by SSE2, which every x86-64 has; see vec.h. */
#ifndef PCOUNT_SIMD_VEC_SSE2_H
#define PCOUNT_SIMD_VEC_SSE2_H

#include "simd/bits.h"
#include "simd/vec.h"

#include <emmintrin.h>

#define VEC_LOOKUP 0

typedef __m128i vec;
typedef __m128i vmask; /* all ones or all zeros */

enum { VECS = 4, VEC_BYTES = 16 };

SIMD_FN vec vec_load(const unsigned char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

SIMD_FN vec vec_set1(unsigned char x)
{
	return _mm_set1_epi8((char)x);
}

SIMD_FN vec vec_and(vec a, vec b)
{
	return _mm_and_si128(a, b);
}

SIMD_FN vec vec_or(vec a, vec b)
{
	return _mm_or_si128(a, b);
}

SIMD_FN vec vec_xor(vec a, vec b)
{
	return _mm_xor_si128(a, b);
}

SIMD_FN vec vec_sub(vec a, vec b)
{
	return _mm_sub_epi8(a, b);
}

SIMD_FN vec vec_sub_saturating(vec a, vec b)
{
	return _mm_subs_epu8(a, b);
}

SIMD_FN vec vec_bound(vec a, vec b)
{
	return _mm_max_epu8(a, b);
}

SIMD_FN vec vec_min(vec a, vec b)
{
	return _mm_min_epu8(a, b);
}

SIMD_FN bool vec_common(vec a, vec b)
{
	return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_and_si128(a, b), _mm_setzero_si128())) !=
	       0xFFFF;
}

SIMD_FN uint64_t vec_total(const vec v[VECS])
{
	vec halves = _mm_setzero_si128();

	EACH_VEC
	halves = _mm_add_epi64(halves, _mm_sad_epu8(v[i], _mm_setzero_si128()));
	return (uint64_t)_mm_cvtsi128_si64(
		_mm_add_epi64(halves, _mm_unpackhi_epi64(halves, halves)));
}

SIMD_FN vmask vec_eq(vec a, vec b)
{
	return _mm_cmpeq_epi8(a, b);
}

SIMD_FN vmask vec_ge(vec a, vec b)
{
	return _mm_cmpeq_epi8(_mm_max_epu8(a, b), a);
}

SIMD_FN vmask vec_le(vec a, vec b)
{
	return _mm_cmpeq_epi8(_mm_subs_epu8(a, b), _mm_setzero_si128());
}

/* The signed bytes below C0. */
SIMD_FN vmask vec_cont(vec v)
{
	return _mm_cmplt_epi8(v, vec_set1(0xC0));
}

SIMD_FN vmask vec_high(vec v)
{
	return _mm_cmplt_epi8(v, _mm_setzero_si128());
}

SIMD_FN vmask mask_and(vmask a, vmask b)
{
	return _mm_and_si128(a, b);
}

SIMD_FN vmask mask_or(vmask a, vmask b)
{
	return _mm_or_si128(a, b);
}

SIMD_FN vmask mask_xor(vmask a, vmask b)
{
	return _mm_xor_si128(a, b);
}

SIMD_FN vmask mask_and_not(vmask a, vmask b)
{
	return _mm_andnot_si128(b, a);
}

SIMD_FN bool mask_any(vmask m)
{
	return _mm_movemask_epi8(m) != 0;
}

SIMD_FN vec mask_vec(vmask m)
{
	return m;
}

SIMD_FN vec vec_count(vec sum, vmask m)
{
	return _mm_sub_epi8(sum, m);
}

SIMD_FN uint64_t vec_bits(const vmask m[VECS])
{
	uint64_t bits = 0;

	EACH_VEC
	bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(m[i]) << (16 * i);
	return bits;
}

SIMD_FN vec vec_set_pairs(unsigned char first, unsigned char second)
{
	return _mm_set1_epi16((short)(first | second << 8));
}

SIMD_FN vec vec_swap_pairs(vec v)
{
	return _mm_or_si128(_mm_slli_epi16(v, 8), _mm_srli_epi16(v, 8));
}

SIMD_FN void vec_store_narrow(unsigned char *out, vec v)
{
	_mm_storel_epi64((__m128i *)(void *)out, _mm_packus_epi16(v, v));
}

SIMD_FN vec vec_and_not(vec a, vec b)
{
	return _mm_andnot_si128(b, a);
}

SIMD_FN void vec_swap_bits(vec *a, vec *b, unsigned k, unsigned char m)
{
	vec differ = _mm_and_si128(_mm_xor_si128(BY_4_2_1(_mm_srli_epi16, *a, k), *b), vec_set1(m));

	*b = _mm_xor_si128(*b, differ);
	*a = _mm_xor_si128(*a, BY_4_2_1(_mm_slli_epi16, differ, k));
}

SIMD_FN vec plane_later(vec x, vec before, unsigned k)
{
	vec y = _mm_or_si128(_mm_add_epi8(x, x),
	                     _mm_and_si128(_mm_srli_epi16(before, 7), vec_set1(1)));

	return k == 1   ? _mm_or_si128(_mm_slli_si128(x, 1), _mm_srli_si128(y, 15))
	       : k == 2 ? _mm_or_si128(_mm_slli_si128(x, 2), _mm_srli_si128(y, 14))
	                : _mm_or_si128(_mm_slli_si128(x, 3), _mm_srli_si128(y, 13));
}

SIMD_FN uint64_t plane_end(vec x)
{
	return (uint64_t)(uint32_t)_mm_movemask_epi8(x) << 48;
}

SIMD_FN vec plane_ending(uint64_t bits)
{
	return _mm_set1_epi32((int)plane_end_bytes(bits));
}

SIMD_FN vec vec_popcount(vec v)
{
	vec by_2 = _mm_set1_epi8(0x55), by_4 = _mm_set1_epi8(0x33), by_8 = _mm_set1_epi8(0x0F);

	v = _mm_sub_epi8(v, _mm_and_si128(_mm_srli_epi16(v, 1), by_2));
	v = _mm_add_epi8(_mm_and_si128(v, by_4), _mm_and_si128(_mm_srli_epi16(v, 2), by_4));
	return _mm_and_si128(_mm_add_epi8(v, _mm_srli_epi16(v, 4)), by_8);
}

SIMD_FN vec vec_add(vec a, vec b)
{
	return _mm_add_epi8(a, b);
}

#include "simd/block.h"

#endif
