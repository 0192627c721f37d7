/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vector layer by AVX-512 with VBMI, whose VPERMB looks up 64 bytes in a table of 64 at once,
 * and VBMI2; all else is as in vec_avx512.h.
 */
#ifndef PCOUNT_SIMD_VEC_AVX512VBMI_H
#define PCOUNT_SIMD_VEC_AVX512VBMI_H

#ifndef VEC_TARGET /* by a test that emulates the processor */
#define VEC_TARGET \
	"avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx512bitalg,gfni,bmi,bmi2,lzcnt,popcnt"
#endif
#define VEC_LOOKUP 64
#define VEC_COMPRESS
#define VEC_PLANES

#include "simd/vec_avx512.h"

SIMD_FN vec vec_lookup64(vec table, vec v)
{
	return _mm512_permutexvar_epi8(v, table);
}

SIMD_FN vec vec_select(vmask m, vec a, vec b)
{
	return _mm512_mask_mov_epi8(b, m, a);
}

/* The compiler would find these instructions, but spill registers on the way there. */
SIMD_FN vec vec_and_xor(vec a, vec b, vec c)
{
	return _mm512_ternarylogic_epi64(a, b, c, 0x6A);
}

SIMD_FN vec vec_or_and(vec a, vec b, vec c)
{
	return _mm512_ternarylogic_epi64(a, b, c, 0xF8);
}

SIMD_FN size_t vec_compress(unsigned char *out, vec v, vec keep)
{
	__mmask64 kept = _mm512_test_epi8_mask(keep, keep);

	_mm512_storeu_si512(out, _mm512_maskz_compress_epi8(kept, v));
	return (size_t)__builtin_popcountll(kept);
}

/*
 * Planes are in the order of the text, but backwards in each word of 64 bits, in which
 * GF2P8AFFINEQB transposes eight bytes. Then the eight words of a block have to come to eight
 * planes.
 */
SIMD_FN void vec_planes(vec plane[8], const unsigned char *p)
{
	/* Byte 8 g + k of each of two blocks: plane k of its g-th word. */
#define OF_PLANE(k) 56 + (k), 48 + (k), 40 + (k), 32 + (k), 24 + (k), 16 + (k), 8 + (k), (k)
#define OF_BOTH(k)  OF_PLANE(k), OF_PLANE(64 + (k))
	static const unsigned char low[64] = {OF_BOTH(0), OF_BOTH(1), OF_BOTH(2), OF_BOTH(3)};
	static const unsigned char high[64] = {OF_BOTH(4), OF_BOTH(5), OF_BOTH(6), OF_BOTH(7)};
#undef OF_BOTH
#undef OF_PLANE
	const vec bits = _mm512_set1_epi64((long long)0x8040201008040201u);
	vec two[8], four[8];

#pragma GCC unroll 4
	for (int i = 0; i < 8; i += 2) {
		vec a = _mm512_gf2p8affine_epi64_epi8(bits, vec_load(p + 64 * i), 0);
		vec b = _mm512_gf2p8affine_epi64_epi8(bits, vec_load(p + 64 * i + 64), 0);
		two[i] = _mm512_permutex2var_epi8(a, vec_load(low), b);
		two[i + 1] = _mm512_permutex2var_epi8(a, vec_load(high), b);
	}
	/* Of four blocks: planes 0 1, 2 3, 4 5, 6 7; then of the other four. */
#pragma GCC unroll 2
	for (int i = 0; i < 8; i += 4) {
		four[i] = _mm512_shuffle_i64x2(two[i], two[i + 2], 0x44);
		four[i + 1] = _mm512_shuffle_i64x2(two[i], two[i + 2], 0xEE);
		four[i + 2] = _mm512_shuffle_i64x2(two[i + 1], two[i + 3], 0x44);
		four[i + 3] = _mm512_shuffle_i64x2(two[i + 1], two[i + 3], 0xEE);
	}
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++) {
		plane[2 * i] = _mm512_shuffle_i64x2(four[i], four[i + 4], 0x88);
		plane[2 * i + 1] = _mm512_shuffle_i64x2(four[i], four[i + 4], 0xDD);
	}
}

SIMD_FN vec plane_later(vec x, vec before, unsigned k)
{
	vec y = _mm512_alignr_epi64(x, before, 7); /* the word before each */

	return k == 1   ? _mm512_shrdi_epi64(x, y, 1)
	       : k == 2 ? _mm512_shrdi_epi64(x, y, 2)
	                : _mm512_shrdi_epi64(x, y, 3);
}

SIMD_FN uint64_t plane_end(vec x)
{
	uint64_t last = (uint64_t)_mm_extract_epi64(_mm512_extracti32x4_epi32(x, 3), 1);

	return last << 63 | (last & 2) << 61 | (last & 4) << 59;
}

SIMD_FN vec plane_ending(uint64_t bits)
{
	return _mm512_set1_epi64((long long)(bits >> 63 | (bits >> 61 & 2) | (bits >> 59 & 4)));
}

SIMD_FN vec vec_popcount(vec v)
{
	return _mm512_popcnt_epi8(v);
}

#endif
