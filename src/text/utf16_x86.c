/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UTF-16 to UTF-8 with SIMD. Each unit is spread to a lane of 4 bytes and becomes the 1 to 3 bytes
 * of its UTF-8 there; then the bytes that are none are squeezed out:
 *
 *      unit      61 00     E9 00     42 30
 *      lane      61 .. ..  C3 A9 ..  E3 81 82      (by shifts and masks)
 *      output    61 C3 A9 E3 81 82                 (by a compress, or a shuffle from a table)
 *
 * Blocks of ASCII are narrowed at once; blocks with surrogates are left to the law.
 */
#include "base/base.h"
#include "text/utf16_x86.h"

#include <immintrin.h>
#include <string.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,popcnt")))
#define AVX2   __attribute__((target("avx2")))

/* By the law until `units` units, or one more, are used up; 0: too few are left. */
static size_t by_law(const unsigned char *in, size_t n, size_t units, bool big, unsigned char **out)
{
	size_t used = 0, step;

	while (used < 2 * units && (step = utf16_step(in + used, n - used, big, out)) > 0)
		used += step;
	return used;
}

/* ---- AVX-512 with VBMI2: 32 units of ASCII or 16 of all else at a time ---- */

AVX512 static inline __m512i swap_bytes_512(__m512i v)
{
	return _mm512_or_si512(_mm512_slli_epi16(v, 8), _mm512_srli_epi16(v, 8));
}

/* 16 units, none a surrogate, as UTF-8; the number of bytes. */
AVX512 static inline size_t put_16(__m256i units, unsigned char *out)
{
	const __m512i low6 = _mm512_set1_epi32(0x3F);
	__m512i c = _mm512_cvtepu16_epi32(units);
	__mmask16 two = _mm512_cmpge_epu32_mask(c, _mm512_set1_epi32(0x80));
	__mmask16 three = _mm512_cmpge_epu32_mask(c, _mm512_set1_epi32(0x800));
	__m512i last = _mm512_or_si512(_mm512_and_si512(c, low6), _mm512_set1_epi32(0x80));
	__m512i middle = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(c, 6), low6),
	                                 _mm512_set1_epi32(0x80));
	__m512i as_two =
		_mm512_or_si512(_mm512_or_si512(_mm512_srli_epi32(c, 6), _mm512_set1_epi32(0xC0)),
	                        _mm512_slli_epi32(last, 8));
	__m512i as_three = _mm512_or_si512(
		_mm512_or_si512(_mm512_srli_epi32(c, 12), _mm512_set1_epi32(0xE0)),
		_mm512_or_si512(_mm512_slli_epi32(middle, 8), _mm512_slli_epi32(last, 16)));
	__m512i lanes =
		_mm512_mask_mov_epi32(_mm512_mask_mov_epi32(c, two, as_two), three, as_three);
	/*
	 * The first byte of a lane always counts, NUL too; the others are 80 or more where they do.
	 */
	__mmask64 keep = _mm512_test_epi8_mask(lanes, lanes) | UINT64_C(0x1111111111111111);

	_mm512_storeu_si512(out, _mm512_maskz_compress_epi8(keep, lanes));
	return (size_t)__builtin_popcountll(keep);
}

AVX512 static inline size_t convert_512(const unsigned char *in, size_t n, bool big, size_t *used,
                                        unsigned char *out)
{
	const __m512i high = _mm512_set1_epi16((short)0xFF80),
		      kind = _mm512_set1_epi16((short)0xF800);
	unsigned char *o = out;
	size_t i = 0;

	while (n - i >= 64) {
		__m512i v = _mm512_loadu_si512(in + i);
		if (big)
			v = swap_bytes_512(v);
		if (_mm512_test_epi16_mask(v, high) == 0) {
			_mm256_storeu_si256((__m256i *)o, _mm512_cvtepi16_epi8(v));
			o += 32;
			i += 64;
		} else if (_mm512_cmpeq_epi16_mask(_mm512_and_si512(v, kind),
		                                   _mm512_set1_epi16((short)0xD800))) {
			/* n - i >= 64: the law can go 31 units far, whatever they are. */
			i += by_law(in + i, n - i, 31, big, &o);
		} else {
			o += put_16(_mm512_castsi512_si256(v), o);
			o += put_16(_mm512_extracti64x4_epi64(v, 1), o);
			i += 64;
		}
	}
	i += by_law(in + i, n - i, SIZE_MAX / 2, big, &o);
	*used = i;
	return (size_t)(o - out);
}

AVX512 static size_t avx512_little(const unsigned char *in, size_t n, size_t *used,
                                   unsigned char *out)
{
	return convert_512(in, n, false, used, out);
}

AVX512 static size_t avx512_big(const unsigned char *in, size_t n, size_t *used, unsigned char *out)
{
	return convert_512(in, n, true, used, out);
}

static bool avx512_usable(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
	       __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
}

const struct utf16_kernel utf16_avx512vbmi = {"avx512vbmi", avx512_usable, avx512_little,
                                              avx512_big};

/* ---- AVX2: 16 units of ASCII or 8 of all else at a time ---- */

/*
 * How to squeeze 4 lanes: by the lengths of their UTF-8, 2 bits each, less one; first which bytes
 * stay, in order, then how many these are. Lengths are 1 to 3, so some rows are never used.
 */
#define LEN(row, lane) (((row) >> (2 * (lane)) & 3) % 3 + 1)
#define END1(row)      LEN(row, 0)
#define END2(row)      (END1(row) + LEN(row, 1))
#define END3(row)      (END2(row) + LEN(row, 2))
#define END4(row)      (END3(row) + LEN(row, 3))
#define AT(row, i)                              \
	((i) < END1(row)   ? (i)                \
	 : (i) < END2(row) ? 4 + (i)-END1(row)  \
	 : (i) < END3(row) ? 8 + (i)-END2(row)  \
	 : (i) < END4(row) ? 12 + (i)-END3(row) \
	                   : 0x80)
#define ROW(r)                                                                                  \
	{                                                                                       \
		AT(r, 0), AT(r, 1), AT(r, 2), AT(r, 3), AT(r, 4), AT(r, 5), AT(r, 6), AT(r, 7), \
			AT(r, 8), AT(r, 9), AT(r, 10), AT(r, 11), 0x80, 0x80, 0x80, END4(r)     \
	}
#define ROWS4(r)  ROW(r), ROW((r) + 1), ROW((r) + 2), ROW((r) + 3)
#define ROWS16(r) ROWS4(r), ROWS4((r) + 4), ROWS4((r) + 8), ROWS4((r) + 12)
#define ROWS64(r) ROWS16(r), ROWS16((r) + 16), ROWS16((r) + 32), ROWS16((r) + 48)

static const unsigned char squeeze[256][16]
	__attribute__((aligned(16))) = {ROWS64(0), ROWS64(64), ROWS64(128), ROWS64(192)};

/* One half of 8 lanes: `row` tells the lengths. */
AVX2 static inline size_t put_half(__m128i lanes, unsigned row, unsigned char *out)
{
	/* The table's last byte is a length, and as an index harmless: that byte is overwritten. */
	__m128i order = _mm_load_si128((const __m128i *)squeeze[row]);

	_mm_storeu_si128((__m128i *)out, _mm_shuffle_epi8(lanes, order));
	return squeeze[row][15];
}

/* Bits 0, 2, 4 and 6 of a row, from bits 0 to 3. */
static const unsigned char spread[16] = {0x00, 0x01, 0x04, 0x05, 0x10, 0x11, 0x14, 0x15,
                                         0x40, 0x41, 0x44, 0x45, 0x50, 0x51, 0x54, 0x55};

/* 8 units, none a surrogate, as UTF-8; the number of bytes. */
AVX2 static inline size_t put_8(__m128i units, unsigned char *out)
{
	const __m256i low6 = _mm256_set1_epi32(0x3F);
	__m256i c = _mm256_cvtepu16_epi32(units);
	__m256i two = _mm256_cmpgt_epi32(c, _mm256_set1_epi32(0x7F));
	__m256i three = _mm256_cmpgt_epi32(c, _mm256_set1_epi32(0x7FF));
	__m256i last = _mm256_or_si256(_mm256_and_si256(c, low6), _mm256_set1_epi32(0x80));
	__m256i middle = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi32(c, 6), low6),
	                                 _mm256_set1_epi32(0x80));
	__m256i as_two =
		_mm256_or_si256(_mm256_or_si256(_mm256_srli_epi32(c, 6), _mm256_set1_epi32(0xC0)),
	                        _mm256_slli_epi32(last, 8));
	__m256i as_three = _mm256_or_si256(
		_mm256_or_si256(_mm256_srli_epi32(c, 12), _mm256_set1_epi32(0xE0)),
		_mm256_or_si256(_mm256_slli_epi32(middle, 8), _mm256_slli_epi32(last, 16)));
	__m256i lanes = _mm256_blendv_epi8(_mm256_blendv_epi8(c, as_two, two), as_three, three);
	unsigned twos = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(two));
	unsigned threes = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(three));

	/* A length less one is how many of the two masks are set. */
	size_t len = put_half(_mm256_castsi256_si128(lanes),
	                      spread[twos & 15] + (unsigned)spread[threes & 15], out);
	return len + put_half(_mm256_extracti128_si256(lanes, 1),
	                      spread[twos >> 4] + (unsigned)spread[threes >> 4], out + len);
}

AVX2 static inline size_t convert_256(const unsigned char *in, size_t n, bool big, size_t *used,
                                      unsigned char *out)
{
	const __m256i high = _mm256_set1_epi16((short)0xFF80),
		      kind = _mm256_set1_epi16((short)0xF800);
	unsigned char *o = out;
	size_t i = 0;

	while (n - i >= 32) {
		__m256i v = _mm256_loadu_si256((const __m256i *)(in + i));
		if (big)
			v = _mm256_or_si256(_mm256_slli_epi16(v, 8), _mm256_srli_epi16(v, 8));
		__m256i surrogate = _mm256_cmpeq_epi16(_mm256_and_si256(v, kind),
		                                       _mm256_set1_epi16((short)0xD800));
		if (_mm256_testz_si256(v, high)) {
			__m128i narrow = _mm_packus_epi16(_mm256_castsi256_si128(v),
			                                  _mm256_extracti128_si256(v, 1));
			_mm_storeu_si128((__m128i *)o, narrow);
			o += 16;
			i += 32;
		} else if (!_mm256_testz_si256(surrogate, surrogate)) {
			i += by_law(in + i, n - i, 15, big, &o);
		} else {
			o += put_8(_mm256_castsi256_si128(v), o);
			o += put_8(_mm256_extracti128_si256(v, 1), o);
			i += 32;
		}
	}
	i += by_law(in + i, n - i, SIZE_MAX / 2, big, &o);
	*used = i;
	return (size_t)(o - out);
}

AVX2 static size_t avx2_little(const unsigned char *in, size_t n, size_t *used, unsigned char *out)
{
	return convert_256(in, n, false, used, out);
}

AVX2 static size_t avx2_big(const unsigned char *in, size_t n, size_t *used, unsigned char *out)
{
	return convert_256(in, n, true, used, out);
}

static bool avx2_usable(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx2");
}

const struct utf16_kernel utf16_avx2 = {"avx2", avx2_usable, avx2_little, avx2_big};
