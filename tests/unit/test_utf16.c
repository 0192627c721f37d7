/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernels of UTF-16 against the reference: equal bytes out, equally many used, nothing else
 * touched.
 */
#include "unit.h"

#include "text/utf16.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 4000, UNITS = 300 };

static uint64_t seed;

static uint32_t next(uint32_t below)
{
	return (uint32_t)unit_below(&seed, below);
}

/* A unit of the kind that 0 to 5 names; 6: any. */
static uint16_t unit(uint32_t kind)
{
	switch (kind) {
	case 0:
		return (uint16_t)next(0x80);
	case 1:
		return (uint16_t)(0x80 + next(0x780));
	case 2:
		return (uint16_t)(0x800 + next(0xD000));
	case 3:
		return (uint16_t)(0xD800 + next(0x800));
	case 4:
		return (uint16_t)(0xE000 + next(0x2000));
	case 5:
		return (uint16_t)(next(2) ? 0x20 : 0);
	default:
		return (uint16_t)next(0x10000);
	}
}

/* Fills in[n] with runs of kinds; a high surrogate is often followed by a low one. */
static void fill(unsigned char *in, size_t n, bool big)
{
	uint32_t only = next(9);
	bool pair = false;

	for (size_t i = 0; i + 1 < n; i += 2) {
		uint16_t u = unit(only < 7 ? (next(8) ? only : next(7)) : next(7));
		if (pair && next(4))
			u = (uint16_t)(0xDC00 + next(0x400));
		pair = (u & 0xFC00) == 0xD800;
		in[i + big] = (unsigned char)u;
		in[i + !big] = (unsigned char)(u >> 8);
	}
	if (n % 2 == 1)
		in[n - 1] = (unsigned char)next(256);
}

static const struct utf16_kernel *reference(void)
{
	size_t i = 0;

	while (utf16_kernels[i + 1])
		i++;
	assert_string_equal(utf16_kernels[i]->name, "scalar");
	return utf16_kernels[i];
}

static void compare(const struct utf16_kernel *kernel, bool big)
{
	size_t n = next(8) ? next(2 * UNITS) : next(140), used[2];
	/* Exactly as large as is promised, so that a sanitizer sees what is too much. */
	unsigned char *in = malloc(n + 1), *out[2];
	size_t room = n / 2 * UTF16_GROWTH + UTF16_SLACK;

	assert_non_null(in);
	unsigned char *begin = in + 1; /* never aligned */
	fill(begin, n, big);
	size_t len[2];
	for (int i = 0; i < 2; i++) {
		const struct utf16_kernel *k = i ? kernel : reference();
		out[i] = malloc(room);
		assert_non_null(out[i]);
		len[i] = (big ? k->big : k->little)(begin, n, &used[i], out[i]);
	}
	assert_int_equal(len[0], len[1]);
	assert_int_equal(used[0], used[1]);
	assert_memory_equal(out[0], out[1], len[0]);
	assert_true(n - used[0] <= 3);
	for (int i = 0; i < 2; i++)
		free(out[i]);
	free(in);
}

static void kernels_agree(void **state UNUSED)
{
	for (size_t k = 0; utf16_kernels[k + 1]; k++) {
		if (!utf16_kernels[k]->usable()) {
			printf("no %s here\n", utf16_kernels[k]->name);
			continue;
		}
		for (int i = 0; i < CASES; i++)
			compare(utf16_kernels[k], i % 2 == 1);
	}
}

/* The reference itself, by what the Unicode standard says. */
static void the_reference(void **state UNUSED)
{
	static const struct {
		unsigned char in[6];
		size_t n, used;
		const char *out;
	} rows[] = {
		{{0x61, 0}, 2, 2, "a"},
		{{0x7F, 0, 0x80, 0}, 4, 4, "\x7F\xC2\x80"},
		{{0xFF, 0x07, 0x00, 0x08}, 4, 4, "\xDF\xBF\xE0\xA0\x80"},
		{{0xFF, 0xD7, 0x00, 0xE0}, 4, 4, "\xED\x9F\xBF\xEE\x80\x80"},
		{{0xFF, 0xFF}, 2, 2, "\xEF\xBF\xBF"},
		{{0x00, 0xD8, 0x00, 0xDC}, 4, 4, "\xF0\x90\x80\x80"},
		{{0xFF, 0xDB, 0xFF, 0xDF}, 4, 4, "\xF4\x8F\xBF\xBF"},
		{{0x00, 0xD8}, 2, 0, ""},
		{{0x00, 0xD8, 0x61}, 3, 0, ""},
		{{0x00, 0xD8, 0x61, 0},
	         4,
	         4,
	         "\xFF"
	         "a"},
		{{0x00, 0xDC, 0x00, 0xD8}, 4, 2, "\xFF"},
		{{0x61, 0, 0x62}, 3, 2, "a"},
		{{0}, 0, 0, ""},
		{{0}, 1, 0, ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (int big = 0; big < 2; big++) {
			unsigned char in[6], out[6 / 2 * UTF16_GROWTH + UTF16_SLACK];
			size_t used, n = rows[i].n;
			memcpy(in, rows[i].in, sizeof in);
			for (size_t j = 0; big && j + 1 < n; j += 2) {
				in[j] = rows[i].in[j + 1];
				in[j + 1] = rows[i].in[j];
			}
			size_t len =
				(big ? reference()->big : reference()->little)(in, n, &used, out);
			assert_int_equal(len, strlen(rows[i].out));
			assert_memory_equal(out, rows[i].out, len);
			assert_int_equal(used, rows[i].used);
		}
	}
}

static void the_choice(void **state UNUSED)
{
	assert_string_equal(utf16_choose("scalar")->name, "scalar");
	assert_string_equal(utf16_choose("no such")->name, "scalar");
	assert_non_null(utf16_choose(NULL));
}

/* What the user has taken away by GLIBC_TUNABLES is not used, whatever the processor has. */
static void the_choice_obeys_tunables(void **state UNUSED)
{
	static const char *const masks[][2] = {
		{"glibc.cpu.hwcaps=-AVX512_VBMI", "avx512vbmi"},
		{"glibc.cpu.hwcaps=-AVX512_VBMI2", "avx512vbmi"},
		{"glibc.malloc.check=1:glibc.cpu.hwcaps=-AVX512F,-AVX512_VBMI", "avx512"},
		{"glibc.cpu.hwcaps=-AVX2,-AVX512F", "avx2"},
	};
	const char *before = getenv("GLIBC_TUNABLES");

	for (size_t i = 0; i < ARRAY_LEN(masks); i++) {
		setenv("GLIBC_TUNABLES", masks[i][0], 1);
		assert_string_not_equal(utf16_choose(NULL)->name, masks[i][1]);
		assert_string_not_equal(utf16_choose(masks[i][1])->name, masks[i][1]);
	}
	if (before)
		setenv("GLIBC_TUNABLES", before, 1);
	else
		unsetenv("GLIBC_TUNABLES");
}

int main(void)
{
	seed = unit_number("PCOUNT_SEED", 20240229);
	printf("seed %llu\n", (unsigned long long)seed);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reference),
		cmocka_unit_test(kernels_agree),
		cmocka_unit_test(the_choice),
		cmocka_unit_test(the_choice_obeys_tunables),
	};

	return unit_run(tests);
}
