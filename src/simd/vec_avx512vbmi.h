/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vector layer by AVX-512 with VBMI, whose VPERMB looks up 64 bytes in a table of 64 at once,
 * and VBMI2; all else is as in vec_avx512.h.
 */
#ifndef PCOUNT_SIMD_VEC_AVX512VBMI_H
#define PCOUNT_SIMD_VEC_AVX512VBMI_H

#ifndef VEC_TARGET /* by a test that emulates the processor */
#define VEC_TARGET "avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,lzcnt,popcnt"
#endif
#define VEC_LOOKUP 64
#define VEC_COMPRESS

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

#endif
