/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: is a block well-formed UTF-8, given the block before? By three table lookups, after
 * J. Keiser and D. Lemire, "Validating UTF-8 in less than one instruction per byte" (2021).
 *
 * Each of the 12 bits around a byte pair, `first` and `second`, narrows down what can be wrong
 * with it: the tables of first's high nibble, first's low nibble and second's high nibble each
 * give the set of faults still possible, and the pair has those in all three:
 *
 *      first  hhhh llll   second  hhhh llll
 *             |    |              |
 *             A &  B      &       C        = faults; 0: the pair is fine
 *
 * Third and fourth bytes are found by their distance from a lead byte from E0 or F0 up: there, and
 * only there, the "fault" of two continuation bytes in a row must show.
 */
#ifndef PCOUNT_COUNT_SIMD_VALIDATE_H
#define PCOUNT_COUNT_SIMD_VALIDATE_H

enum {
	SHORT = 1,     /* a lead byte, and no continuation byte after it */
	STRAY = 2,     /* ASCII, and a continuation byte after it */
	LONG2 = 4,     /* C0, C1: overlong */
	LONG3 = 8,     /* E0 80..9F: overlong */
	SURROGATE = 16, /* ED A0..BF */
	LARGE = 32,    /* F4 90..BF, F5..FF 90..BF: past U+10FFFF */
	LONG4 = 64,    /* F0 80..8F: overlong; and F5..FF 80..8F: too large, which never meets it */
	TWO = 128,     /* two continuation bytes: a fault unless they are owed */
	ANY_LOW = SHORT | STRAY | TWO, /* faults that first's low nibble says nothing about */
};

/* By the high nibble of the first byte: 0-7 ASCII, 8-B continuation, C D E F lead. */
static const unsigned char fault_first_high[16] = {
	STRAY, STRAY, STRAY, STRAY, STRAY, STRAY, STRAY, STRAY, TWO, TWO, TWO, TWO,
	SHORT | LONG2, SHORT, SHORT | LONG3 | SURROGATE, SHORT | LARGE | LONG4,
};

/* By its low nibble: C0 C1 E0 F0, then F4, ED, and F5 to FF. */
static const unsigned char fault_first_low[16] = {
	ANY_LOW | LONG2 | LONG3 | LONG4,
	ANY_LOW | LONG2,
	ANY_LOW, ANY_LOW,
	ANY_LOW | LARGE,
	ANY_LOW | LARGE | LONG4, ANY_LOW | LARGE | LONG4, ANY_LOW | LARGE | LONG4,
	ANY_LOW | LARGE | LONG4, ANY_LOW | LARGE | LONG4, ANY_LOW | LARGE | LONG4,
	ANY_LOW | LARGE | LONG4, ANY_LOW | LARGE | LONG4,
	ANY_LOW | LARGE | LONG4 | SURROGATE,
	ANY_LOW | LARGE | LONG4, ANY_LOW | LARGE | LONG4,
};

/* By the high nibble of the second: 8, 9, A B are continuation bytes. */
static const unsigned char fault_second_high[16] = {
	SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT,
	STRAY | TWO | LONG2 | LONG3 | LONG4,
	STRAY | TWO | LONG2 | LONG3 | LARGE,
	STRAY | TWO | LONG2 | SURROGATE | LARGE,
	STRAY | TWO | LONG2 | SURROGATE | LARGE,
	SHORT, SHORT, SHORT, SHORT,
};

/* Faults of the pairs that end in v; `before` is the vector before it. */
SIMD_FN vec vec_faults(vec v, vec before)
{
	vec first = vec_earlier(v, before, 1);
	vec faults = vec_lookup(vec_table(fault_first_high), vec_high_nibble(first));
	faults = vec_and(faults, vec_lookup(vec_table(fault_first_low), vec_low_nibble(first)));
	faults = vec_and(faults, vec_lookup(vec_table(fault_second_high), vec_high_nibble(v)));

	/* Bit 7 where two bytes ago stands E0 or more, or three bytes ago F0 or more. */
	vec third = vec_sub_saturating(vec_earlier(v, before, 2), vec_set1(0xE0 - 0x80));
	vec fourth = vec_sub_saturating(vec_earlier(v, before, 3), vec_set1(0xF0 - 0x80));
	vec owed = vec_and(vec_or(third, fourth), vec_set1(TWO));
	return vec_xor(faults, owed);
}

/*
 * True if a pair that ends in b is faulty. A faulty lead byte (C0 C1 F5..FF), or one that lacks
 * its followers, at the end of b shows in the next block only.
 */
SIMD_FN bool block_faulty(struct block b, struct block before)
{
	vec faults = vec_set1(0);

	EACH_VEC
		faults = vec_or(faults, vec_faults(b.v[i], i > 0 ? b.v[i - 1] : before.v[VECS - 1]));
	return vec_any(faults);
}

#endif
