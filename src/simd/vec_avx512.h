/* SPDX-License-Identifier: BSD-2-Clause */
/* The vector layer by AVX-512BW, whose comparisons give masks for nothing; see vec.h. */
#ifndef PCOUNT_SIMD_VEC_AVX512_H
#define PCOUNT_SIMD_VEC_AVX512_H

/* vec_avx512vbmi.h, which adds to this, has its own. */
#ifndef VEC_TARGET
#define VEC_TARGET "avx512f,avx512bw,avx512vl,bmi,bmi2,lzcnt,popcnt"
#define VEC_LOOKUP 16
#endif
#define VEC_POPCNT
#define VEC_LZCNT
#define VEC_PEXT
#define VEC_MASKED_LOAD

#include "simd/vec.h"

#include <immintrin.h>

typedef __m512i vec;
typedef __mmask64 vmask; /* a bit for each byte */

enum { VECS = 1, VEC_BYTES = 64 };

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

SIMD_FN vec vec_max(vec a, vec b)
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

SIMD_FN uint64_t vec_sum(vec v)
{
	return (uint64_t)_mm512_reduce_add_epi64(_mm512_sad_epu8(v, _mm512_setzero_si512()));
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

SIMD_FN vmask mask_and(vmask a, vmask b)
{
	return a & b;
}

SIMD_FN vmask mask_or(vmask a, vmask b)
{
	return a | b;
}

SIMD_FN vmask mask_xor(vmask a, vmask b)
{
	return a ^ b;
}

SIMD_FN vmask mask_and_not(vmask a, vmask b)
{
	return a & ~b;
}

SIMD_FN bool mask_any(vmask m)
{
	return m != 0;
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

#include "simd/block.h"

#endif
