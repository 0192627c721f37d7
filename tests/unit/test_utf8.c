/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The UTF-8 codec against an independent model: every code point, and every sequence of up to four
 * bytes whose classes differ.
 */
#include "unit.h"

#include "base/utf8.h"

#include <string.h>

/* By shifting, as it is described in RFC 3629; how many bytes. */
static unsigned model_encode(char32_t c, unsigned char *out)
{
	unsigned n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (unsigned i = n; i-- > 1; c >>= 6)
		out[i] = (unsigned char)(0x80 | (c & 0x3F));
	out[0] = (unsigned char)(n == 1 ? c : (0xF00u >> n & 0xFF) | c);
	return n;
}

static bool is_scalar(char32_t c)
{
	return c < 0xD800 || (c > 0xDFFF && c <= 0x10FFFF);
}

static void code_points(void **state UNUSED)
{
	for (char32_t c = 0; c < 0x120000; c++) {
		unsigned char want[4], got[UTF8_LENGTH_MAX];
		assert_int_equal(utf8_is_scalar_value(c), is_scalar(c));
		unsigned n = model_encode(c, want);
		assert_int_equal(utf8_character(want, n), is_scalar(c) ? n : 0);
		if (!is_scalar(c))
			continue;
		assert_int_equal(utf8_encode(c, got), n);
		assert_memory_equal(got, want, n);
		assert_int_equal(utf8_length(want[0]), n);
		assert_int_equal(utf8_decode(want), c);
		for (unsigned k = 1; k < n; k++) {
			assert_int_equal(utf8_character(want, k), 0);
			assert_int_equal(utf8_unfinished(want, k), k);
			assert_true(utf8_is_continuation(want[k]));
		}
		assert_int_equal(utf8_unfinished(want, n), 0);
		assert_false(utf8_is_continuation(want[0]));
	}
	assert_false(utf8_is_scalar_value(0xFFFFFFFF));
}

/* Bytes at the ends of all ranges that the table names. */
static const unsigned char edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                      0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                                      0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};

/* [the first n bytes as a number]: do they begin an encoded code point that has more? */
static bool begun1[1 << 8], begun2[1 << 16], begun3[1 << 24];

static void fill_begun(void)
{
	for (char32_t c = 0x80; c < 0x110000; c++) {
		unsigned char p[4];
		if (!is_scalar(c))
			continue;
		unsigned n = model_encode(c, p);
		begun1[p[0]] = true;
		if (n > 2)
			begun2[p[0] << 8 | p[1]] = true;
		if (n > 3)
			begun3[p[0] << 16 | p[1] << 8 | p[2]] = true;
	}
}

static bool is_begun(const unsigned char *p, unsigned n)
{
	if (n == 1)
		return begun1[p[0]];
	return n == 2 ? begun2[p[0] << 8 | p[1]] : begun3[p[0] << 16 | p[1] << 8 | p[2]];
}

/* Are the n bytes at p an encoded code point? */
static bool is_encoded(const unsigned char *p, unsigned n)
{
	unsigned char back[4];
	char32_t c = n == 1 ? p[0] : p[0] & (0x7Fu >> n);

	for (unsigned i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3F);
	return is_scalar(c) && model_encode(c, back) == n && memcmp(back, p, n) == 0;
}

static void sequences(void **state UNUSED)
{
	enum { EDGES = ARRAY_LEN(edges) };

	fill_begun();
	for (unsigned i = 0; i < EDGES * EDGES * EDGES * EDGES; i++) {
		unsigned char p[4] = {edges[i % EDGES], edges[i / EDGES % EDGES],
		                      edges[i / EDGES / EDGES % EDGES],
		                      edges[i / EDGES / EDGES / EDGES]};
		unsigned want = 0, unfinished = 0;
		for (unsigned n = 1; n <= 4 && want == 0; n++)
			want = is_encoded(p, n) ? n : 0;
		assert_int_equal(utf8_character(p, 4), want);
		for (unsigned n = 1; n <= 3 && unfinished == 0; n++)
			unfinished = is_begun(p + 4 - n, n) ? n : 0;
		assert_int_equal(utf8_unfinished(p, 4), unfinished);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_points),
		cmocka_unit_test(sequences),
	};

	return unit_run(tests);
}
