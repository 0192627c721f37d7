/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: UTF-16 to UTF-8. Each unit is spread to a lane of 4 bytes and becomes the 1 to 3 bytes
 * of its UTF-8 there; then the bytes that are none are squeezed out:
 *
 *      unit      61 00     E9 00     42 30
 *      lane      61 .. ..  C3 A9 ..  E3 81 82      (by shifts and masks)
 *      output    61 C3 A9 E3 81 82                 (by a compress, or a shuffle from a table)
 *
 * Vectors of ASCII are narrowed at once. Vectors with surrogates are left to the scalar code, and
 * so is all that is not ASCII where bytes cannot be shuffled (VEC_LOOKUP 0).
 */
#ifndef PCOUNT_TEXT_SIMD_UTF16_H
#define PCOUNT_TEXT_SIMD_UTF16_H

#include "text/utf16.h"

enum { VEC_UNITS = VEC_BYTES / 2 };

#if VEC_LOOKUP >= 16

#ifdef VEC_COMPRESS

/*
 * Stores the bytes of the lanes; how many. The first of a lane always counts, NUL too; the others
 * are 80 or more where they do.
 */
SIMD_FN size_t squeeze(vec lanes, lane_mask two UNUSED, lane_mask three UNUSED, unsigned char *out)
{
	return vec_compress(out, lanes, vec_or(lanes, vec_set32(1)));
}

#else

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

static const unsigned char squeeze_order[256][16]
	__attribute__((aligned(16))) = {ROWS64(0), ROWS64(64), ROWS64(128), ROWS64(192)};

/* Bits 0, 2, 4 and 6 of a row, from bits 0 to 3. */
static const unsigned char spread[16] = {0x00, 0x01, 0x04, 0x05, 0x10, 0x11, 0x14, 0x15,
                                         0x40, 0x41, 0x44, 0x45, 0x50, 0x51, 0x54, 0x55};

/* Stores the bytes of the lanes; how many. */
SIMD_FN size_t squeeze(vec lanes, lane_mask two, lane_mask three, unsigned char *out)
{
	unsigned twos = lane_bits(two), threes = lane_bits(three);
	size_t n = 0;

	/* A length less one is how many of the two masks are set. */
	EACH_PART
	{
		const unsigned char *order =
			squeeze_order[spread[twos >> 4 * i & 15] + spread[threes >> 4 * i & 15]];
		/* The last byte is a length, and as an index harmless: its byte is overwritten. */
		vec_store_part(out + n, lanes, i, order);
		n += order[15];
	}
	return n;
}

#endif

/* Lanes of units, none a surrogate, as UTF-8; the number of bytes. */
SIMD_FN size_t put_lanes(vec c, unsigned char *out)
{
	const vec low6 = vec_set32(0x3F), continues = vec_set32(0x80);
	lane_mask two = lane_ge(c, 0x80), three = lane_ge(c, 0x800);
	vec last = vec_or(vec_and(c, low6), continues);
	vec middle = vec_or(vec_and(vec_shr32(c, 6), low6), continues);
	vec as_two = vec_or(vec_or(vec_shr32(c, 6), vec_set32(0xC0)), vec_shl32(last, 8));
	vec as_three = vec_or(vec_or(vec_shr32(c, 12), vec_set32(0xE0)),
	                      vec_or(vec_shl32(middle, 8), vec_shl32(last, 16)));
	vec lanes = lane_select(three, as_three, lane_select(two, as_two, c));

	return squeeze(lanes, two, three, out);
}

/* Units, none a surrogate, as UTF-8; the number of bytes. */
SIMD_FN size_t put_units(vec units, unsigned char *out)
{
	size_t n = put_lanes(vec_widen_low(units), out);

	return n + put_lanes(vec_widen_high(units), out + n);
}

#else

/* Never called: see convert(). */
SIMD_FN size_t put_units(vec units UNUSED, unsigned char *out UNUSED)
{
	return 0;
}

#endif

SIMD_FN size_t convert(const unsigned char *in, size_t n, bool big, size_t *used,
                       unsigned char *out)
{
	/* As pairs of the low and the high byte of a unit. */
	const vec not_ascii = vec_set_pairs(0x80, 0xFF), kind = vec_set_pairs(0, 0xF8),
		  surrogate = vec_set_pairs(0xFF, 0xD8);
	unsigned char *o = out;
	size_t i = 0;

	while (n - i >= VEC_BYTES) {
		vec v = vec_load(in + i);
		if (big)
			v = vec_swap_pairs(v);
		if (!vec_common(v, not_ascii)) {
			vec_store_narrow(o, v);
			o += VEC_UNITS;
			i += VEC_BYTES;
		} else if (VEC_LOOKUP < 16 || mask_any(vec_eq(vec_and(v, kind), surrogate))) {
			/* A unit less than there are, since the last may be half of a pair. */
			unsigned char *to = o; /* so that `o` itself stays in a register */
			i += utf16_convert_units(in + i, n - i, VEC_UNITS - 1, big, &to);
			o = to;
		} else {
			o += put_units(v, o);
			i += VEC_BYTES;
		}
	}
	unsigned char *end = o;
	*used = i + utf16_convert_units(in + i, n - i, SIZE_MAX / 2, big, &end);
	return (size_t)(end - out);
}

SIMD_KERNEL size_t utf16_little(const unsigned char *in, size_t n, size_t *used, unsigned char *out)
{
	return convert(in, n, false, used, out);
}

SIMD_KERNEL size_t utf16_big(const unsigned char *in, size_t n, size_t *used, unsigned char *out)
{
	return convert(in, n, true, used, out);
}

#endif
