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

/* Four of the eight parts of 16 bytes of a and b. */
static inline simde__m512i emulated_shuffle(simde__m512i a, simde__m512i b, unsigned which)
{
	unsigned char from[2][64], answer[64];

	memcpy(from[0], &a, sizeof a);
	memcpy(from[1], &b, sizeof b);
	for (unsigned i = 0; i < 4; i++)
		memcpy(answer + 16 * i, from[i / 2] + 16 * (which >> 2 * i & 3), 16);
	memcpy(&a, answer, sizeof a);
	return a;
}

/* In each part of `size` bytes: those of `low`, and then of `high`, from the n-th on. */
static inline simde__m512i emulated_align(simde__m512i high, simde__m512i low, unsigned n,
                                          unsigned size)
{
	unsigned char h[64], l[64], answer[64];

	memcpy(h, &high, sizeof h);
	memcpy(l, &low, sizeof l);
	for (unsigned i = 0; i < 64; i++) {
		unsigned part = i / size * size, at = i % size + n;
		answer[i] = at < size ? l[part + at] : h[part + at - size];
	}
	memcpy(&high, answer, sizeof high);
	return high;
}

/* Each byte of x times the 8 x 8 matrix of bits that stands beside it. */
static inline simde__m512i emulated_affine(simde__m512i x, simde__m512i matrix, unsigned char plus)
{
	unsigned char bytes[64], rows[64];

	memcpy(bytes, &x, sizeof bytes);
	memcpy(rows, &matrix, sizeof rows);
	for (unsigned i = 0; i < 64; i++) {
		unsigned char answer = plus;
		for (unsigned bit = 0; bit < 8; bit++)
			answer ^= (unsigned char)(__builtin_parity(rows[i / 8 * 8 + 7 - bit] &
			                                           bytes[i])
			                          << bit);
		bytes[i] = answer;
	}
	memcpy(&x, bytes, sizeof x);
	return x;
}

/* Each word of `low` n bits down, with the low bits of that of `high` above it. */
static inline simde__m512i emulated_funnel(simde__m512i low, simde__m512i high, unsigned n)
{
	uint64_t l[8], h[8];

	memcpy(l, &low, sizeof l);
	memcpy(h, &high, sizeof h);
	for (unsigned i = 0; i < 8; i++)
		l[i] = l[i] >> n | h[i] << (64 - n);
	memcpy(&low, l, sizeof low);
	return low;
}

#define _mm512_shuffle_i64x2          emulated_shuffle
#define _mm512_shrdi_epi64            emulated_funnel
#define _mm512_alignr_epi8(a, b, n)   emulated_align(a, b, n, 16)
#define _mm512_alignr_epi64(a, b, n)  emulated_align(a, b, 8 * (n), 64)
#define _mm512_gf2p8affine_epi64_epi8 emulated_affine
#define _mm512_maskz_compress_epi8    emulated_compress
#define _mm512_cvtepu16_epi32         emulated_widen
#define _mm512_mask_loadu_epi8        emulated_mask_loadu
#define _mm512_reduce_add_epi64       emulated_reduce_add
#define _cvtu64_mask64(mask)          ((uint64_t)(mask))

#endif
