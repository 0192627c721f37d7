/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: faults and white space of UTF-8 by lookups in tables of 64 (VEC_LOOKUP 64): enough for
 * all lead bytes (C0-FF by their low six bits), or all continuation bytes (80-BF), so that each
 * byte needs one lookup where simd_utf8_nibbles.h needs two; see simd_utf8.h.
 *
 * Faults: the second byte of a pair is of one of these kinds, and the first says which it forbids:
 *
 *      second      80-8F  90-9F  A0-BF   other
 *      kind         S8     S9     SAB    SHORT         and TWO for the first three
 *      after C0 C1 F5-FF: none is right; E0: SAB; ED: S8 S9; F0: S9 SAB; F4: S8; other leads: all
 *      but SHORT; ASCII and continuation bytes forbid TWO, unless it is owed (simd_utf8_nibbles.h)
 *
 * A continuation byte after ASCII that an earlier lead byte is owed is not reported, but that lead
 * byte was not followed at once, which is a fault by itself.
 *
 * White space: a bit for each pair of first bytes, and which third bytes go with it. Only the last
 * byte is known to be a continuation byte, so others may be taken for the first two; see
 * mark_spaces().
 */
#ifndef PCOUNT_COUNT_SIMD_UTF8_TABLES_H
#define PCOUNT_COUNT_SIMD_UTF8_TABLES_H

#include "count/repeat.h"

enum {
	S8 = 1,
	S9 = 2,
	SAB = 4,
	SHORT = 8,
	TWO = 128,
	/*
	 * These three have nothing to do with faults: the first two bytes of white space may be
	 * there.
	 */
	PAIR_C2 = 16, /* C2 A0 */
	PAIR_80 = 32, /* E2 80, E3 80 */
	PAIR_9A = 64, /* E1 9A, E2 81; and E1 81, E2 9A */
	PAIRS = PAIR_C2 | PAIR_80 | PAIR_9A,
	FAULTS = 0xFF & ~PAIRS,
	BAD = SHORT | S8 | S9 | SAB,
};

enum {
	C2_A0 = 1, /* any byte, C2, A0; only if no_break, as are E2 80 87, E2 80 AF, E2 81 A0 */
	E1_9A = 2,
	E2_80 = 4,
	E2_81 = 8,
	E3_80 = 16,
};

/* What lead bytes C0 to FF forbid to follow. */
static const unsigned char utf8_forbid[64] = {
	TWICE(BAD),
	SHORT | PAIR_C2,
	SHORT,
	FOUR(SHORT),
	EIGHT(SHORT),
	SIXTEEN(SHORT),
	SHORT | S8 | S9,
	SHORT | PAIR_9A,
	SHORT | PAIR_80 | PAIR_9A,
	SHORT | PAIR_80,
	FOUR(SHORT),
	FOUR(SHORT),
	SHORT,
	SHORT | SAB,
	TWICE(SHORT),
	SHORT | S8,
	SHORT,
	TWICE(SHORT),
	SHORT | S9 | SAB,
	BAD,
	TWICE(BAD),
	EIGHT(BAD),
};

/* What continuation bytes are. */
static const unsigned char utf8_kind[64] = {
	S8 | TWO | PAIR_80, S8 | TWO | PAIR_9A, TWICE(S8 | TWO),     FOUR(S8 | TWO),
	EIGHT(S8 | TWO),    EIGHT(S9 | TWO),    TWICE(S9 | TWO),     S9 | TWO | PAIR_9A,
	S9 | TWO,           FOUR(S9 | TWO),     SAB | TWO | PAIR_C2, SAB | TWO,
	TWICE(SAB | TWO),   FOUR(SAB | TWO),    EIGHT(SAB | TWO),    SIXTEEN(SAB | TWO),
};

/* White space: first, second and third bytes by their low six bits. */
static const unsigned char utf8_first[64] = {
	SIXTEEN(C2_A0), SIXTEEN(C2_A0), C2_A0,        C2_A0 | E1_9A,  C2_A0 | E2_80 | E2_81,
	C2_A0 | E3_80,  FOUR(C2_A0),    EIGHT(C2_A0), SIXTEEN(C2_A0),
};

static const unsigned char utf8_second[64] = {
	E2_80 | E3_80,
	E2_81,
	C2_A0,
	[0x1A] = E1_9A,
};

/* [no_break] */
static const unsigned char utf8_third[2][64] = {
	{
		E1_9A | E2_80 | E3_80,
		TWICE(E2_80),
		FOUR(E2_80),
		0,
		TWICE(E2_80),
		E2_80,
		[0x1F] = E2_81,
		[0x28] = E2_80,
		[0x29] = E2_80,
	},
	{
		E1_9A | E2_80 | E3_80,
		TWICE(E2_80),
		FOUR(E2_80),
		E2_80,
		TWICE(E2_80),
		E2_80,
		[0x1F] = E2_81,
		[0x20] = E2_81 | C2_A0,
		[0x28] = E2_80,
		[0x29] = E2_80,
		[0x2F] = E2_80,
	},
};

struct utf8_tables {
	vec forbid, kind, first, second, third;
};

SIMD_FN struct utf8_tables utf8_tables(bool no_break)
{
	return (struct utf8_tables){
		vec_load(utf8_forbid),          vec_load(utf8_kind),
		vec_load(utf8_first),           vec_load(utf8_second),
		vec_load(utf8_third[no_break]),
	};
}

SIMD_FN struct block block_faults(const struct utf8_tables *t, struct block b,
                                  const unsigned char *p, unsigned longest)
{
	struct block first = block_load(p - 1), two_ago = block_load(p - 2),
		     three_ago = block_load(p - 3);

	EACH_VEC
	{
		vec forbid = vec_select(vec_ge(first.v[i], vec_set1(0xC0)),
		                        vec_lookup64(t->forbid, first.v[i]), vec_set1(TWO));
		vec kind = vec_select(vec_cont(b.v[i]), vec_lookup64(t->kind, b.v[i]),
		                      vec_set1(SHORT));
		if (longest == 2) {
			b.v[i] = vec_and(forbid, kind);
			continue;
		}
		/*
		 * Bit 7, which is TWO, where two bytes ago stands E0 or more, or three bytes ago
		 * F0 or more.
		 */
		vec owed = vec_sub_saturating(two_ago.v[i], vec_set1(0xE0 - 0x80));
		if (longest == 4)
			owed = vec_or(owed,
			              vec_sub_saturating(three_ago.v[i], vec_set1(0xF0 - 0x80)));
		b.v[i] = vec_and_xor(forbid, kind, vec_and(owed, vec_set1(TWO)));
	}
	return b;
}

/* Faults and PAIRS of a group of blocks. */
struct utf8_hints {
	struct block seen;
};

SIMD_FN struct utf8_hints utf8_hints_start(const unsigned char *p)
{
	struct utf8_hints hints = {block_zero()};
	/*
	 * A pair is seen at its second byte: one that ends right before the group is still to come.
	 */
	bool pair =
		p[-2] >= 0xE1 && p[-2] <= 0xE3 && (p[-1] == 0x80 || p[-1] == 0x81 || p[-1] == 0x9A);

	hints.seen.v[0] = vec_set1(pair ? PAIR_80 : 0);
	return hints;
}

SIMD_FN void utf8_hints_add(struct utf8_hints *hints, const struct utf8_tables *t, struct block b,
                            const unsigned char *p, unsigned needs, unsigned longest)
{
	struct block first = block_load(p - 1);

	if (needs & NEED_CHARS) {
		hints->seen = block_or(hints->seen, block_faults(t, b, p, longest));
		return;
	}
	/* Continuation bytes pass for lead bytes here: a group in ten is inspected in vain. */
	EACH_VEC
	{
		vec lead = vec_lookup64(t->forbid, first.v[i]);
		vec kind = vec_select(vec_cont(b.v[i]), vec_lookup64(t->kind, b.v[i]), vec_set1(0));
		hints->seen.v[i] = vec_or_and(hints->seen.v[i], lead, kind);
	}
}

SIMD_FN bool utf8_hints_faults(const struct utf8_hints *hints)
{
	return block_any_of(hints->seen, FAULTS);
}

SIMD_FN bool utf8_hints_spaces(const struct utf8_hints *hints)
{
	return block_any_of(hints->seen, PAIRS);
}

SIMD_FN struct block block_spaces(const struct utf8_tables *t, struct block b,
                                  const unsigned char *p)
{
	struct block first = block_load(p - 2), second = block_load(p - 1);

	EACH_VEC
	{
		vec lead = vec_and(vec_lookup64(t->first, first.v[i]),
		                   vec_lookup64(t->second, second.v[i]));
		vec third =
			vec_select(vec_cont(b.v[i]), vec_lookup64(t->third, b.v[i]), vec_set1(0));
		b.v[i] = vec_and(lead, third);
	}
	return b;
}

/* What may be white space; as cheap as to know. */
SIMD_FN struct block block_maybe_spaces(const struct utf8_tables *t, struct block b,
                                        const unsigned char *p)
{
	return block_spaces(t, b, p);
}

#endif
