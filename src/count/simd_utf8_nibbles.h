/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: faults and white space of UTF-8 by lookups in tables of 16, one for each nibble
 * (VEC_LOOKUP 16); see simd_utf8.h.
 *
 * Faults, after J. Keiser and D. Lemire, "Validating UTF-8 in less than one instruction per byte"
 * (2021). Each nibble around a pair of bytes narrows down what can be wrong with it: the tables
 * give the set of faults still possible, and the pair has those in all of them:
 *
 *      first  hhhh llll   second  hhhh llll
 *             |    |              |
 *             A &  B      &       C        = faults; 0: the pair is fine
 *
 * Third and fourth bytes are found by their distance from a lead byte from E0 or F0 up: there, and
 * only there, the "fault" of two continuation bytes in a row must show.
 *
 * White space in the same way, over three bytes and six nibbles; each kind has a bit.
 */
#ifndef PCOUNT_COUNT_SIMD_UTF8_NIBBLES_H
#define PCOUNT_COUNT_SIMD_UTF8_NIBBLES_H

#include "count/repeat.h"

enum {
	SHORT = 1,      /* a lead byte, and no continuation byte after it */
	STRAY = 2,      /* ASCII, and a continuation byte after it */
	LONG2 = 4,      /* C0, C1: overlong */
	LONG3 = 8,      /* E0 80..9F: overlong */
	SURROGATE = 16, /* ED A0..BF */
	LARGE = 32,     /* F4 90..BF, F5..FF 90..BF: past U+10FFFF */
	LONG4 = 64, /* F0 80..8F: overlong; and F5..FF 80..8F: too large, which never meets it */
	TWO = 128,  /* two continuation bytes: a fault unless they are owed */
	ANY_LOW = SHORT | STRAY | TWO, /* faults that first's low nibble says nothing about */
	TOO_BIG = ANY_LOW | LARGE | LONG4,
	FAULTS = 0xFF,
};

/* By the high nibble of the first byte: 0-7 ASCII, 8-B continuation, C D E F lead. */
static const unsigned char fault_first_high[16] = {
	EIGHT(STRAY),          FOUR(TWO), SHORT | LONG2, SHORT, SHORT | LONG3 | SURROGATE,
	SHORT | LARGE | LONG4,
};

/* By its low nibble: C0 E0 F0, C1, -, -, F4, F5-FC, ED, FE, FF. */
static const unsigned char fault_first_low[16] = {
	ANY_LOW | LONG2 | LONG3 | LONG4,
	ANY_LOW | LONG2,
	ANY_LOW,
	ANY_LOW,
	ANY_LOW | LARGE,
	EIGHT(TOO_BIG),
	TOO_BIG | SURROGATE,
	TOO_BIG,
	TOO_BIG,
};

/* By the high nibble of the second: 8, 9, A B are continuation bytes. */
static const unsigned char fault_second_high[16] = {
	EIGHT(SHORT),
	STRAY | TWO | LONG2 | LONG3 | LONG4,
	STRAY | TWO | LONG2 | LONG3 | LARGE,
	STRAY | TWO | LONG2 | SURROGATE | LARGE,
	STRAY | TWO | LONG2 | SURROGATE | LARGE,
	FOUR(SHORT),
};

enum {
	C2_A0 = 1, /* any byte, C2, A0; only if no_break, as are E2 80 87, E2 80 AF, E2 81 A0 */
	E1_9A_80 = 2,
	E2_80_8X = 4, /* 80-8A */
	E2_80_AX = 8, /* A8 A9 AF */
	E2_81_9F = 16,
	E2_81_A0 = 32,
	E3_80_80 = 64,
	E2_ = E2_80_8X | E2_80_AX | E2_81_9F | E2_81_A0,
	E2_80_ = E2_80_8X | E2_80_AX,
	E2_81_ = E2_81_9F | E2_81_A0,
	X_80 = E1_9A_80 | E2_80_8X | E3_80_80,
};

/* Three bytes, two nibbles each. */
static const unsigned char space_nibbles[6][16] = {
	{EIGHT(C2_A0), FOUR(C2_A0), TWICE(C2_A0), C2_A0 | E1_9A_80 | E2_ | E3_80_80, C2_A0},
	{C2_A0, C2_A0 | E1_9A_80, C2_A0 | E2_, C2_A0 | E3_80_80, FOUR(C2_A0), EIGHT(C2_A0)},
	{[0x8] = E2_ | E3_80_80, [0x9] = E1_9A_80, [0xC] = C2_A0},
	{[0x0] = E2_80_ | E3_80_80, [0x1] = E2_81_, [0x2] = C2_A0, [0xA] = E1_9A_80},
	{[0x8] = X_80, [0x9] = E2_81_9F, [0xA] = C2_A0 | E2_80_AX | E2_81_A0},
	{X_80 | C2_A0 | E2_81_A0, E2_80_8X, TWICE(E2_80_8X), FOUR(E2_80_8X), TWICE(E2_80_),
         E2_80_8X, [0xF] = E2_80_AX | E2_81_9F},
};

/* The last of them without the four no-break spaces. */
static const unsigned char space_no_break[16] = {
	X_80, E2_80_8X,      TWICE(E2_80_8X), TWICE(E2_80_8X),  E2_80_8X,
	0,    TWICE(E2_80_), E2_80_8X,        [0xF] = E2_81_9F,
};

struct utf8_tables {
	vec fault[3], space[6];
};

SIMD_FN struct utf8_tables utf8_tables(bool no_break)
{
	struct utf8_tables tables = {
		.fault = {vec_table(fault_first_high), vec_table(fault_first_low),
	                  vec_table(fault_second_high)},
		.space = {vec_table(space_nibbles[0]), vec_table(space_nibbles[1]),
	                  vec_table(space_nibbles[2]), vec_table(space_nibbles[3]),
	                  vec_table(space_nibbles[4]),
	                  vec_table(no_break ? space_nibbles[5] : space_no_break)},
	};
	return tables;
}

SIMD_FN vec vec_low_nibble(vec v)
{
	return vec_and(v, vec_set1(0x0F));
}

/* The entries of both nibbles' tables. */
SIMD_FN vec vec_both(vec high_table, vec low_table, vec v)
{
	return vec_and(vec_lookup(high_table, vec_high_nibble(v)),
	               vec_lookup(low_table, vec_low_nibble(v)));
}

SIMD_FN struct block block_faults(const struct utf8_tables *t, struct block b,
                                  const unsigned char *p, unsigned longest)
{
	struct block first = block_load(p - 1), two_ago, three_ago;

	EACH_VEC
	b.v[i] = vec_and(vec_both(t->fault[0], t->fault[1], first.v[i]),
	                 vec_lookup(t->fault[2], vec_high_nibble(b.v[i])));
	if (longest == 2)
		return b;
	/* Bit 7 where two bytes ago stands E0 or more, or three bytes ago F0 or more. */
	two_ago = block_load(p - 2);
	EACH_VEC
	two_ago.v[i] = vec_sub_saturating(two_ago.v[i], vec_set1(0xE0 - 0x80));
	if (longest == 4) {
		three_ago = block_load(p - 3);
		EACH_VEC
		two_ago.v[i] = vec_or(two_ago.v[i],
		                      vec_sub_saturating(three_ago.v[i], vec_set1(0xF0 - 0x80)));
	}
	EACH_VEC
	b.v[i] = vec_xor(b.v[i], vec_and(two_ago.v[i], vec_set1(TWO)));
	return b;
}

/* Lead bytes of white space: C2, E1, E2, E3. */
SIMD_FN vec vec_space_leads(vec v)
{
	/* Each low nibble has at most one of them. */
	static const unsigned char by_low_nibble[16] = {[1] = 0xE1, [2] = 0xE2, [3] = 0xE3};
	vec e = mask_vec(vec_eq(vec_lookup(vec_table(by_low_nibble), vec_low_nibble(v)), v));

	return vec_or(e, mask_vec(vec_eq(v, vec_set1(0xC2))));
}

SIMD_FN struct block block_spaces(const struct utf8_tables *t, struct block b,
                                  const unsigned char *p)
{
	struct block first = block_load(p - 2), second = block_load(p - 1);

	EACH_VEC
	b.v[i] = vec_and(vec_and(vec_both(t->space[0], t->space[1], first.v[i]),
	                         vec_both(t->space[2], t->space[3], second.v[i])),
	                 vec_both(t->space[4], t->space[5], b.v[i]));
	return b;
}

enum {
	AFTER_E1_9A = 1, /* 80 */
	AFTER_E2_80 = 2, /* 80-8A A8 A9 AF */
	AFTER_E2_81 = 4, /* 9F A0 */
	AFTER_E3_80 = 8, /* 80 */
	AFTER_C2 = 16,   /* A0 */
	LAST_80 = AFTER_E1_9A | AFTER_E2_80 | AFTER_E3_80,
};

/*
 * White space as far as the low nibbles of the first two bytes and both of the last tell, in half
 * as many lookups as block_spaces() has. What passes for it by mistake is rare: punctuation does
 * not.
 */
SIMD_FN struct block block_maybe_spaces(const struct utf8_tables *t UNUSED, struct block b,
                                        const unsigned char *p)
{
	static const unsigned char first_low[16] = {
		AFTER_C2,
		AFTER_C2 | AFTER_E1_9A,
		AFTER_C2 | AFTER_E2_80 | AFTER_E2_81,
		AFTER_C2 | AFTER_E3_80,
		FOUR(AFTER_C2),
		EIGHT(AFTER_C2),
	};
	static const unsigned char second_low[16] = {
		AFTER_E2_80 | AFTER_E3_80,
		AFTER_E2_81,
		AFTER_C2,
		[0xA] = AFTER_E1_9A,
	};
	static const unsigned char last_high[16] = {
		[8] = LAST_80,
		[9] = AFTER_E2_81,
		[0xA] = AFTER_E2_80 | AFTER_E2_81 | AFTER_C2,
	};
	static const unsigned char last_low[16] = {
		LAST_80 | AFTER_E2_81 | AFTER_C2,
		TWICE(AFTER_E2_80),
		TWICE(AFTER_E2_80),
		AFTER_E2_80,
		TWICE(AFTER_E2_80),
		TWICE(AFTER_E2_80),
		AFTER_E2_80,
		[0xF] = AFTER_E2_80 | AFTER_E2_81,
	};
	struct block first = block_load(p - 2), second = block_load(p - 1);

	EACH_VEC
	{
		vec pair = vec_and(vec_lookup(vec_table(first_low), vec_low_nibble(first.v[i])),
		                   vec_lookup(vec_table(second_low), vec_low_nibble(second.v[i])));
		b.v[i] = vec_and(pair, vec_both(vec_table(last_high), vec_table(last_low), b.v[i]));
	}
	return b;
}

#include "count/simd_utf8_hints.h"

#endif
