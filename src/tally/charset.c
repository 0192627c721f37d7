/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks the C library what the locale's charset is like, once. */
#include "base/base.h"
#include "base/user_locale.h"
#include "tally/charset.h"
#include "tally/unicode_width.h"

#include <ctype.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

/* They separate words although iswspace() denies it, unless POSIXLY_CORRECT: GNU wc since 8.31. */
static const char32_t no_break_spaces[] = {0x00A0, 0x2007, 0x202F, 0x2060};

static bool is_no_break_space(char32_t c)
{
	for (size_t i = 0; i < ARRAY_LEN(no_break_spaces); i++)
		if (c == no_break_spaces[i])
			return true;
	return false;
}

static bool is_ascii_space(char32_t c)
{
	return (c >= '\t' && c <= '\r') || c == ' ';
}

bool charset_utf8_space(char32_t c, bool no_break)
{
	if (c < 0x80)
		return is_ascii_space(c);
	if (is_no_break_space(c))
		return no_break;
	return c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
	       c == 0x205F || c == 0x3000;
}

bool charset_is_space(const struct charset *cs, char32_t c)
{
	if (cs->standard_spaces)
		return charset_utf8_space(c, cs->no_break_spaces);
	return is_ascii_space(c) || iswspace((wint_t)c) ||
	       (cs->no_break_spaces && is_no_break_space(c));
}

unsigned charset_width(const struct charset *cs, char32_t c)
{
	if (cs->own_widths)
		return unicode_width(c);
	locale_t old = cs->locale ? uselocale(cs->locale) : (locale_t)0;
	int width = wcwidth((wchar_t)c);

	if (cs->locale)
		uselocale(old);

	return width > 0 ? (unsigned)width : 0;
}

int charset_decode(const unsigned char *p, size_t n, char32_t *c)
{
	mbstate_t state;

	if (p[0] < 0x80) {
		*c = p[0];
		return 1;
	}
	memset(&state, 0, sizeof state);
	size_t len = mbrtoc32(c, (const char *)p, n, &state);
	if (len == (size_t)-1)
		return -1;
	if (len == (size_t)-2)
		return 0;
	/*
	 * Some sequences stand for two code points (BIG5-HKSCS 88 62 is U+00CA U+0304). GNU wc
	 * counts one character; the second point, a combining mark of no width, goes with the
	 * state.
	 */
	return len == 0 ? 1 : (int)len;
}

/*
 * In the C locale every byte above 7F is a character of the same value (gnulib's reading of POSIX,
 * which GNU wc has followed since 9.5), so byte A0 is a no-break space there; elsewhere btowc()
 * tells.
 */
ALWAYS_INLINE void describe_byte(struct charset *cs, unsigned b, bool c_locale)
{
	wint_t c = b < 0x80 || c_locale ? (wint_t)b : btowc((int)b);

	if (is_ascii_space(b) || isspace((int)b) ||
	    (cs->no_break_spaces && c != WEOF && is_no_break_space((char32_t)c)))
		cs->byte[b] |= BYTE_SPACE;
	if (isprint((int)b))
		cs->byte[b] |= BYTE_PRINT;
}

/* All bytes that the class has by themselves. Inlined: it is a good part of starting. */
static void describe_bytes(struct charset *cs, bool c_locale)
{
	unsigned end = cs->class == CHARSET_SINGLE ? 256 : 128;

	for (unsigned b = 0; b < end; b++)
		describe_byte(cs, b, c_locale);
}

/* Does iswspace() draw the line where glibc's UTF-8 locales do, as far as any sane locale may? */
static bool spaces_are_standard(void)
{
	static const char32_t doubtful[] = {0x85,   0xA0,   0x1361, 0x1680, 0x180E, 0x200B,
	                                    0x200C, 0x200D, 0x2028, 0x2029, 0x202F, 0x205F,
	                                    0x2060, 0x3000, 0x303F, 0xFEFF};

	for (size_t i = 0; i < ARRAY_LEN(doubtful); i++)
		if (!!iswspace((wint_t)doubtful[i]) != charset_utf8_space(doubtful[i], false))
			return false;
	for (char32_t c = 0x2000; c <= 0x200A; c++)
		if (!!iswspace((wint_t)c) != charset_utf8_space(c, false))
			return false;
	return true;
}

void charset_init(struct charset *cs, bool posixly_correct)
{
	const char *codeset = nl_langinfo(CODESET);

	memset(cs, 0, sizeof *cs);
	cs->no_break_spaces = !posixly_correct;
	if (MB_CUR_MAX == 1)
		cs->class = CHARSET_SINGLE;
	else if (strcmp(codeset, "UTF-8") == 0)
		cs->class = CHARSET_UTF8;
	else
		cs->class = CHARSET_MULTI;
	/*
	 * Only where locales are files can one have white space and widths of its own. Elsewhere
	 * they are the C library's idea (musl's white space has U+0085 and not U+1680; its U+FFFF
	 * is a column wide), and what counts is the tables, so that a text has the same counts
	 * everywhere.
	 */
	bool is_utf8 = cs->class == CHARSET_UTF8, is_file = user_locale_is_file();
	cs->standard_spaces = is_utf8 && (!is_file || spaces_are_standard());
	cs->own_widths = is_utf8 && !is_file;

	/* By name: other locales can have the same charset, and its bytes above 7F are nothing
	 * there. */
	const char *name = setlocale(LC_CTYPE, NULL);
	bool c_locale = strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0;
	describe_bytes(cs, c_locale);
}

/* By a locale that is not in force. 0, or -1: it is not installed. */
static int init_by(struct charset *cs, const char *name, bool posixly_correct)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, name, (locale_t)0);

	if (!locale)
		return -1;
	locale_t old = uselocale(locale);
	charset_init(cs, posixly_correct);
	uselocale(old);
	cs->locale = locale;
	return 0;
}

/* By no locale: all have the same ASCII. */
static void init_own_utf8(struct charset *cs, bool posixly_correct)
{
	*cs = (struct charset){
		.class = CHARSET_UTF8,
		.no_break_spaces = !posixly_correct,
		.standard_spaces = true,
		.own_widths = true,
	};
	describe_bytes(cs, true);
}

void charset_init_utf8(struct charset *cs, bool posixly_correct)
{
	charset_init(cs, posixly_correct);
	if (cs->class == CHARSET_UTF8)
		return;
	if (init_by(cs, "C.UTF-8", posixly_correct) == 0 && cs->class == CHARSET_UTF8)
		return;
	charset_free(cs);
	init_own_utf8(cs, posixly_correct);
}

void charset_free(struct charset *cs)
{
	if (cs->locale)
		freelocale(cs->locale);
	cs->locale = (locale_t)0;
}
