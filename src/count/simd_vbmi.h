/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: utf8_look() by AVX-512VBMI, whose VPERMB looks up 64 bytes in a table of 64 at once:
 * enough for all lead bytes (C0-FF by their low six bits), or all continuation bytes (80-BF).
 *
 * Two tables serve both questions. Each lead byte has a set of "pairings", each second byte too;
 * a pair has those in both (as in simd_validate.h, but exact, since no nibble is lost):
 *
 *      second bytes 80-8F, 90-9F, A0-BF: three pairings; a lead byte has those that may follow it,
 *              C0 C1 F5-FF none. So a lead byte and its second byte must share one of them.
 *      C2 A0, E1 9A, E2 80, E2 81, E3 80: a pairing each. The first is white space; for the
 *              others a third table tells which third bytes make them so.
 *
 *      bytes      E2        80        A9
 *      lead       {8 9 AB E2_80 E2_81}
 *      second               {8 E2_80 E3_80}    -> pair {8 E2_80}: valid, perhaps white
 *      third                          {E2_80}  -> white
 */
#ifndef PCOUNT_COUNT_SIMD_VBMI_H
#define PCOUNT_COUNT_SIMD_VBMI_H

/* What utf8_look() says of a block. */
struct utf8_seen {
	bool faulty;    /* not well-formed, as far as its own bytes show */
	uint64_t begin; /* bytes that do not continue a character */
	uint64_t two, three; /* last bytes of white space of two, of three bytes */
};

/* Of the block before. */
struct utf8_past {
	vec lead, pair;
	uint64_t from_c0, from_e0, from_f0;
};

enum {
	S8 = 1,    /* second byte 80-8F */
	S9 = 2,    /* 90-9F */
	SAB = 4,   /* A0-BF */
	VALID = S8 | S9 | SAB,
	C2_A0 = 8,
	E1_9A = 16,
	E2_80 = 32,
	E2_81 = 64,
	E3_80 = 128,
	TRIPLE = E1_9A | E2_80 | E2_81 | E3_80,
};

#define TWICE(x) x, x
#define FOUR(x) TWICE(x), TWICE(x)
#define EIGHT(x) FOUR(x), FOUR(x)
#define SIXTEEN(x) EIGHT(x), EIGHT(x)

static const unsigned char vbmi_lead[64] = {
	0, 0, VALID | C2_A0, VALID, FOUR(VALID), EIGHT(VALID), SIXTEEN(VALID),   /* C0-DF */
	SAB, VALID | E1_9A, VALID | E2_80 | E2_81, VALID | E3_80, EIGHT(VALID),  /* E0-EB */
	VALID, S8 | S9, VALID, VALID,                                           /* EC-EF */
	S9 | SAB, VALID, VALID, VALID, S8, 0, 0, 0, EIGHT(0),                    /* F0-FF */
};

static const unsigned char vbmi_second[64] = {
	S8 | E2_80 | E3_80, S8 | E2_81, TWICE(S8), FOUR(S8), EIGHT(S8),          /* 80-8F */
	EIGHT(S9), S9, S9, S9 | E1_9A, S9, FOUR(S9),                             /* 90-9F */
	SAB | C2_A0, SAB, TWICE(SAB), FOUR(SAB), EIGHT(SAB), SIXTEEN(SAB),       /* A0-BF */
};

/* [no_break] */
static const unsigned char vbmi_third[2][64] = {
	{
		E1_9A | E2_80 | E3_80, TWICE(E2_80), FOUR(E2_80), 0, TWICE(E2_80), E2_80, 0, FOUR(0), /* 80 */
		EIGHT(0), FOUR(0), 0, 0, 0, E2_81,                                                  /* 90 */
		EIGHT(0), E2_80, E2_80, 0, 0, 0, 0, 0, 0,                                            /* A0 */
		SIXTEEN(0),                                                                         /* B0 */
	},
	{
		E1_9A | E2_80 | E3_80, TWICE(E2_80), FOUR(E2_80), E2_80, TWICE(E2_80), E2_80, 0, FOUR(0),
		EIGHT(0), FOUR(0), 0, 0, 0, E2_81,
		E2_81, 0, 0, 0, FOUR(0), E2_80, E2_80, 0, 0, 0, 0, 0, E2_80,
		SIXTEEN(0),
	},
};

SIMD_FN struct utf8_past utf8_past_none(void)
{
	return (struct utf8_past){_mm512_setzero_si512(), _mm512_setzero_si512(), 0, 0, 0};
}

/* The vector one byte earlier. */
SIMD_FN vec vec_one_earlier(vec v, vec before)
{
	return vec_earlier(v, before, 1);
}

/*
 * `past` may be that of an older block if its last three bytes and all since are ASCII: then there
 * is nothing to remember.
 */
SIMD_FN struct utf8_seen utf8_look(struct utf8_past *past, struct block b,
                                   struct block before UNUSED, uint64_t high, unsigned needs,
                                   bool no_break)
{
	struct utf8_seen seen = {0};
	vec v = b.v[0];
	uint64_t from_c0 = block_ge(b, 0xC0);
	uint64_t cont = high & ~from_c0;
	vec lead = _mm512_maskz_permutexvar_epi8(from_c0, v, _mm512_loadu_si512(vbmi_lead));
	vec second = _mm512_maskz_permutexvar_epi8(cont, v, _mm512_loadu_si512(vbmi_second));
	vec pair = _mm512_and_si512(vec_one_earlier(lead, past->lead), second);

	seen.begin = ~cont;
	if (needs & NEED_CHARS) {
		uint64_t from_e0 = block_ge(b, 0xE0), from_f0 = block_ge(b, 0xF0);
		uint64_t owed2 = shift_in(from_c0, past->from_c0, 1);
		uint64_t owed = owed2 | shift_in(from_e0, past->from_e0, 2) |
		                shift_in(from_f0, past->from_f0, 3);
		uint64_t fit = _mm512_test_epi8_mask(pair, vec_set1(VALID));
		seen.faulty = ((owed ^ cont) | (owed2 & ~fit)) != 0;
		past->from_e0 = from_e0;
		past->from_f0 = from_f0;
	}
	if (needs & NEED_WORDS) {
		vec third = _mm512_maskz_permutexvar_epi8(cont, v, _mm512_loadu_si512(vbmi_third[no_break]));
		vec triple = vec_one_earlier(pair, past->pair);
		seen.three = _mm512_test_epi8_mask(triple, _mm512_and_si512(third, vec_set1(TRIPLE)));
		if (no_break)
			seen.two = _mm512_test_epi8_mask(pair, vec_set1(C2_A0));
		past->pair = pair;
	}
	past->lead = lead;
	past->from_c0 = from_c0;
	return seen;
}

#endif
