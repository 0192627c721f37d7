/* SPDX-License-Identifier: BSD-2-Clause */
/* The vector layer by AVX2; see vec.h. */
#ifndef PCOUNT_SIMD_VEC_AVX2_H
#define PCOUNT_SIMD_VEC_AVX2_H

#define VEC_TARGET "avx2,bmi,bmi2,lzcnt,popcnt"
#define VEC_POPCNT
#define VEC_LZCNT
#define VEC_LOOKUP 16

#include "simd/bits.h"
#include "simd/vec.h"

#include <immintrin.h>

typedef __m256i vec;
typedef __m256i vmask; /* all ones or all zeros */
typedef __m256i lane_mask;

enum { VECS = 2, VEC_BYTES = 32 };

SIMD_FN vec vec_load(const unsigned char *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

SIMD_FN vec vec_set1(unsigned char x)
{
	return _mm256_set1_epi8((char)x);
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

SIMD_FN vec vec_sub(vec a, vec b)
{
	return _mm256_sub_epi8(a, b);
}

SIMD_FN vec vec_sub_saturating(vec a, vec b)
{
	return _mm256_subs_epu8(a, b);
}

SIMD_FN vec vec_bound(vec a, vec b)
{
	return _mm256_max_epu8(a, b);
}

SIMD_FN vec vec_min(vec a, vec b)
{
	return _mm256_min_epu8(a, b);
}

SIMD_FN bool vec_common(vec a, vec b)
{
	return !_mm256_testz_si256(a, b);
}

SIMD_FN uint64_t vec_total(const vec v[VECS])
{
	vec zero = _mm256_setzero_si256();
	vec lanes = _mm256_add_epi64(_mm256_sad_epu8(v[0], zero), _mm256_sad_epu8(v[1], zero));
	__m128i half =
		_mm_add_epi64(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1));

	return (uint64_t)_mm_cvtsi128_si64(half) + (uint64_t)_mm_extract_epi64(half, 1);
}

SIMD_FN vmask vec_eq(vec a, vec b)
{
	return _mm256_cmpeq_epi8(a, b);
}

SIMD_FN vmask vec_ge(vec a, vec b)
{
	return _mm256_cmpeq_epi8(_mm256_max_epu8(a, b), a);
}

SIMD_FN vmask vec_le(vec a, vec b)
{
	return _mm256_cmpeq_epi8(_mm256_min_epu8(a, b), a);
}

/* The signed bytes below C0. */
SIMD_FN vmask vec_cont(vec v)
{
	return _mm256_cmpgt_epi8(vec_set1(0xC0), v);
}

SIMD_FN vmask vec_high(vec v)
{
	return _mm256_cmpgt_epi8(_mm256_setzero_si256(), v);
}

SIMD_FN vmask mask_and(vmask a, vmask b)
{
	return _mm256_and_si256(a, b);
}

SIMD_FN vmask mask_or(vmask a, vmask b)
{
	return _mm256_or_si256(a, b);
}

SIMD_FN vmask mask_xor(vmask a, vmask b)
{
	return _mm256_xor_si256(a, b);
}

SIMD_FN vmask mask_and_not(vmask a, vmask b)
{
	return _mm256_andnot_si256(b, a);
}

SIMD_FN bool mask_any(vmask m)
{
	return _mm256_movemask_epi8(m) != 0;
}

SIMD_FN vec mask_vec(vmask m)
{
	return m;
}

SIMD_FN vec vec_count(vec sum, vmask m)
{
	return _mm256_sub_epi8(sum, m);
}

SIMD_FN uint64_t vec_bits(const vmask m[VECS])
{
	return (uint32_t)_mm256_movemask_epi8(m[0]) | (uint64_t)(uint32_t)_mm256_movemask_epi8(m[1])
	                                                      << 32;
}

SIMD_FN vec vec_table(const unsigned char table[16])
{
	return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)table));
}

SIMD_FN vec vec_lookup(vec table, vec index)
{
	return _mm256_shuffle_epi8(table, index);
}

SIMD_FN vec vec_lookup_low(vec table, vec v)
{
	return _mm256_shuffle_epi8(table, v);
}

SIMD_FN vec vec_high_nibble(vec v)
{
	return _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(0x0F));
}

SIMD_FN vec vec_set_pairs(unsigned char first, unsigned char second)
{
	return _mm256_set1_epi16((short)(first | second << 8));
}

SIMD_FN vec vec_swap_pairs(vec v)
{
	return _mm256_or_si256(_mm256_slli_epi16(v, 8), _mm256_srli_epi16(v, 8));
}

SIMD_FN void vec_store_narrow(unsigned char *out, vec v)
{
	__m128i narrow =
		_mm_packus_epi16(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));

	_mm_storeu_si128((__m128i *)(void *)out, narrow);
}

SIMD_FN vec vec_set32(uint32_t x)
{
	return _mm256_set1_epi32((int)x);
}

SIMD_FN vec vec_shl32(vec v, unsigned k)
{
	return _mm256_slli_epi32(v, (int)k);
}

SIMD_FN vec vec_shr32(vec v, unsigned k)
{
	return _mm256_srli_epi32(v, (int)k);
}

SIMD_FN vec vec_widen_low(vec v)
{
	return _mm256_cvtepu16_epi32(_mm256_castsi256_si128(v));
}

SIMD_FN vec vec_widen_high(vec v)
{
	return _mm256_cvtepu16_epi32(_mm256_extracti128_si256(v, 1));
}

SIMD_FN lane_mask lane_ge(vec v, uint32_t x)
{
	return _mm256_cmpgt_epi32(v, vec_set32(x - 1));
}

SIMD_FN vec lane_select(lane_mask m, vec a, vec b)
{
	return _mm256_blendv_epi8(b, a, m);
}

SIMD_FN unsigned lane_bits(lane_mask m)
{
	return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(m));
}

SIMD_FN void vec_store_part(unsigned char *out, vec v, int i, const unsigned char order[16])
{
	__m128i part = i == 0 ? _mm256_castsi256_si128(v) : _mm256_extracti128_si256(v, 1);
	__m128i by = _mm_loadu_si128((const __m128i *)(const void *)order);

	_mm_storeu_si128((__m128i *)(void *)out, _mm_shuffle_epi8(part, by));
}

SIMD_FN vec vec_and_not(vec a, vec b)
{
	return _mm256_andnot_si256(b, a);
}

SIMD_FN void vec_swap_bits(vec *a, vec *b, unsigned k, unsigned char m)
{
	vec differ = _mm256_and_si256(_mm256_xor_si256(BY_4_2_1(_mm256_srli_epi16, *a, k), *b),
	                              vec_set1(m));

	*b = _mm256_xor_si256(*b, differ);
	*a = _mm256_xor_si256(*a, BY_4_2_1(_mm256_slli_epi16, differ, k));
}

SIMD_FN vec plane_later(vec x, vec before, unsigned k)
{
	vec y = _mm256_or_si256(_mm256_add_epi8(x, x),
	                        _mm256_and_si256(_mm256_srli_epi16(before, 7), vec_set1(1)));

	y = _mm256_permute2x128_si256(y, x, 0x21); /* the last half of y, the first of x */
	return k == 1   ? _mm256_alignr_epi8(x, y, 15)
	       : k == 2 ? _mm256_alignr_epi8(x, y, 14)
	                : _mm256_alignr_epi8(x, y, 13);
}

SIMD_FN uint64_t plane_end(vec x)
{
	return (uint64_t)(uint32_t)_mm256_movemask_epi8(x) << 32;
}

SIMD_FN vec plane_ending(uint64_t bits)
{
	return _mm256_set1_epi32((int)plane_end_bytes(bits));
}

SIMD_FN vec vec_popcount(vec v)
{
	static const unsigned char ones[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
	vec table = vec_table(ones), low = vec_set1(0x0F);

	return _mm256_add_epi8(vec_lookup(table, _mm256_and_si256(v, low)),
	                       vec_lookup(table, vec_high_nibble(v)));
}

SIMD_FN vec vec_add(vec a, vec b)
{
	return _mm256_add_epi8(a, b);
}

#include "simd/block.h"

#endif
