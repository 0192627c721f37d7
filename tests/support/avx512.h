/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AVX-512 for a processor without it, by the library SIMDe (Debian: libsimde-dev) and AVX2. The row
 * `avx512` of tests/matrix includes this before all else in the files that are for AVX-512.
 */
#ifndef PCOUNT_TESTS_SUPPORT_AVX512_H
#define PCOUNT_TESTS_SUPPORT_AVX512_H

#define SIMDE_ENABLE_NATIVE_ALIASES
#include <immintrin.h>
#include <simde/x86/avx512.h>

#include <stdint.h>
#include <string.h>

/* In place of what the vector layers (src/simd/vec_avx512*.h) name for themselves. */
#define VEC_TARGET "avx2,bmi,bmi2,lzcnt,popcnt"

/* That is what they ask of the processor then. */
#define cpu_has_avx512     cpu_has_avx2
#define cpu_has_avx512vbmi cpu_has_avx2

/* What SIMDe 0.7.4 lacks. */

static inline simde__m512i emulated_mask_loadu(simde__m512i otherwise, uint64_t there,
                                               const void *p)
{
	unsigned char bytes[64];

	memcpy(bytes, &otherwise, sizeof bytes);
	for (unsigned i = 0; i < sizeof bytes; i++)
		if (there >> i & 1)
			bytes[i] = ((const unsigned char *)p)[i];
	memcpy(&otherwise, bytes, sizeof bytes);
	return otherwise;
}

static inline int64_t emulated_reduce_add(simde__m512i v)
{
	int64_t lanes[8], sum = 0;

	memcpy(lanes, &v, sizeof lanes);
	for (unsigned i = 0; i < 8; i++)
		sum += lanes[i];
	return sum;
}

static inline simde__m512i emulated_widen(__m256i v)
{
	uint16_t narrow[16];
	uint32_t wide[16];
	simde__m512i answer;

	memcpy(narrow, &v, sizeof narrow);
	for (unsigned i = 0; i < 16; i++)
		wide[i] = narrow[i];
	memcpy(&answer, wide, sizeof wide);
	return answer;
}

static inline simde__m512i emulated_compress(uint64_t kept, simde__m512i v)
{
	unsigned char bytes[64], answer[64] = {0};
	unsigned n = 0;

	memcpy(bytes, &v, sizeof bytes);
	for (unsigned i = 0; i < sizeof bytes; i++)
		if (kept >> i & 1)
			answer[n++] = bytes[i];
	memcpy(&v, answer, sizeof answer);
	return v;
}

#define _mm512_maskz_compress_epi8 emulated_compress
#define _mm512_cvtepu16_epi32      emulated_widen
#define _mm512_mask_loadu_epi8     emulated_mask_loadu
#define _mm512_reduce_add_epi64    emulated_reduce_add
#define _cvtu64_mask64(mask)       ((uint64_t)(mask))

#endif
