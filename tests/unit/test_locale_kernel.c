/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The locale kernel against a plain loop over mbrtoc32(), iswspace() and wcwidth(), in the charsets
 * that only it serves: random bytes, cut into 1 to 5 calls anywhere, and at LFs into tallies.
 * Locales are made by localedef; without it, or its sources, a charset is skipped.
 */
#include "unit.h"

#include "count/counter.h"

#include <ctype.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

enum { LONGEST = 400 };

/* Where tests/support/locales.py may have put them, and where this test puts what is missing. */
static const char *const folders[] = {"test-locales", "test-unit-locales"};
static uint64_t seed;

static bool is_there(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		char path[200];
		snprintf(path, sizeof path, "%s/%s/LC_CTYPE", folders[i], name);
		if (access(path, R_OK) == 0)
			return true;
	}
	return false;
}

/*
 * setlocale() to `name`, made from the sources `input` and `charmap` if need be: before it is asked
 * for, since the C library does not look twice for what it has not found.
 */
static bool use_locale(const char *name, const char *input, const char *charmap)
{
	char text[400];

	if (!is_there(name)) {
		snprintf(text, sizeof text,
		         "mkdir -p %s && localedef --no-archive -c -i %s -f %s ./%s/%s >/dev/null "
		         "2>&1",
		         folders[1], input, charmap, folders[1], name);
		if (system(text) == -1)
			return false;
	}
	snprintf(text, sizeof text, "%s:%s", folders[0], folders[1]);
	setenv("LOCPATH", text, 1);
	return setlocale(LC_ALL, name) != NULL;
}

static bool is_space(char32_t c)
{
	return (c >= 9 && c <= 13) || c == ' ' || iswspace((wint_t)c) || c == 0xA0 || c == 0x2007 ||
	       c == 0x202F || c == 0x2060;
}

/* What wc's rules say of the whole text. */
static struct counts count_plainly(const unsigned char *p, size_t n)
{
	struct counts counts = {.bytes = n};
	uint64_t column = 0;
	bool in_word = false;

	for (size_t i = 0; i < n;) {
		char32_t c = p[i];
		mbstate_t state = {0};
		size_t len = c < 0x80 ? 1 : mbrtoc32(&c, (const char *)p + i, n - i, &state);
		if (len > n - i) { /* ill-formed, or unfinished at the end */
			counts.errors++;
			counts.words += !in_word;
			in_word = true;
			i++;
			continue;
		}
		i += len ? len : 1;
		counts.chars++;
		counts.lines += c == '\n';
		bool word = !is_space(c);
		counts.words += word && !in_word;
		in_word = word;
		/* A byte of ASCII is ASCII, though SJIS may say that 5C is a YEN SIGN. */
		int width = c < 0x80 ? isprint((int)c) != 0 : wcwidth((wchar_t)c);
		if (c == '\n' || c == '\r' || c == '\f')
			column = 0;
		else if (c == '\t')
			column += 8 - column % 8;
		else
			column += width > 0 ? (unsigned)width : 0;
		counts.width = max_u64(counts.width, column);
	}
	return counts;
}

/* Bytes that charsets like as lead or trail, white space, line ends, 88 62 (BIG5-HKSCS). */
static size_t make_text(unsigned char *text)
{
	static const unsigned char likely[] =
		" \n\t\r\\0@A~a\x81\x83\xA1\xA4\xA9\xB0\xC9\xE0\xFC\x88\x62\x30\x8E\x8F\x80\xFF";
	size_t n = unit_below(&seed, LONGEST + 1);

	for (size_t i = 0; i < n; i++)
		text[i] = unit_below(&seed, 3) ? likely[unit_below(&seed, sizeof likely)]
		                               : (unsigned char)unit_below(&seed, 256);
	return n;
}

static void compare(struct counts got, struct counts want, const char *how)
{
	/* Not what follows: nobody asked for records, and there is padding. */
	if (memcmp(&got, &want, offsetof(struct counts, records)) != 0)
		fail_msg("%s: lines %ju/%ju words %ju/%ju chars %ju/%ju width %ju/%ju errors "
		         "%ju/%ju",
		         how, (uintmax_t)got.lines, (uintmax_t)want.lines, (uintmax_t)got.words,
		         (uintmax_t)want.words, (uintmax_t)got.chars, (uintmax_t)want.chars,
		         (uintmax_t)got.width, (uintmax_t)want.width, (uintmax_t)got.errors,
		         (uintmax_t)want.errors);
}

static void check_text(struct counter *c, const unsigned char *text, size_t n)
{
	struct counts want = count_plainly(text, n);
	struct tally t = TALLY_EMPTY, whole = TALLY_EMPTY;
	size_t i = 0;

	for (unsigned calls = 1 + (unsigned)unit_below(&seed, 5); calls > 0; calls--) {
		size_t len = calls == 1 ? n - i : unit_below(&seed, n - i + 1);
		c->count(c, &t, text + i, len);
		i += len;
	}
	compare(tally_finish(c->cs, &t), want, "calls");

	/* Byte by byte, then line by line into tallies. */
	t = TALLY_EMPTY;
	for (i = 0; i < n; i++)
		c->count(c, &t, text + i, 1);
	compare(tally_finish(c->cs, &t), want, "bytes");
	for (i = 0; i < n;) {
		const unsigned char *lf = memchr(text + i, '\n', n - i);
		size_t len = lf ? (size_t)(lf + 1 - text) - i : n - i;
		t = TALLY_EMPTY;
		c->count(c, &t, text + i, len);
		tally_merge(c->cs, &whole, &t);
		i += len;
	}
	compare(tally_finish(c->cs, &whole), want, "lines");
}

static void check_charset(const char *name, const char *input, const char *charmap)
{
	static unsigned char text[LONGEST];
	struct charset cs;
	struct counter c;
	unsigned long rounds = unit_number("PCOUNT_ROUNDS", 3000);

	if (!use_locale(name, input, charmap))
		unit_skip();
	charset_init(&cs, false);
	assert_int_equal(cs.class, CHARSET_MULTI);
	assert_int_equal(counter_init(&c, &cs, NEED_ALL, NULL), COUNTER_OK);
	assert_string_equal(c.kernel, "locale");
	for (unsigned long i = 0; i < rounds; i++)
		check_text(&c, text, make_text(text));
	counter_free(&c);
}

static void test_sjis(void **state UNUSED)
{
	check_charset("ja_JP.SJIS", "ja_JP", "SHIFT_JIS");
}

static void test_euc_jp(void **state UNUSED)
{
	check_charset("ja_JP.EUC-JP", "ja_JP", "EUC-JP");
}

static void test_gb18030(void **state UNUSED)
{
	check_charset("zh_CN.GB18030", "zh_CN", "GB18030");
}

static void test_big5_hkscs(void **state UNUSED)
{
	check_charset("zh_HK.BIG5-HKSCS", "zh_HK", "BIG5-HKSCS");
}

static void test_euc_kr(void **state UNUSED)
{
	check_charset("ko_KR.EUC-KR", "ko_KR", "EUC-KR");
}

/* R6.7: 88 62 is U+00CA U+0304: one character, one column. */
static void test_two_code_points(void **state UNUSED)
{
	static const unsigned char text[] = "a\x88\x62z";
	struct charset cs;
	struct counter c;
	struct tally t = TALLY_EMPTY;

	if (!use_locale("zh_HK.BIG5-HKSCS", "zh_HK", "BIG5-HKSCS"))
		unit_skip();
	charset_init(&cs, false);
	assert_int_equal(counter_init(&c, &cs, NEED_ALL, "locale"), COUNTER_OK);
	c.count(&c, &t, text, 2);
	c.count(&c, &t, text + 2, 2);
	struct counts counts = tally_finish(&cs, &t);
	assert_int_equal(counts.chars, 3);
	assert_int_equal(counts.width, 3);
	assert_int_equal(counts.errors, 0);
	counter_free(&c);
}

/* Single-byte charsets: each SIMD kernel against the C library's own idea of the charset. */
static void check_single(const char *name, const char *input, const char *charmap)
{
	struct charset cs;

	if (!use_locale(name, input, charmap))
		unit_skip();
	charset_init(&cs, false);
	assert_int_equal(cs.class, CHARSET_SINGLE);
	for (size_t k = 0; counter_kernels[k]; k++) {
		struct counter c;
		if (!counter_kernels[k]->usable())
			continue;
		assert_int_equal(counter_init(&c, &cs, NEED_ALL, counter_kernels[k]->name),
		                 COUNTER_OK);
		assert_string_equal(c.kernel, counter_kernels[k]->name);
		for (int b = 0; b < 256; b++) {
			unsigned char text[5] = {'\n', 'a', (unsigned char)b, 'b', '\n'};
			struct tally t = TALLY_EMPTY;
			wint_t wide = btowc(b);
			bool space = wide != WEOF && is_space((char32_t)wide);
			c.count(&c, &t, text, sizeof text);
			struct counts counts = tally_finish(&cs, &t);
			assert_int_equal(counts.words, space ? 2 : 1);
			assert_int_equal(counts.chars, 5);
			if (b == '\t')
				assert_int_equal(counts.width, 9);
			else if (b == '\n' || b == '\r' || b == '\f')
				assert_int_equal(counts.width, 1);
			else
				assert_int_equal(counts.width,
				                 2 + (wide != WEOF && iswprint(wide)));
		}
		counter_free(&c);
	}
}

static void test_latin1(void **state UNUSED)
{
	check_single("de_DE.ISO-8859-1", "de_DE", "ISO-8859-1");
}

static void test_koi8_r(void **state UNUSED)
{
	check_single("ru_RU.KOI8-R", "ru_RU", "KOI8-R");
}

static void test_cp1251(void **state UNUSED)
{
	check_single("bg_BG.CP1251", "bg_BG", "CP1251");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sjis),    cmocka_unit_test(test_euc_jp),
		cmocka_unit_test(test_gb18030), cmocka_unit_test(test_big5_hkscs),
		cmocka_unit_test(test_euc_kr),  cmocka_unit_test(test_two_code_points),
		cmocka_unit_test(test_latin1),  cmocka_unit_test(test_koi8_r),
		cmocka_unit_test(test_cp1251),
	};
	unsigned long number = unit_number("PCOUNT_SEED", 1);

	fprintf(stderr, "PCOUNT_SEED=%lu\n", number);
	seed = number * 2654435761u + 1;
	return unit_run(tests);
}
