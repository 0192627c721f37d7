/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fuzz targets on seeds and on some thousand made-up inputs, so that make check runs them with
 * any compiler. UNIT_SEED and UNIT_TEXTS change what is tried.
 */
#include "nasty.h"
#include "unit.h"

#include <string.h>

#define FUZZ_TARGET fuzz_tally
#include "../fuzz/fuzz_tally.c"
#undef FUZZ_TARGET
#define FUZZ_TARGET fuzz_quote
#include "../fuzz/fuzz_quote.c"
#undef FUZZ_TARGET
#define FUZZ_TARGET fuzz_files0
#include "../fuzz/fuzz_files0.c"
#undef FUZZ_TARGET
#define FUZZ_TARGET fuzz_options
#include "../fuzz/fuzz_options.c"

enum { INPUTS = 20000, INPUT_MAX = 400 };

typedef int fuzz_fn(const uint8_t *data, size_t n);

static void run_seed(fuzz_fn *target, const char *bytes, size_t n)
{
	/* Exactly as long as it says, so that sanitizers see a byte too many. */
	uint8_t *data = malloc(n > 0 ? n : 1);

	assert_non_null(data);
	memcpy(data, bytes, n);
	assert_int_equal(target(data, n), 0);
	free(data);
}

/* A few bytes of decisions, then a text. */
static void run_made_up(fuzz_fn *target, unsigned header)
{
	unsigned char data[INPUT_MAX + 64];
	uint64_t rng = unit_number("UNIT_SEED", 0x66757A7A);
	unsigned long inputs = unit_number("UNIT_TEXTS", INPUTS);

	for (unsigned long i = 0; i < inputs; i++) {
		size_t decisions = unit_below(&rng, header + 1);
		for (size_t k = 0; k < decisions; k++)
			data[k] = (unsigned char)unit_random(&rng);
		size_t n = decisions + nasty_text(&rng, data + decisions, i % 8 ? 40 : INPUT_MAX);
		run_seed(target, (const char *)data, n);
	}
}

static void tallies(void **state UNUSED)
{
	run_seed(fuzz_tally, "", 0);
	run_made_up(fuzz_tally, 50);
}

static void quoting(void **state UNUSED)
{
	static const char *const names[] = {
		"",          "plain",     "with space",   "it's",      "it's:x",
		"it's\t",    "\n",        "n\nl",         "a\"b",      "a'\"b",
		"$x",        "#x",        "x#",           "~",         "{",
		"}",         "{}",        "a:b",          "\\",        "`",
		"\x1b[2J",   "a\xe3\x81", "\xe3\x81\x82", "\xff",      "it's \xe3\x81\x82",
		"it's \xff", "'",         "''",           "\001\0011", "-",
		"=",         "a=b",       "\x7f",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		for (char locale = 0; locale < 2; locale++) {
			char data[64] = {locale};
			strcpy(data + 1, names[i]);
			run_seed(fuzz_quote, data, strlen(names[i]) + 1);
		}
	}
	run_made_up(fuzz_quote, 1);
}

static void lists_of_names(void **state UNUSED)
{
	static const char *const lists[] = {"",     "a",      "a\0",     "\0",       "\0\0",
	                                    "a\0b", "a\0b\0", "\0a\0\0", "a\nb\0-\0"};
	static const size_t sizes[] = {0, 1, 2, 1, 2, 3, 4, 4, 6};

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		run_seed(fuzz_files0, lists[i], sizes[i]);
	run_made_up(fuzz_files0, 0);
}

/* Words that mean something, in any order and cut anywhere, and nonsense between them. */
static void command_lines(void **state UNUSED)
{
	static const char *const words[] = {
		"-l",
		"-lwmcL",
		"-c",
		"-",
		"--",
		"--lines",
		"--total=always",
		"--total",
		"only",
		"--t=n",
		"--total=a",
		"--files0-from=x",
		"--files0-from",
		"-j4",
		"-j",
		"0",
		"-j99999",
		"--jobs=3",
		"--engine=threads",
		"--engine=foo",
		"--chunk-size=1K",
		"--chunk-size=0",
		"--chunk-size=99999999999999999999",
		"--stats",
		"--stats=json",
		"--stats=x",
		"--records=csv",
		"--records=sep=\\036",
		"--records=csv,delim=0x3b",
		"--help",
		"--version",
		"--debug",
		"file",
		"--=x",
		"-x",
		"--c",
		"",
		"--m",
		"--w",
		"--max-line-length=3",
	};
	uint64_t rng = unit_number("UNIT_SEED", 0x6F7074);
	unsigned long inputs = unit_number("UNIT_TEXTS", INPUTS) / 10;

	for (unsigned long i = 0; i < inputs; i++) {
		unsigned char data[INPUT_MAX];
		size_t n = 0;
		for (size_t k = unit_below(&rng, 6); k > 0; k--) {
			const char *word = words[unit_below(&rng, ARRAY_LEN(words))];
			size_t length = strlen(word) + 1;
			memcpy(data + n, word, length);
			if (unit_below(&rng, 4) == 0)
				data[n + unit_below(&rng, length)] =
					(unsigned char)unit_random(&rng);
			n += length;
		}
		run_seed(fuzz_options, (const char *)data, n);
	}
	run_made_up(fuzz_options, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tallies),
		cmocka_unit_test(quoting),
		cmocka_unit_test(lists_of_names),
		cmocka_unit_test(command_lines),
	};

	return unit_run(tests);
}
