/* SPDX-License-Identifier: BSD-2-Clause */
/* The vector layer by AVX-512BW, whose comparisons give masks for nothing; see vec.h. */
#ifndef PCOUNT_SIMD_VEC_AVX512_H
#define PCOUNT_SIMD_VEC_AVX512_H

/* vec_avx512vbmi.h, which adds to this, has its own; and a test that emulates the processor. */
#ifndef VEC_TARGET
#define VEC_TARGET "avx512f,avx512bw,avx512vl,bmi,bmi2,lzcnt,popcnt"
#endif
#ifndef VEC_LOOKUP
#define VEC_LOOKUP 16
#endif
#define VEC_POPCNT
#define VEC_LZCNT
#define VEC_PEXT
#define VEC_MASKED_LOAD

#include "simd/bits.h"
#include "simd/vec.h"

#include <immintrin.h>

typedef __m512i vec;
typedef __mmask64 vmask; /* a bit for each byte */
typedef __mmask16 lane_mask;

enum { VECS = 1, VEC_BYTES = 64 };

#include "simd/mask_words.h"

SIMD_FN vec vec_load(const unsigned char *p)
{
	return _mm512_loadu_si512(p);
}

SIMD_FN vec vec_load_part(const unsigned char *p, size_t n, unsigned char x)
{
	__mmask64 there = _cvtu64_mask64((UINT64_C(1) << n) - 1);

	return _mm512_mask_loadu_epi8(_mm512_set1_epi8((char)x), there, p);
}

SIMD_FN vec vec_set1(unsigned char x)
{
	return _mm512_set1_epi8((char)x);
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

SIMD_FN vec vec_sub(vec a, vec b)
{
	return _mm512_sub_epi8(a, b);
}

SIMD_FN vec vec_sub_saturating(vec a, vec b)
{
	return _mm512_subs_epu8(a, b);
}

SIMD_FN vec vec_bound(vec a, vec b)
{
	return _mm512_max_epu8(a, b);
}

SIMD_FN vec vec_min(vec a, vec b)
{
	return _mm512_min_epu8(a, b);
}

SIMD_FN bool vec_common(vec a, vec b)
{
	return _mm512_test_epi8_mask(a, b) != 0;
}

SIMD_FN uint64_t vec_total(const vec v[VECS])
{
	return (uint64_t)_mm512_reduce_add_epi64(_mm512_sad_epu8(v[0], _mm512_setzero_si512()));
}

SIMD_FN vmask vec_eq(vec a, vec b)
{
	return _mm512_cmpeq_epi8_mask(a, b);
}

SIMD_FN vmask vec_ge(vec a, vec b)
{
	return _mm512_cmpge_epu8_mask(a, b);
}

SIMD_FN vmask vec_le(vec a, vec b)
{
	return _mm512_cmple_epu8_mask(a, b);
}

/* The signed bytes below C0. */
SIMD_FN vmask vec_cont(vec v)
{
	return _mm512_cmplt_epi8_mask(v, vec_set1(0xC0));
}

SIMD_FN vmask vec_high(vec v)
{
	return _mm512_movepi8_mask(v);
}

SIMD_FN vec mask_vec(vmask m)
{
	return _mm512_movm_epi8(m);
}

SIMD_FN vec vec_count(vec sum, vmask m)
{
	return _mm512_mask_sub_epi8(sum, m, sum, _mm512_set1_epi8(-1));
}

SIMD_FN uint64_t vec_bits(const vmask m[VECS])
{
	return m[0];
}

SIMD_FN vec vec_table(const unsigned char table[16])
{
	return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)table));
}

SIMD_FN vec vec_lookup(vec table, vec index)
{
	return _mm512_shuffle_epi8(table, index);
}

SIMD_FN vec vec_lookup_low(vec table, vec v)
{
	return _mm512_shuffle_epi8(table, v);
}

SIMD_FN vec vec_high_nibble(vec v)
{
	return _mm512_and_si512(_mm512_srli_epi16(v, 4), _mm512_set1_epi8(0x0F));
}

SIMD_FN vec vec_set_pairs(unsigned char first, unsigned char second)
{
	return _mm512_set1_epi16((short)(first | second << 8));
}

SIMD_FN vec vec_swap_pairs(vec v)
{
	return _mm512_or_si512(_mm512_slli_epi16(v, 8), _mm512_srli_epi16(v, 8));
}

SIMD_FN void vec_store_narrow(unsigned char *out, vec v)
{
	_mm256_storeu_si256((__m256i *)(void *)out, _mm512_cvtepi16_epi8(v));
}

SIMD_FN vec vec_set32(uint32_t x)
{
	return _mm512_set1_epi32((int)x);
}

SIMD_FN vec vec_shl32(vec v, unsigned k)
{
	return _mm512_slli_epi32(v, k);
}

SIMD_FN vec vec_shr32(vec v, unsigned k)
{
	return _mm512_srli_epi32(v, k);
}

SIMD_FN vec vec_widen_low(vec v)
{
	return _mm512_cvtepu16_epi32(_mm512_castsi512_si256(v));
}

SIMD_FN vec vec_widen_high(vec v)
{
	return _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(v, 1));
}

SIMD_FN lane_mask lane_ge(vec v, uint32_t x)
{
	return _mm512_cmpge_epu32_mask(v, vec_set32(x));
}

SIMD_FN vec lane_select(lane_mask m, vec a, vec b)
{
	return _mm512_mask_mov_epi32(b, m, a);
}

SIMD_FN unsigned lane_bits(lane_mask m)
{
	return m;
}

SIMD_FN void vec_store_part(unsigned char *out, vec v, int i, const unsigned char order[16])
{
	__m128i part = i == 0   ? _mm512_castsi512_si128(v)
	               : i == 1 ? _mm512_extracti32x4_epi32(v, 1)
	               : i == 2 ? _mm512_extracti32x4_epi32(v, 2)
	                        : _mm512_extracti32x4_epi32(v, 3);
	__m128i by = _mm_loadu_si128((const __m128i *)(const void *)order);

	_mm_storeu_si128((__m128i *)(void *)out, _mm_shuffle_epi8(part, by));
}

SIMD_FN vec vec_and_not(vec a, vec b)
{
	return _mm512_andnot_si512(b, a);
}

SIMD_FN vec vec_add(vec a, vec b)
{
	return _mm512_add_epi8(a, b);
}

/* vec_avx512vbmi.h has better ways for these. */
#if VEC_LOOKUP == 16
SIMD_FN void vec_swap_bits(vec *a, vec *b, unsigned k, unsigned char m)
{
	vec low = vec_set1(m), high = vec_set1((unsigned char)~m), x = *a;

	*a = _mm512_ternarylogic_epi64(low, x, BY_4_2_1(_mm512_slli_epi16, *b, k), 0xCA);
	*b = _mm512_ternarylogic_epi64(high, *b, BY_4_2_1(_mm512_srli_epi16, x, k), 0xCA);
}

SIMD_FN vec plane_later(vec x, vec before, unsigned k)
{
	vec y = _mm512_ternarylogic_epi64(_mm512_add_epi8(x, x), _mm512_srli_epi16(before, 7),
	                                  vec_set1(1), 0xF8);

	y = _mm512_alignr_epi64(x, y, 6); /* the last quarter of y, the first three of x */
	return k == 1   ? _mm512_alignr_epi8(x, y, 15)
	       : k == 2 ? _mm512_alignr_epi8(x, y, 14)
	                : _mm512_alignr_epi8(x, y, 13);
}

SIMD_FN uint64_t plane_end(vec x)
{
	return _mm512_movepi8_mask(x);
}

SIMD_FN vec plane_ending(uint64_t bits)
{
	return _mm512_set1_epi32((int)plane_end_bytes(bits));
}

SIMD_FN vec vec_popcount(vec v)
{
	static const unsigned char ones[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
	vec table = vec_table(ones);

	return _mm512_add_epi8(vec_lookup(table, _mm512_and_si512(v, vec_set1(0x0F))),
	                       vec_lookup(table, vec_high_nibble(v)));
}
#endif

#include "simd/block.h"

#endif
