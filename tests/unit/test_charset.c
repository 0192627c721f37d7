/* SPDX-License-Identifier: BSD-2-Clause */
/* White space, width and class of the locales that every machine has. */
#include "base/base.h"
#include "tally/charset.h"
#include "tally/unicode_width.h"
#include "unit.h"

#include <locale.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

static struct charset charset_of(const char *locale, bool posixly_correct)
{
	struct charset cs;

	if (!setlocale(LC_CTYPE, locale))
		unit_skip();
	charset_init(&cs, posixly_correct);
	return cs;
}

static void the_c_locale_is_single_byte(void **state UNUSED)
{
	for (int posixly_correct = 0; posixly_correct < 2; posixly_correct++) {
		struct charset cs = charset_of("C", posixly_correct);
		assert_int_equal(cs.class, CHARSET_SINGLE);
		for (int b = 0; b < 256; b++) {
			bool space =
				(b >= 9 && b <= 13) || b == 32 || (b == 0xA0 && !posixly_correct);
			bool print = b >= 0x20 && b <= 0x7E;
			assert_int_equal(cs.byte[b],
			                 (space ? BYTE_SPACE : 0) | (print ? BYTE_PRINT : 0));
		}
	}
}

/* What glibc says. Other C libraries differ, which must not matter in UTF-8. */
static bool is_glibc_space(char32_t c)
{
	static const char32_t above_ascii[] = {0x1680, 0x2028, 0x2029, 0x205F, 0x3000};

	for (size_t i = 0; i < ARRAY_LEN(above_ascii); i++)
		if (c == above_ascii[i])
			return true;
	return (c >= 9 && c <= 13) || c == ' ' || (c >= 0x2000 && c <= 0x200A && c != 0x2007);
}

/* Of every code point there is, these and the four no-break spaces separate words, nothing else. */
static void utf8_white_space(void **state UNUSED)
{
	for (int posixly_correct = 0; posixly_correct < 2; posixly_correct++) {
		struct charset cs = charset_of("C.UTF-8", posixly_correct);
		assert_int_equal(cs.class, CHARSET_UTF8);
		assert_true(cs.standard_spaces);
		for (char32_t c = 0; c < 0x110000; c++) {
			bool no_break = c == 0xA0 || c == 0x2007 || c == 0x202F || c == 0x2060;
			bool want = is_glibc_space(c) || (no_break && !posixly_correct);
#ifdef __GLIBC__
			assert_int_equal(is_glibc_space(c), !!iswspace((wint_t)c));
#endif
			if (charset_is_space(&cs, c) != want ||
			    charset_utf8_space(c, !posixly_correct) != want)
				fail_msg("U+%04X", (unsigned)c);
			if (c < 0x80)
				assert_int_equal(!!(cs.byte[c] & BYTE_SPACE), want);
		}
	}
}

/* A locale whose idea of white space differs must be asked, not guessed. */
static void other_white_space_is_asked_for(void **state UNUSED)
{
	struct charset cs = charset_of("C.UTF-8", false);

	cs.standard_spaces = false;
	for (char32_t c = 0; c < 0x3100; c++)
		assert_int_equal(charset_is_space(&cs, c), iswspace((wint_t)c) || c == 0xA0 ||
		                                                   c == 0x2007 || c == 0x202F ||
		                                                   c == 0x2060);
	cs.no_break_spaces = false;
	assert_false(charset_is_space(&cs, 0xA0));
	assert_true(charset_is_space(&cs, 0x3000));
}

static void utf8_width(void **state UNUSED)
{
	struct charset cs = charset_of("C.UTF-8", false);
	static const struct {
		char32_t c;
		unsigned width;
	} known[] = {
		{'a', 1},    {' ', 1},    {0, 0},       {7, 0},        {0x7F, 0},
		{0x85, 0},   {0xA0, 1},   {0xE9, 1},    {0x301, 0},    {0x200B, 0},
		{0x3042, 2}, {0x6F22, 2}, {0x1F600, 2}, {0x10FFFF, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		assert_int_equal(charset_width(&cs, known[i].c), known[i].width);
	for (char32_t c = 0; c < 0x110000; c++) {
#ifdef __GLIBC__
		int width = wcwidth((wchar_t)c);
#else
		int width = (int)unicode_width(c);
#endif
		if (charset_width(&cs, c) != (width > 0 ? (unsigned)width : 0))
			fail_msg("U+%04X", (unsigned)c);
	}
}

/*
 * What is taken where no UTF-8 locale is installed: what a C library that knows the same Unicode
 * has, to the last character; others know more characters, and have changed their mind about a few.
 */
static void own_width(void **state UNUSED)
{
	char version[32] = "";
	unsigned known = 0, differ = 0;

	(void)charset_of("C.UTF-8", false);
	if (confstr(_CS_GNU_LIBC_VERSION, version, sizeof version) == 0)
		unit_skip();
	bool same = strcmp(version, "glibc 2.35") == 0 || strcmp(version, "glibc 2.36") == 0;
	for (char32_t c = 0; c < 0x110000; c++) {
		int width = wcwidth((wchar_t)c);
		unsigned theirs = width > 0 ? (unsigned)width : 0, own = unicode_width(c);
		if (same && own != theirs)
			fail_msg("U+%04X: %u columns, not %u", (unsigned)c, own, theirs);
		known += own > 0 && theirs > 0;
		differ += own > 0 && theirs > 0 && own != theirs;
	}
	assert_true(known > 200000 && differ < known / 1000);
	assert_int_equal(unicode_width(0x110000), 0);
	assert_int_equal(unicode_width(UINT32_MAX), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_c_locale_is_single_byte),
		cmocka_unit_test(utf8_white_space),
		cmocka_unit_test(other_white_space_is_asked_for),
		cmocka_unit_test(utf8_width),
		cmocka_unit_test(own_width),
	};

	return unit_run(tests);
}
