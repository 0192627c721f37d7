/* SPDX-License-Identifier: BSD-2-Clause */
/* What the locale's LC_CTYPE says of bytes and characters: how to decode, white space, width. */
#ifndef PCOUNT_TALLY_CHARSET_H
#define PCOUNT_TALLY_CHARSET_H

#include "base/base.h"

#include <locale.h>
#include <uchar.h>

enum charset_class {
	CHARSET_SINGLE, /* one byte, one character: C, ISO-8859-x, KOI8-R; every byte decodes */
	CHARSET_UTF8,   /* strict UTF-8 (Unicode 15, table 3-7), decoded by pcount itself */
	CHARSET_MULTI,  /* any other: EUC-*, SJIS, GB18030, BIG5; decoded by mbrtoc32() */
};

enum {
	BYTE_SPACE = 1, /* separates words */
	BYTE_PRINT = 2, /* one column wide */
};

struct charset {
	enum charset_class class;
	bool no_break_spaces; /* U+00A0, 2007, 202F, 2060 separate words (not POSIXLY_CORRECT) */
	bool standard_spaces; /* UTF-8, and white space is what charset_utf8_space() says: SIMD may
	                         be used */
	locale_t locale;      /* the one whose widths count; 0: that in force */
	bool own_widths;      /* no locale's: there is none of UTF-8, or it is no file; see
	                         unicode_width.h */
	unsigned char byte[256]; /* BYTE_* flags; CHARSET_SINGLE: every byte, else: bytes below 80
	                          */
};

/*
 * Describes the LC_CTYPE locale in force (setlocale() has been called). `posixly_correct`: the
 * variable POSIXLY_CORRECT is in the environment. Never fails; reads no global afterwards.
 */
void charset_init(struct charset *cs, bool posixly_correct);

/*
 * charset_init() for UTF-8, whatever the locale: by the one in force if it is one of UTF-8, else by
 * C.UTF-8, else, where that is not installed, by what pcount itself knows.
 */
void charset_init_utf8(struct charset *cs, bool posixly_correct);
/* After either of them, when it is not used any more. */
void charset_free(struct charset *cs);

/*
 * Does decoded character `c` separate words? TAB LF VT FF CR SPACE, iswspace() (in UTF-8, where
 * locales are no files, charset_utf8_space()), and the four no-break spaces unless POSIXLY_CORRECT.
 * Not for CHARSET_SINGLE: there byte[] says it.
 */
bool charset_is_space(const struct charset *cs, char32_t c);

/*
 * Columns of decoded character `c`, 0 to 2: wcwidth() with negative answers taken as 0; in UTF-8,
 * where locales are no files, unicode_width().
 */
unsigned charset_width(const struct charset *cs, char32_t c);

/*
 * CHARSET_MULTI: the length in bytes of the character at p[0..n), n > 0, and itself in *c; -1: no
 * character begins there; 0: one may, but it is not finished. Always from the initial state: a byte
 * below 80 is that ASCII character in every charset of the C library.
 */
int charset_decode(const unsigned char *p, size_t n, char32_t *c);

/*
 * The white space of glibc's UTF-8 locales, by code point, without asking the locale:
 * 09-0D 20 1680 2000-2006 2008-200A 2028 2029 205F 3000, and with `no_break` A0 2007 202F 2060.
 */
bool charset_utf8_space(char32_t c, bool no_break);

#endif
