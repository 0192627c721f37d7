/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every kernel this machine can run, all needs, in several charsets, against scalar: all lengths,
 * alignments, cuts, a forbidden page after (or before) the text. PCOUNT_SEED: another random run;
 * PCOUNT_ROUNDS: a longer one.
 */
#include "unit.h"

#include "count/counter.h"
#include "kernelcheck.h"

#include <string.h>
#include <wchar.h>
#include <wctype.h>

enum { LONGEST = 300 };

static unsigned char text[CHECK_MAX];
static struct check_random r;

static void check(unsigned charset, const unsigned char *p, size_t n, const struct check_way *way)
{
	if (check_text(charset, p, n, way) != 0)
		fail_msg("charset %s, %zu bytes", check_charset_name(charset), n);
}

static void check_all(const unsigned char *p, size_t n, const struct check_way *way)
{
	for (unsigned charset = 0; charset < CHECK_CHARSETS; charset++)
		check(charset, p, n, way);
}

static void test_all_lengths(void **state UNUSED)
{
	for (size_t n = 0; n <= LONGEST; n++) {
		struct check_way way = {.at_front = n & 1};
		size_t made = check_make_text(&r, text, LONGEST + 8);
		check((unsigned)(n % CHECK_CHARSETS), text, n < made ? n : made, &way);
		memset(text, 'x', n);
		check((unsigned)(n % CHECK_CHARSETS), text, n, &way);
	}
}

/* A long block after a short one of each length from 0 to 63. */
static void test_all_alignments(void **state UNUSED)
{
	for (size_t i = 0; i < 64; i++) {
		struct check_way way = {.at_front = true};
		size_t n = check_make_text(&r, text, 1000);
		check_all(text, n > i ? n - i : 0, &way); /* ends at every alignment */
		way.at_front = false;
		check_all(text + i, n > i ? n - i : 0, &way); /* begins at every alignment */
	}
}

/* Each white space character, and scraps of it, at every offset around the border of two blocks. */
static void test_spaces_at_borders(void **state UNUSED)
{
	static const char *const pieces[] = {
		" ",
		"\t",
		"\n",
		"\v",
		"\f",
		"\r",
		"\xC2\xA0",
		"\xE1\x9A\x80",
		"\xE2\x80\x80",
		"\xE2\x80\x86",
		"\xE2\x80\x87",
		"\xE2\x80\x88",
		"\xE2\x80\x8A",
		"\xE2\x80\x8B",
		"\xE2\x80\xA7",
		"\xE2\x80\xA8",
		"\xE2\x80\xA9",
		"\xE2\x80\xAA",
		"\xE2\x80\xAF",
		"\xE2\x81\x9E",
		"\xE2\x81\x9F",
		"\xE2\x81\xA0",
		"\xE3\x80\x80",
		"\xE3\x80\x81",
		"\xE3\x81\x80",
		"\xE2\x80",
		"\xE2",
		"\xE3\x80",
		"\xE3",
		"\xC2",
		"\xA0",
		"\x80",
		"\xE3\x82\xA0",
		"\xF0\x9F\x98\x80",
		"\xF0\x9F\x98",
		"\xF4\x90\x80\x80",
		"\xED\xA0\x80",
		"\xC0\x80",
		"\xFF",
		"\xE0\x80\x80",
		"\xF0\x80\x80\x80",
		"\xE4\xB8\xAD",
		"\xCC\x81",
		"\xE2\x80\xE2\x80\x80",
	};
	static const struct check_way way = {0};

	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		size_t len = strlen(pieces[i]);
		for (size_t at = 50; at < 72; at++)
			for (unsigned around = 0; around < 4; around++) {
				memset(text, 'a', 140);
				memcpy(text + at, pieces[i], len);
				if (around & 1)
					text[at - 1] = ' ';
				if (around & 2)
					memcpy(text + at + len, "\xE3\x80\x80", 3);
				check(0, text, 140, &way);
				check(1, text, at + len, &way);
				check(2, text, 140, &way);
			}
		/* Around the borders of groups of blocks, wherever they are. */
		for (size_t at = 1 + i % 5; at < 1200; at += 5) {
			memset(text, 'a', 1210);
			text[at - 1] = ' ';
			memcpy(text + at, pieces[i], len);
			memcpy(text + at + len, "\xE3\x80\x80", 3);
			check(0, text, 1210, &way);
		}
	}
}

/* One text, cut everywhere, both as two calls and as two tallies. */
static void test_all_cuts(void **state UNUSED)
{
	for (int round = 0; round < 4; round++) {
		size_t n = check_make_text(&r, text, 200);
		for (size_t at = 0; at <= n; at++) {
			struct check_way way = {.cuts = 1, .cut = {at}, .merge = true};
			check(0, text, n, &way);
			way.merge = false;
			check((unsigned)(at % CHECK_CHARSETS), text, n, &way);
			way = (struct check_way){
				.cuts = 3, .cut = {at, (at + n) / 2, n}, .merge = true};
			check(0, text, n, &way);
		}
	}
}

static void test_random(void **state UNUSED)
{
	unsigned long rounds = unit_number("PCOUNT_ROUNDS", 2500);

	for (unsigned long i = 0; i < rounds; i++) {
		size_t max = check_below(&r, 12) ? check_below(&r, 900) : check_below(&r, 40000);
		size_t n = check_make_text(&r, text, max);
		struct check_way way = check_make_way(&r, n);
		check((unsigned)(i % CHECK_CHARSETS), text, n, &way);
	}
}

/* Lines that grow, stay, shrink, with the widest anywhere: the bound must never hide one. */
static void test_widths(void **state UNUSED)
{
	static const char *const fill[] = {
		"x",  "\xE4\xB8\xAD", "\xCC\x81", "\xC3\xA9",    "\xE2\x80\x99", "\xF0\x9F\x98\x80",
		"\t", "\xE0\xB8\x81", "\x80",     "\xE0\xA4\xBE"};

	for (unsigned shape = 0; shape < 60; shape++) {
		size_t n = 0;
		const char *main = fill[shape % ARRAY_LEN(fill)];
		for (unsigned line = 0; line < 120; line++) {
			unsigned chars = shape % 3 == 0 ? line : shape % 3 == 1 ? 60 : 120 - line;
			if (line == shape)
				chars += 3;
			for (unsigned i = 0; i < chars; i++) {
				const char *unit = check_below(&r, 9)
				                           ? main
				                           : fill[check_below(&r, ARRAY_LEN(fill))];
				size_t len = strlen(unit);
				memcpy(text + n, unit, len);
				n += len;
			}
			text[n++] = "\n\n\r\f"[check_below(&r, 4)] & 0x7F;
		}
		struct check_way way = check_make_way(&r, n);
		check(0, text, n, &way);
		check(4, text, n, &way);
	}
}

/*
 * A wide line, and then many short ones, which need not be found: one of them, or several bytes of
 * TABs, is as wide, or a column wider or narrower.
 */
static void test_widths_passed(void **state UNUSED)
{
	static const char *const fill[] = {"x", "\xE4\xB8\xAD", "\xC3\xA9", "\xE2\x80\x99", "\t"};

	for (unsigned shape = 0; shape < 150; shape++) {
		unsigned wide = 200 + check_below(&r, 1200), late = check_below(&r, 200);
		size_t n = 1;
		text[0] = '\n';
		memset(text + n, 'w', wide);
		n += wide;
		text[n++] = '\n';
		for (unsigned line = 0; line < 200; line++) {
			unsigned chars = check_below(&r, check_below(&r, 8) ? 60 : 300);
			unsigned kinds = shape % 3 == 0 ? 1 : ARRAY_LEN(fill);
			unsigned tabs = 0;
			if (line == late) {
				tabs = shape % 2 ? wide / 8 - 1 : check_below(&r, 20);
				chars = wide - 8 * tabs - 1 + check_below(&r, 3);
				kinds = 1;
			}
			memset(text + n, '\t', tabs);
			n += tabs;
			for (unsigned i = 0; i < chars; i++) {
				const char *unit = fill[check_below(&r, kinds)];
				memcpy(text + n, unit, strlen(unit));
				n += strlen(unit);
			}
			text[n++] = "\n\n\r\f"[check_below(&r, 4)] & 0x7F;
		}
		struct check_way way = check_make_way(&r, n);
		check(0, text, n, &way);
		check(4, text, n, &way);
	}
}

static size_t put(unsigned char *p, char32_t c)
{
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (len == 1) {
		p[0] = (unsigned char)c;
		return 1;
	}
	for (size_t i = len; i-- > 1; c >>= 6)
		p[i] = (unsigned char)(0x80 | (c & 0x3F));
	p[0] = (unsigned char)(0xF0u << (4 - len) | c);
	return len;
}

/*
 * Long lines of characters of some pages of 64, and then of others: more than a kernel can know of
 * at a time, or just as many.
 */
static void test_widths_of_pages(void **state UNUSED)
{
	for (unsigned shape = 0; shape < 60; shape++) {
		char32_t page[40];
		unsigned pages = 1 + check_below(&r, ARRAY_LEN(page));
		unsigned between = check_below(&r, 2) ? 0x400 : 0x40; /* also only two bytes */
		size_t n = 0;
		for (unsigned i = 0; i < pages; i++)
			page[i] = check_below(&r, 4) ? check_below(&r, between)
			                             : 0x1F000 / 64 + check_below(&r, 64);
		for (unsigned i = 0; i < 3000; i++) {
			char32_t c = page[check_below(&r, pages)] * 64 + check_below(&r, 64);
			if (check_below(&r, 1000) == 0)
				text[n++] = '\n';
			if (c >= ' ' && (c < 0xD800 || c >= 0xE000))
				n += put(text + n, c);
		}
		struct check_way way = check_make_way(&r, n);
		check(0, text, n, &way);
		check(4, text, n, &way);
	}
}

/* What glibc says. Other C libraries differ, which must not matter in UTF-8. */
static bool is_space(char32_t c)
{
#ifndef __GLIBC__
	return charset_utf8_space(c, true);
#endif
	return iswspace((wint_t)c) || c == 0xA0 || c == 0x2007 || c == 0x202F || c == 0x2060;
}

/* All code points, 64 a line, each between two letters: words, chars and widths. */
static void test_code_points(void **state UNUSED)
{
	for (size_t k = 0; counter_kernels[k]; k++) {
		struct charset cs;
		struct counter c;
		if (!counter_kernels[k]->usable())
			continue;
		charset_init(&cs, false);
		assert_int_equal(counter_init(&c, &cs, NEED_ALL, counter_kernels[k]->name),
		                 COUNTER_OK);
		/* Twice: meanwhile the kernel may have learnt which pages are odd. */
		for (char32_t i = 0; i < 2 * 0x110000; i += 64) {
			char32_t from = i % 0x110000;
			struct tally t = TALLY_EMPTY;
			struct counts want = {.words = 1};
			size_t n = 0;
			if (from >= 0xD800 && from < 0xE000)
				continue;
			text[n++] = 'a';
			for (char32_t ch = from ? from : ' '; ch < from + 64; ch++) {
				n += put(text + n, ch);
				text[n++] = 'b';
				want.words += is_space(ch);
				want.width += charset_width(&cs, ch);
				want.chars += 2;
			}
			want.chars++;
			want.width += 1 + (want.chars - 1) / 2;
			/* A line before it, so that it is not the first. */
			c.count(&c, &t, (const unsigned char *)"\n", 1);
			c.count(&c, &t, text, n);
			struct counts got = tally_finish(&cs, &t);
			if (got.words != want.words || got.chars != want.chars + 1 ||
			    got.width != want.width)
				fail_msg("%s at U+%04X: words %ju/%ju chars %ju/%ju width %ju/%ju",
				         counter_kernels[k]->name, (unsigned)from,
				         (uintmax_t)got.words, (uintmax_t)want.words,
				         (uintmax_t)got.chars, (uintmax_t)want.chars + 1,
				         (uintmax_t)got.width, (uintmax_t)want.width);
		}
		counter_free(&c);
	}
}

/*
 * Each page of 64 code points, by counters that know only its first and its last character so far.
 */
static void test_widths_asked_before(void **state UNUSED)
{
	for (size_t k = 0; counter_kernels[k]; k++) {
		struct charset cs;
		struct counter c;
		if (!counter_kernels[k]->usable())
			continue;
		charset_init(&cs, false);
		assert_int_equal(counter_init(&c, &cs, NEED_WIDTH, counter_kernels[k]->name),
		                 COUNTER_OK);
		for (char32_t from = 0x80; from < 0x20000; from += 64) {
			struct tally t = TALLY_EMPTY;
			size_t n = 3;
			uint64_t want = 0;
			if (from >= 0xD800 && from < 0xE000)
				continue;
			memset(text, '\n', n);
			n += put(text + n, from);
			n += put(text + n, from + 63);
			c.count(&c, &t, text, n);
			n = 0;
			for (unsigned i = 0; i < 3 * 64; i++) {
				char32_t ch = from + i % 64;
				n += put(text + n, ch);
				want += charset_width(&cs, ch);
			}
			t = TALLY_EMPTY;
			c.count(&c, &t, (const unsigned char *)"\n\n\n", 3);
			c.count(&c, &t, text, n);
			uint64_t got = tally_finish(&cs, &t).width;
			if (got != want)
				fail_msg("%s at U+%04X: width %ju/%ju", counter_kernels[k]->name,
				         (unsigned)from, (uintmax_t)got, (uintmax_t)want);
		}
		counter_free(&c);
	}
}

static void test_names(void **state UNUSED)
{
	struct charset cs;
	struct counter c;

	charset_init(&cs, false);
	assert_int_equal(counter_init(&c, &cs, NEED_ALL, "abacus"), COUNTER_UNKNOWN);
	assert_int_equal(counter_init(&c, &cs, NEED_ALL, ""), COUNTER_UNKNOWN);
	for (size_t k = 0; counter_kernels[k]; k++) {
		const struct kernel *kernel = counter_kernels[k];
		enum counter_status want = kernel->usable() ? COUNTER_OK : COUNTER_UNSUPPORTED;
		assert_int_equal(counter_init(&c, &cs, NEED_LINES, kernel->name), want);
		if (want != COUNTER_OK)
			continue;
		if (strcmp(kernel->name, "locale") != 0)
			assert_string_equal(c.kernel, kernel->name);
		counter_free(&c);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_lengths),
		cmocka_unit_test(test_all_alignments),
		cmocka_unit_test(test_spaces_at_borders),
		cmocka_unit_test(test_all_cuts),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_widths_passed),
		cmocka_unit_test(test_widths_of_pages),
		cmocka_unit_test(test_code_points),
		cmocka_unit_test(test_widths_asked_before),
		cmocka_unit_test(test_names),
	};
	unsigned long seed = unit_number("PCOUNT_SEED", 1);

	fprintf(stderr, "PCOUNT_SEED=%lu\n", seed);
	r.state = seed * 2654435761u + 1;
	check_init();
	return unit_run(tests);
}
