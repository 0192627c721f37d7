/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells UTF-16 and UTF-32 by their first bytes, and all others by their names. */
#include "base/base.h"
#include "base/utf8.h"
#include "text/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

enum {
	DETECT_MAX = 4096, /* bytes inspected */
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

enum encoding_form encoding_of(const struct encoding *e, const unsigned char *bytes, size_t n,
                               unsigned *bom_len)
{
	enum encoding_form form;

	*bom_len = 0;
	if (e->mode == ENCODING_NAMED && !e->has_bom)
		return e->form;
	form = encoding_detect(bytes, n, bom_len);
	if (e->mode == ENCODING_AUTO) {
		if (form == ENCODING_NONE && !is_utf8(bytes, (size_t)min_u64(n, DETECT_MAX)))
			form = e->form;
		return form;
	}
	/*
	 * UTF-16 by name: only a byte order mark of its own says anything, and without one it
	 * is little-endian.
	 */
	bool wide = e->form == ENCODING_UTF32LE;
	if (!wide && *bom_len == 4) {
		*bom_len = 2; /* FF FE 00 00: a byte order mark, and a NUL */
		form = form == ENCODING_UTF32LE ? ENCODING_UTF16LE : ENCODING_UTF16BE;
		if (bytes[0] == 0) /* 00 00 FE FF is none of UTF-16 */
			*bom_len = 0;
	}
	if (*bom_len != (wide ? 4 : 2)) {
		*bom_len = 0;
		form = e->form;
	}
	return form;
}

bool encoding_needs_bytes(const struct encoding *e)
{
	return e->mode == ENCODING_AUTO || (e->mode == ENCODING_NAMED && e->has_bom);
}

unsigned encoding_unit(enum encoding_form form)
{
	switch (form) {
	case ENCODING_UTF16LE:
	case ENCODING_UTF16BE:
		return 2;
	case ENCODING_UTF32LE:
	case ENCODING_UTF32BE:
		return 4;
	case ENCODING_ICONV:
		return 0;
	default:
		return 1;
	}
}

/* Is it a name of `plain`, in any case and with or without a dash? */
static bool is_named(const char *name, const char *plain)
{
	while (*name && *plain) {
		if (*name == '-' || *name == '_')
			name++;
		else if (strncasecmp(name++, plain++, 1) != 0)
			return false;
	}
	return !*name && !*plain;
}

/* Fills the table. 0, or -1: bytes are not characters by themselves. */
static int fill_table(struct encoding *e, iconv_t cd)
{
	for (unsigned b = 0; b < 256; b++) {
		char byte = (char)b, *in = &byte;
		char utf8[8], *out = utf8;
		size_t left = 1, room = sizeof utf8;
		struct encoding_byte *entry = &e->byte[b];
		iconv(cd, NULL, NULL, NULL, NULL);
		size_t status = iconv(cd, &in, &left, &out, &room);
		size_t len = sizeof utf8 - room;
		if (status == (size_t)-1 && errno == EILSEQ) {
			*entry = (struct encoding_byte){1, {0xFF, 0, 0}};
			continue;
		}
		/* Waiting for more, a change of state, or more than one character. */
		if (status == (size_t)-1 || len == 0 || len > sizeof entry->utf8 ||
		    utf8_char((unsigned char *)utf8, len) != len)
			return -1;
		entry->len = (unsigned char)len;
		memcpy(entry->utf8, utf8, len);
	}
	return 0;
}

int encoding_open(struct encoding *e, enum encoding_mode mode, const char *name, const char *kernel)
{
	static const struct {
		const char *name;
		enum encoding_form form;
		bool has_bom;
	} own[] = {
		{"UTF8", ENCODING_NONE, false},       {"UTF16", ENCODING_UTF16LE, true},
		{"UTF16LE", ENCODING_UTF16LE, false}, {"UTF16BE", ENCODING_UTF16BE, false},
		{"UTF32", ENCODING_UTF32LE, true},    {"UTF32LE", ENCODING_UTF32LE, false},
		{"UTF32BE", ENCODING_UTF32BE, false},
	};

	*e = (struct encoding){.mode = mode, .name = name, .kernel = kernel};
	for (size_t i = 0; i < ARRAY_LEN(own); i++) {
		if (is_named(name, own[i].name)) {
			e->form = own[i].form;
			e->has_bom = own[i].has_bom;
			return 0;
		}
	}
	iconv_t cd = iconv_open("UTF-8", name);
	if (cd == (iconv_t)-1)
		return -1;
	e->form = fill_table(e, cd) == 0 ? ENCODING_BYTES : ENCODING_ICONV;
	iconv_close(cd);
	return 0;
}

enum encoding_form encoding_detect(const unsigned char *bytes, size_t n, unsigned *bom_len)
{
	*bom_len = n >= 4 ? 4 : 0;
	if (n >= 4 && unit32(bytes, false) == 0xFEFF)
		return ENCODING_UTF32LE;
	if (n >= 4 && unit32(bytes, true) == 0xFEFF)
		return ENCODING_UTF32BE;
	*bom_len = n >= 2 ? 2 : 0;
	if (n >= 2 && unit16(bytes, false) == 0xFEFF)
		return ENCODING_UTF16LE;
	if (n >= 2 && unit16(bytes, true) == 0xFEFF)
		return ENCODING_UTF16BE;
	*bom_len = 0;
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
