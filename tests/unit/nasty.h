/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts biased to trouble, and prints of them for those who look for it. */
#ifndef PCOUNT_TESTS_NASTY_H
#define PCOUNT_TESTS_NASTY_H

#include "base/base.h"
#include "unit.h"

#include <string.h>

struct nasty {
	const char *bytes;
	size_t n;
};
#define NASTY(text)                    \
	{                              \
		text, sizeof(text) - 1 \
	}

static const struct nasty nasties[] = {
	/* ASCII that does something */
	NASTY("a"),
	NASTY("b"),
	NASTY("word"),
	NASTY(" "),
	NASTY("  "),
	NASTY("\t"),
	NASTY("\t\t"),
	NASTY("\n"),
	NASTY("\n\n"),
	NASTY("\r"),
	NASTY("\r\n"),
	NASTY("\f"),
	NASTY("\v"),
	NASTY("\0"),
	NASTY("\x7f"),
	NASTY("\x1b[1m"),
	NASTY("\b"),
	NASTY("\""),
	NASTY(","),
	NASTY("1234567"),
	NASTY("12345678"),
	NASTY("123456789"),
	/* white space beyond ASCII: 00A0 1680 2000 2007 200A 2028 2029 202F 205F 2060 3000 */
	NASTY("\xc2\xa0"),
	NASTY("\xe1\x9a\x80"),
	NASTY("\xe2\x80\x80"),
	NASTY("\xe2\x80\x87"),
	NASTY("\xe2\x80\x8a"),
	NASTY("\xe2\x80\xa8"),
	NASTY("\xe2\x80\xa9"),
	NASTY("\xe2\x80\xaf"),
	NASTY("\xe2\x81\x9f"),
	NASTY("\xe2\x81\xa0"),
	NASTY("\xe3\x80\x80"),
	/* which look like it and are not: 0085 180E 200B 200D FEFF */
	NASTY("\xc2\x85"),
	NASTY("\xe1\xa0\x8e"),
	NASTY("\xe2\x80\x8b"),
	NASTY("\xe2\x80\x8d"),
	NASTY("\xef\xbb\xbf"),
	/* narrow, combining, wide, 4 bytes long, the first and last of each length */
	NASTY("\xc3\xa9"),
	NASTY("\xcc\x81"),
	NASTY("e\xcc\x81"),
	NASTY("\xe3\x81\x82"),
	NASTY("\xe6\xbc\xa2\xe5\xad\x97"),
	NASTY("\xf0\x9f\x98\x80"),
	NASTY("\xf0\x9f\x87\xa9"),
	NASTY("\xc2\x80"),
	NASTY("\xdf\xbf"),
	NASTY("\xe0\xa0\x80"),
	NASTY("\xef\xbf\xbf"),
	NASTY("\xf0\x90\x80\x80"),
	NASTY("\xf4\x8f\xbf\xbf"),
	NASTY("\xed\x9f\xbf"),
	NASTY("\xee\x80\x80"),
	/* ill-formed: stray, overlong, surrogate, too large, impossible */
	NASTY("\x80"),
	NASTY("\xbf\xbf"),
	NASTY("\xa0"),
	NASTY("\x80\x80\x80\x80"),
	NASTY("\xc0\x80"),
	NASTY("\xc1\xbf"),
	NASTY("\xe0\x80\x80"),
	NASTY("\xe0\x9f\xbf"),
	NASTY("\xf0\x80\x80\x80"),
	NASTY("\xf0\x8f\xbf\xbf"),
	NASTY("\xed\xa0\x80"),
	NASTY("\xed\xbf\xbf"),
	NASTY("\xf4\x90\x80\x80"),
	NASTY("\xf5\x80\x80\x80"),
	NASTY("\xf8\x88\x80\x80\x80"),
	NASTY("\xfe"),
	NASTY("\xff"),
	NASTY("\xff\xfe"),
	/* truncated */
	NASTY("\xc3"),
	NASTY("\xe3"),
	NASTY("\xe3\x80"),
	NASTY("\xe2\x80"),
	NASTY("\xf0"),
	NASTY("\xf0\x9f"),
	NASTY("\xf0\x9f\x98"),
	NASTY("\xf4"),
	NASTY("\xed"),
	NASTY("\xc2"),
};

/* Fills text[0..most) with a random number of bytes, which it returns. */
static inline size_t nasty_text(uint64_t *rng, unsigned char *text, size_t most)
{
	size_t want = unit_below(rng, most + 1), n = 0;
	/* Some texts of few kinds, so that runs of the same are met, some of raw bytes. */
	size_t kinds = unit_below(rng, 4) == 0 ? 1 + unit_below(rng, 4) : ARRAY_LEN(nasties);
	size_t first = unit_below(rng, ARRAY_LEN(nasties));
	bool raw = unit_below(rng, 16) == 0;

	while (n < want) {
		const struct nasty *pick =
			&nasties[(first + unit_below(rng, kinds)) % ARRAY_LEN(nasties)];
		if (raw || unit_below(rng, 24) == 0) {
			text[n++] = (unsigned char)unit_random(rng);
			continue;
		}
		size_t length = pick->n < want - n ? pick->n : want - n;
		memcpy(text + n, pick->bytes, length);
		n += length;
	}
	return n;
}

static inline void nasty_print(const char *what, const unsigned char *text, size_t n)
{
	fprintf(stderr, "%s: \"", what);
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, "\\x%02x", text[i]);
	fprintf(stderr, "\" (%zu bytes)\n", n);
}

#endif
