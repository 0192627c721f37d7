/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells UTF-16 and UTF-32 by their first bytes. */
#include "base/base.h"
#include "source/encoding.h"

enum {
	DETECT_MAX = 4096,   /* bytes looked at */
	DETECT_MIN = 4,      /* fewer are too few to tell without a mark */
	DETECT_ASCII = 32,   /* one in so many units is ASCII in a text: blanks, line ends, digits */
};

static uint32_t unit16(const unsigned char *p, bool big)
{
	return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static uint32_t unit32(const unsigned char *p, bool big)
{
	return big ? unit16(p, true) << 16 | unit16(p + 2, true) : unit16(p + 2, false) << 16 | unit16(p, false);
}

/* Is the code point one that texts have? Of controls BEL to CR, and ESC; no noncharacters. */
static bool is_of_text(uint32_t c)
{
	if (c < 0x20)
		return (UINT32_C(0x08003F80) >> c) & 1;
	return c <= 0x10FFFF && (c & 0xFFFE) != 0xFFFE && (c < 0x7F || c > 0x9F) && (c < 0xFDD0 || c > 0xFDEF);
}

static bool is_utf16(const unsigned char *p, size_t n, bool big)
{
	size_t ascii = 0, i = 0;

	for (; i + 2 <= n; i += 2) {
		uint32_t c = unit16(p + i, big);
		bool high = c >= 0xD800 && c < 0xDC00;
		if (high && i + 4 > n)
			break; /* its other half is out of sight */
		if (high) {
			uint32_t low = unit16(p + i + 2, big);
			if (low < 0xDC00 || low > 0xDFFF)
				return false;
			i += 2;
		} else if ((c >= 0xDC00 && c < 0xE000) || !is_of_text(c)) {
			return false;
		}
		ascii += c < 0x80;
	}
	return ascii * DETECT_ASCII >= n / 2;
}

static bool is_utf32(const unsigned char *p, size_t n, bool big)
{
	size_t ascii = 0;

	for (size_t i = 0; i + 4 <= n; i += 4) {
		uint32_t c = unit32(p + i, big);
		if (!is_of_text(c) || (c >= 0xD800 && c < 0xE000))
			return false;
		ascii += c < 0x80;
	}
	return ascii * DETECT_ASCII >= n / 4;
}

enum encoding_form encoding_detect(const unsigned char *bytes, size_t n, unsigned *mark)
{
	*mark = n >= 4 ? 4 : 0;
	if (n >= 4 && unit32(bytes, false) == 0xFEFF)
		return ENCODING_UTF32LE;
	if (n >= 4 && unit32(bytes, true) == 0xFEFF)
		return ENCODING_UTF32BE;
	*mark = n >= 2 ? 2 : 0;
	if (n >= 2 && unit16(bytes, false) == 0xFEFF)
		return ENCODING_UTF16LE;
	if (n >= 2 && unit16(bytes, true) == 0xFEFF)
		return ENCODING_UTF16BE;
	*mark = 0;
	if (n < DETECT_MIN)
		return ENCODING_NONE;
	n = (size_t)min_u64(n, DETECT_MAX);
	for (int big = 0; big < 2; big++)
		if (is_utf32(bytes, n, big))
			return big ? ENCODING_UTF32BE : ENCODING_UTF32LE;
	for (int big = 0; big < 2; big++)
		if (is_utf16(bytes, n, big))
			return big ? ENCODING_UTF16BE : ENCODING_UTF16LE;
	return ENCODING_NONE;
}
