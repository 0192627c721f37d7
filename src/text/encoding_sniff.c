/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells how a text is encoded by its first bytes. */
#include "base/base.h"
#include "base/utf8.h"
#include "text/encoding.h"

#include <string.h>

enum {
	DETECT_MIN = 4,    /* fewer are too few to tell without a byte order mark */
	DETECT_ASCII = 32, /* one unit in 32 is ASCII in a text: blanks, line ends, digits */
};

static uint32_t unit16(const unsigned char *p, bool big)
{
	return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static uint32_t unit32(const unsigned char *p, bool big)
{
	return big ? unit16(p, true) << 16 | unit16(p + 2, true)
	           : unit16(p + 2, false) << 16 | unit16(p, false);
}

/* Is the code point one that texts have? Of controls BEL to CR, and ESC; no noncharacters. */
static bool is_of_text(uint32_t c)
{
	if (c < 0x20)
		return (UINT32_C(0x08003F80) >> c) & 1;
	return c <= 0x10FFFF && (c & 0xFFFE) != 0xFFFE && (c < 0x7F || c > 0x9F) &&
	       (c < 0xFDD0 || c > 0xFDEF);
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

/*
 * Bytes of the character of UTF-8 that begins p[0..n), n > 0; 0: none does. Cut short, it may, and
 * surrogates pass: programs that write them mean UTF-8 too.
 */
static size_t utf8_char(const unsigned char *p, size_t n)
{
	size_t want = utf8_length(p[0]);

	for (size_t i = 1; i < want && i < n; i++)
		if (!utf8_is_continuation(p[i]))
			return 0;
	return want;
}

/* Is it UTF-8, with at most one error to four characters that are not ASCII? ASCII is. */
static bool is_utf8(const unsigned char *p, size_t n)
{
	size_t good = 0, bad = 0;

	for (size_t i = 0; i < n;) {
		size_t len = utf8_char(p + i, n - i);
		good += len > 1;
		bad += len == 0;
		i += len > 0 ? len : 1;
	}
	return good >= 4 * bad;
}

/* ---- byte order marks ---- */

/* U+FEFF in each form that may begin with it. */
static const struct {
	unsigned char bytes[ENCODING_BOM_MAX];
	unsigned len;
} boms[] = {
	[ENCODING_NONE] = {{0xEF, 0xBB, 0xBF}, 3},    [ENCODING_UTF16LE] = {{0xFF, 0xFE}, 2},
	[ENCODING_UTF16BE] = {{0xFE, 0xFF}, 2},       [ENCODING_UTF32LE] = {{0xFF, 0xFE, 0, 0}, 4},
	[ENCODING_UTF32BE] = {{0, 0, 0xFE, 0xFF}, 4},
};

/* Bytes of the form's byte order mark at the beginning of bytes[n]; 0: there is none. */
static unsigned bom_length(enum encoding_form form, const unsigned char *bytes, size_t n)
{
	unsigned len = boms[form].len;

	return n >= len && memcmp(bytes, boms[form].bytes, len) == 0 ? len : 0;
}

enum encoding_form encoding_of_bom(const unsigned char *bytes, size_t n, unsigned *bom_len)
{
	/* UTF-32LE's begins with that of UTF-16LE. */
	static const enum encoding_form forms[] = {ENCODING_UTF32LE, ENCODING_UTF32BE,
	                                           ENCODING_UTF16LE, ENCODING_UTF16BE};

	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if ((*bom_len = bom_length(forms[i], bytes, n)) > 0)
			return forms[i];
	*bom_len = bom_length(ENCODING_NONE, bytes, n);
	return ENCODING_NONE;
}

/* ---- which encoding ---- */

static enum encoding_form other_order(enum encoding_form form)
{
	switch (form) {
	case ENCODING_UTF16LE:
		return ENCODING_UTF16BE;
	case ENCODING_UTF16BE:
		return ENCODING_UTF16LE;
	case ENCODING_UTF32LE:
		return ENCODING_UTF32BE;
	case ENCODING_UTF32BE:
		return ENCODING_UTF32LE;
	default:
		return form;
	}
}

enum encoding_form encoding_detect(const unsigned char *bytes, size_t n, unsigned *bom_len)
{
	enum encoding_form form = encoding_of_bom(bytes, n, bom_len);

	if (*bom_len > 0)
		return form;
	if (n < DETECT_MIN)
		return ENCODING_NONE;
	n = (size_t)min_u64(n, ENCODING_SNIFF_BYTES);
	/* Both have NULs, in what is ASCII; most files have none. */
	if (!memchr(bytes, 0, n))
		return ENCODING_NONE;
	for (int big = 0; big < 2; big++)
		if (is_utf32(bytes, n, big))
			return big ? ENCODING_UTF32BE : ENCODING_UTF32LE;
	for (int big = 0; big < 2; big++)
		if (is_utf16(bytes, n, big))
			return big ? ENCODING_UTF16BE : ENCODING_UTF16LE;
	return ENCODING_NONE;
}

/* encoding_of() for NAMED. */
static enum encoding_form of_named(const struct encoding *e, const unsigned char *bytes, size_t n,
                                   unsigned *bom_len)
{
	*bom_len = encoding_is_unicode(e->form) ? bom_length(e->form, bytes, n) : 0;
	if (*bom_len > 0 || !e->any_order)
		return e->form;
	*bom_len = bom_length(other_order(e->form), bytes, n);
	return *bom_len > 0 ? other_order(e->form) : e->form;
}

enum encoding_form encoding_of(const struct encoding *e, const unsigned char *bytes, size_t n,
                               unsigned *bom_len)
{
	if (e->mode == ENCODING_NAMED)
		return of_named(e, bytes, n, bom_len);
	enum encoding_form form = encoding_detect(bytes, n, bom_len);
	if (form != ENCODING_NONE)
		return form;
	if (e->mode == ENCODING_UNICODE)
		*bom_len = 0; /* as wc has it */
	else if (*bom_len == 0 && !is_utf8(bytes, (size_t)min_u64(n, ENCODING_SNIFF_BYTES)))
		return e->form;
	return ENCODING_NONE;
}
