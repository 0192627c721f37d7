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
#undef FUZZ_TARGET
#define FUZZ_TARGET fuzz_chain
#include "../fuzz/fuzz_chain.c"

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

/* bzip2 -1 of 30,000 lines, a digit and a word: three blocks; whole, cut, damaged, repeated. */
static void chains(void **state UNUSED)
{
	static const unsigned char packed[] = {
		0x42, 0x5a, 0x68, 0x31, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0x48, 0xef, 0xf8, 0x43,
		0x00, 0x34, 0x4e, 0x59, 0x80, 0x00, 0x10, 0x40, 0x00, 0x7f, 0x00, 0x04, 0x00, 0x98,
		0x80, 0x20, 0x00, 0x90, 0x20, 0x00, 0x00, 0x9a, 0xaa, 0x0d, 0x00, 0xd3, 0xe5, 0x48,
		0xaa, 0x63, 0xb5, 0x02, 0x62, 0x40, 0x9c, 0x48, 0x13, 0x65, 0x02, 0x72, 0xa0, 0x4e,
		0x94, 0x09, 0xda, 0x81, 0x3a, 0x50, 0x27, 0xda, 0x54, 0x42, 0x96, 0x8a, 0x91, 0x54,
		0xcc, 0xa4, 0x55, 0x33, 0x29, 0x15, 0x4c, 0xaa, 0x45, 0x53, 0x32, 0x91, 0x54, 0xfc,
		0xc5, 0x05, 0x64, 0x99, 0x4d, 0x65, 0x58, 0x31, 0x6c, 0xe4, 0x01, 0x5c, 0xb5, 0x66,
		0x00, 0x00, 0x41, 0x00, 0x01, 0xfc, 0x00, 0x10, 0x02, 0x62, 0x00, 0x80, 0x02, 0x40,
		0x80, 0x00, 0x02, 0x6a, 0xa8, 0x06, 0x83, 0x4f, 0xa5, 0x22, 0xa9, 0x8e, 0xd4, 0x09,
		0xc2, 0x81, 0x39, 0x50, 0x27, 0x4a, 0x04, 0xc4, 0x81, 0x3b, 0x90, 0x27, 0x2a, 0x04,
		0xc4, 0xa4, 0x55, 0x3e, 0xa5, 0x02, 0x79, 0xa2, 0x21, 0x4b, 0x2a, 0x91, 0x54, 0xca,
		0xa4, 0x55, 0x33, 0x29, 0x15, 0x4d, 0xd5, 0x22, 0xa9, 0xf9, 0x8a, 0x0a, 0xc9, 0x32,
		0x9a, 0xcd, 0x06, 0x90, 0x04, 0xb8, 0x02, 0x66, 0x6a, 0xcc, 0x00, 0x00, 0x82, 0x00,
		0x03, 0xf8, 0x00, 0x20, 0x04, 0xc4, 0x01, 0x00, 0x04, 0x81, 0x00, 0x00, 0x02, 0x95,
		0x41, 0xa0, 0x1a, 0x7d, 0x28, 0x54, 0x77, 0x48, 0xa6, 0xf4, 0x8a, 0x62, 0x91, 0x4e,
		0x29, 0x14, 0xe6, 0x91, 0x4e, 0x92, 0x29, 0xda, 0x45, 0x34, 0xe8, 0xa1, 0x51, 0xf4,
		0xa1, 0x51, 0x99, 0x42, 0xa3, 0x32, 0x85, 0x46, 0x65, 0x0a, 0x8c, 0xc0, 0xa0, 0xc6,
		0x94, 0x8a, 0x7e, 0x2e, 0xe4, 0x8a, 0x70, 0xa1, 0x20, 0x5e, 0xea, 0xaf, 0xd0,
	};
	uint64_t rng = unit_number("UNIT_SEED", 0x636861);
	unsigned long inputs = unit_number("UNIT_TEXTS", INPUTS) / 100;

	for (unsigned long i = 0; i < inputs; i++) {
		unsigned char data[3 + 2 * sizeof packed] = {
			FORMAT_BZIP2 - FORMAT_ZSTD, (unsigned char)(20 + unit_below(&rng, 200))};
		size_t n = 3;
		for (size_t k = unit_below(&rng, 2) + 1; k > 0; k--) {
			memcpy(data + n, packed, sizeof packed);
			n += sizeof packed;
		}
		if (i % 4 == 1)
			n -= unit_below(&rng, sizeof packed);
		for (size_t bad = i % 4 / 2; bad > 0; bad--)
			data[3 + unit_below(&rng, n - 3)] ^=
				(unsigned char)(1 << unit_below(&rng, 8));
		run_seed(fuzz_chain, (const char *)data, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tallies),        cmocka_unit_test(quoting),
		cmocka_unit_test(lists_of_names), cmocka_unit_test(command_lines),
		cmocka_unit_test(chains),
	};

	return unit_run(tests);
}
