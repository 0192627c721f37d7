/* SPDX-License-Identifier: BSD-2-Clause */
/* The progress line: what it says, how it fits, what it makes of odd names. */
#include "unit.h"

#include "report/progress.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

#define GB(x) ((uint64_t)((x)*1e9))

static char line[PROGRESS_MAX + 1];

static const char *ascii(const struct progress *p, unsigned columns)
{
	line[progress_line(line, p, (struct progress_style){columns, false})] = '\0';
	return line;
}

static const char *utf8(const struct progress *p, unsigned columns)
{
	line[progress_line(line, p, (struct progress_style){columns, true})] = '\0';
	return line;
}

static const char *text(const struct progress *p)
{
	line[progress_text(line, p, true)] = '\0';
	return line;
}

static const struct progress usual = {
	.bytes = GB(3.2),
	.bytes_known = GB(27.1),
	.files = 2,
	.files_known = 12,
	.rate = 8.4e9,
	.name = "data/big.txt",
};

static void whole_lines(void **state UNUSED)
{
	assert_string_equal(ascii(&usual, 120),
	                    "11% [##------------------]  3.20/27.1 GB  8.40 GB/s  "
	                    "0:03 left  2/12 files  data/big.txt");
	assert_string_equal(utf8(&usual, 59),
	                    "11%  3.20/27.1 GB  8.40 GB/s  0:03 left  2/12 files");
	assert_string_equal(utf8(&usual, 60),
	                    "11% \xe2\x96\x91\xe2\x96\x91\xe2\x96\x91\xe2\x96\x91\xe2\x96\x91"
	                    "\xe2\x96\x91\xe2\x96\x91\xe2\x96\x91"
	                    "  3.20/27.1 GB  8.40 GB/s  0:03 left  2/12 files");
	assert_string_equal(
		utf8(&usual, 63),
		"11% \xe2\x96\x88\xe2\x96\x91\xe2\x96\x91\xe2\x96\x91\xe2\x96\x91"
		"\xe2\x96\x91\xe2\x96\x91\xe2\x96\x91\xe2\x96\x91\xe2\x96\x91\xe2\x96\x91"
		"  3.20/27.1 GB  8.40 GB/s  0:03 left  2/12 files");
	assert_string_equal(
		text(&usual),
		"11%, 3.20 of 27.1 GB, 8.40 GB/s, 0:03 left, 2 of 12 files, data/big.txt");
}

static void parts_that_are_unknown(void **state UNUSED)
{
	struct progress pipe = {.bytes = 900 << 20, .files_known = 1, .rate = 2.5e6};
	assert_string_equal(ascii(&pipe, 100), "944 MB  2.50 MB/s");
	pipe.rate = 0;
	assert_string_equal(ascii(&pipe, 100), "944 MB");
	struct progress list = {.bytes = 5, .files = 1, .rate = 999.4};
	assert_string_equal(ascii(&list, 100), "5 B  999 B/s  1 file");
	struct progress sizes = {.files = 30, .files_known = 40, .by_files = true, .name = "x"};
	assert_string_equal(ascii(&sizes, 30), "75% [########---]  30/40 files");
	assert_string_equal(text(&sizes), "75%, 30 of 40 files, x");
	struct progress grown = {.bytes = 2000, .bytes_known = 1000, .files_known = 1, .rate = 1e3};
	assert_string_equal(ascii(&grown, 45), "100%  2.00/1.00 kB  1.00 kB/s  0:00 left");
	struct progress nothing = {.files_known = 1};
	assert_string_equal(ascii(&nothing, 45), "0 B");
}

static void numbers(void **state UNUSED)
{
	struct progress p = {.bytes = 999, .bytes_known = 1000, .files_known = 1, .rate = 999.6};
	assert_string_equal(ascii(&p, 39), "99%  999 B/1.00 kB  1.00 kB/s");
	p = (struct progress){
		.bytes = UINT64_MAX, .bytes_known = UINT64_MAX, .files_known = 1, .rate = 9e20};
	assert_string_equal(text(&p), "100%, 18.4 of 18.4 EB, 900 EB/s, 0:00 left");
	p = (struct progress){.bytes = 0, .bytes_known = UINT64_MAX, .files_known = 1, .rate = 1};
	assert_string_equal(text(&p), " 0%, 0 B of 18.4 EB, 1.00 B/s, 277777:46:40 left");
	p = (struct progress){.bytes = 0, .bytes_known = 3700, .files_known = 1, .rate = 1};
	assert_string_equal(text(&p), " 0%, 0 B of 3.70 kB, 1.00 B/s, 1:01:40 left");
	p.bytes_known = 59;
	assert_string_equal(text(&p), " 0%, 0 of 59 B, 1.00 B/s, 0:59 left");
}

/* Columns of what is ASCII, UTF-8 of width 1, or the two wide characters below. */
static unsigned columns_of(const char *s)
{
	unsigned n = 0;
	wchar_t c;
	for (int len; *s; s += len) {
		len = mbtowc(&c, s, MB_CUR_MAX);
		assert_true(len > 0);
		assert_true(wcwidth(c) >= 0);
		n += (unsigned)wcwidth(c);
	}
	return n;
}

static void any_width(void **state UNUSED)
{
	static const char *const names[] = {
		"short",
		"some/where/far/down/with-a-very-long-name-that-hardly-fits.txt",
		("\xe6\xbc\xa2\xe5\xad\x97/" /* in parentheses: clang warns of a missing comma */
	         "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97"),
		"a\xcc\x81\xcc\x81\xcc\x81",
		"\x1b[31mred\x07",
		"\xff\xfe\xc3",
		"/",
		"//////////////////////////////",
		"",
	};
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		unit_skip();
	for (unsigned width = 0; width < 140; width++)
		for (size_t i = 0; i < ARRAY_LEN(names); i++) {
			struct progress p = usual;
			p.name = names[i];
			assert_true(columns_of(utf8(&p, width)) <= width);
			assert_true(strlen(ascii(&p, width)) <= width);
			for (const char *c = line; *c; c++)
				assert_in_range(*c, 0x20, 0x7E);
		}
	setlocale(LC_CTYPE, "C");
}

static const char *name_in(const char *name, unsigned columns, bool as_utf8)
{
	struct progress p = {.files_known = 1, .name = name};
	line[progress_line(line, &p, (struct progress_style){columns + 5, as_utf8})] = '\0';
	assert_memory_equal(line, "0 B  ", 5);
	return line + 5;
}

static void names(void **state UNUSED)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		unit_skip();
	assert_string_equal(name_in("plain name", 40, true), "plain name");
	assert_string_equal(name_in("a\nb\tc\x1b[2J\x7f\\", 40, true),
	                    "a\\012b\\011c\\033[2J\\177\\134");
	assert_string_equal(name_in("\xc3\xa9\xe2\x82\xac", 40, true), "\xc3\xa9\xe2\x82\xac");
	assert_string_equal(name_in("\xc3\xa9", 40, false), "\\303\\251");
	assert_string_equal(name_in("a\xe2\x80\xae"
	                            "b",
	                            40, true),
	                    "a\\342\\200\\256b");
	/*
	 * Not UTF-8, overlong, surrogate, beyond the end, cut short; and C1 controls, which are
	 * UTF-8.
	 */
	assert_string_equal(name_in("\xff\xc0\x80", 40, true), "\\377\\300\\200");
	assert_string_equal(name_in("\xed\xa0\x80", 40, true), "\\355\\240\\200");
	assert_string_equal(name_in("\xf4\x90\x80\x80", 40, true), "\\364\\220\\200\\200");
	assert_string_equal(name_in("\xe0\x80\xaf", 40, true), "\\340\\200\\257");
	assert_string_equal(name_in("x\xe2\x82", 40, true), "x\\342\\202");
	assert_string_equal(name_in("\xc2\x9b"
	                            "31m",
	                            40, true),
	                    "\\302\\23331m");
	/* The last part is what counts. */
	assert_string_equal(name_in("some/where/file", 12, true), "file");
	assert_string_equal(name_in("some/where/quite-long-file", 12, true), "quite-lon...");
	assert_string_equal(name_in("abcdefgh", 8, true), "abcdefgh");
	assert_string_equal(name_in("abcdefghi", 8, true), "abcde...");
	setlocale(LC_CTYPE, "C");
}

/* What goes on to somebody else. */
static void passing(void **state UNUSED)
{
	struct progress p = {.bytes = GB(3.2),
	                     .files_known = 1,
	                     .rate = 1.25e9,
	                     .passes = true,
	                     .line_rate = 12.5e6,
	                     .elapsed_s = 187};

	assert_string_equal(ascii(&p, 80), "3.20 GB  1.25 GB/s  12.5M lines/s  3:07");
	assert_string_equal(ascii(&p, 38), "3.20 GB  1.25 GB/s  12.5M lines/s");
	assert_string_equal(text(&p), "3.20 GB, 1.25 GB/s, 12.5M lines/s, 3:07");
	p.line_rate = 850;
	p.elapsed_s = 0;
	assert_string_equal(ascii(&p, 80), "3.20 GB  1.25 GB/s  850 lines/s  0:00");
	p.line_rate = 2e18;
	assert_string_equal(ascii(&p, 80), "3.20 GB  1.25 GB/s  999T lines/s  0:00");
	p.line_rate = 0;
	assert_string_equal(ascii(&p, 80), "3.20 GB  1.25 GB/s  0:00");
	p.passes = false;
	assert_string_equal(ascii(&p, 80), "3.20 GB  1.25 GB/s");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(whole_lines), cmocka_unit_test(parts_that_are_unknown),
	cmocka_unit_test(numbers),     cmocka_unit_test(any_width),
	cmocka_unit_test(names),       cmocka_unit_test(passing),
};

int main(void)
{
	return unit_run(tests);
}
