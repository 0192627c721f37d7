/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The UTF-8 codec: which sequences of bytes are well-formed (Unicode 15, table 3-7), decoding and
 * encoding. The only place where these rules stand as scalar code.
 *
 *      lead       second     others     code points
 *      00-7F                            0000-007F
 *      C2-DF      80-BF                 0080-07FF        C0, C1: overlong
 *      E0         A0-BF      80-BF      0800-0FFF        80-9F: overlong
 *      E1-EC      80-BF      80-BF      1000-CFFF
 *      ED         80-9F      80-BF      D000-D7FF        A0-BF: surrogates
 *      EE-EF      80-BF      80-BF      E000-FFFF
 *      F0         90-BF      80-BF     10000-3FFFF       80-8F: overlong
 *      F1-F3      80-BF      80-BF     40000-FFFFF
 *      F4         80-8F      80-BF    100000-10FFFF      90-BF, and F5-FF: too large
 */
#ifndef PCOUNT_BASE_UTF8_H
#define PCOUNT_BASE_UTF8_H

#include "base/base.h"

#include <uchar.h>

enum { UTF8_LENGTH_MAX = 4 }; /* bytes of a character */

/* 80 to BF, which begin no character. */
static inline bool utf8_is_continuation(unsigned char b)
{
	return (b & 0xC0) == 0x80;
}

/* Bytes of the characters that begin with `lead`; 0: none does. */
static inline unsigned utf8_length(unsigned char lead)
{
	if (lead < 0xC2)
		return lead < 0x80 ? 1 : 0;
	return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
}

/* May continuation byte `second` follow `lead`, which begins characters of two bytes or more? */
static inline bool utf8_second_fits(unsigned char lead, unsigned char second)
{
	switch (lead) {
	case 0xE0:
		return second >= 0xA0;
	case 0xED:
		return second < 0xA0;
	case 0xF0:
		return second >= 0x90;
	case 0xF4:
		return second < 0x90;
	default:
		return true;
	}
}

/* The code point of the well-formed character at p, which is not ASCII. */
static inline char32_t utf8_decode_multibyte(const unsigned char *p)
{
	char32_t c;

	/* One return: with three, GCC lays out the commonest case, three bytes, as the rarest. */
	if (p[0] < 0xE0)
		c = (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
	else if (p[0] < 0xF0)
		c = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	else
		c = (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 |
		    (p[3] & 0x3Fu);
	return c;
}

/* The code point of the well-formed character at p. */
static inline char32_t utf8_decode(const unsigned char *p)
{
	return p[0] < 0x80 ? p[0] : utf8_decode_multibyte(p);
}

/* Bytes of the well-formed character that begins p[0..n), n > 0; 0: none does, or it is cut. */
static inline unsigned utf8_character(const unsigned char *p, size_t n)
{
	unsigned length = utf8_length(p[0]);

	if (length > n)
		return 0;
	for (unsigned i = 1; i < length; i++)
		if (!utf8_is_continuation(p[i]))
			return 0;
	return length < 2 || utf8_second_fits(p[0], p[1]) ? length : 0;
}

/* Length (0 to 3) of the proper prefix of a character that ends p[0..n), p at a character. */
size_t utf8_unfinished(const unsigned char *p, size_t n);

/* May `c` be encoded, being no surrogate and not too large? */
static inline bool utf8_is_scalar_value(char32_t c)
{
	return c <= 0x10FFFF && (c & 0xFFFFF800) != 0xD800;
}

/* Encodes a Unicode scalar value: its bytes, 1 to UTF8_LENGTH_MAX. */
static inline unsigned utf8_encode(char32_t c, unsigned char *out)
{
	if (c < 0x80) {
		out[0] = (unsigned char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (unsigned char)(0xC0 | c >> 6);
		out[1] = (unsigned char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (unsigned char)(0xE0 | c >> 12);
		out[1] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (unsigned char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (unsigned char)(0xF0 | c >> 18);
	out[1] = (unsigned char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (unsigned char)(0x80 | (c & 0x3F));
	return 4;
}

#endif
