/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: faults and white space of UTF-8 by AVX-512VBMI, whose VPERMB looks up 64 bytes in a
 * table of 64 at once: enough for all lead bytes (C0-FF by their low six bits), or all continuation
 * bytes (80-BF), so that each byte needs one lookup where simd_nibble.h needs two.
 *
 * Faults: the second byte of a pair is of one of these kinds, and the first says which it forbids:
 *
 *      second      80-8F  90-9F  A0-BF   other
 *      kind         S8     S9     SAB    SHORT         and TWO for the first three
 *      after C0 C1 F5-FF: none is right; E0: SAB; ED: S8 S9; F0: S9 SAB; F4: S8; other leads: all
 * but SHORT; ASCII and continuation bytes forbid TWO, unless it is owed (simd_nibble.h)
 *
 * A continuation byte after ASCII that an earlier lead byte is owed passes for fine, but that lead
 * byte was not followed at once, which is a fault by itself.
 *
 * White space: a bit for each pair of first bytes, and which third bytes go with it. Only the last
 * byte is known to be a continuation byte, so others may pass for the first two; see mark_spaces().
 */
#ifndef PCOUNT_COUNT_SIMD_VBMI_H
#define PCOUNT_COUNT_SIMD_VBMI_H

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
	BAD = SHORT | S8 | S9 | SAB,
};

enum {
	C2_A0 = 1, /* any byte, C2, A0; only if no_break, as are E2 80 87, E2 80 AF, E2 81 A0 */
	E1_9A = 2,
	E2_80 = 4,
	E2_81 = 8,
	E3_80 = 16,
};

#define TWICE(x)   x, x
#define FOUR(x)    TWICE(x), TWICE(x)
#define EIGHT(x)   FOUR(x), FOUR(x)
#define SIXTEEN(x) EIGHT(x), EIGHT(x)

/* What lead bytes C0 to FF forbid to follow. */
static const unsigned char vbmi_forbid[64] = {
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
static const unsigned char vbmi_kind[64] = {
	S8 | TWO | PAIR_80, S8 | TWO | PAIR_9A, TWICE(S8 | TWO),     FOUR(S8 | TWO),
	EIGHT(S8 | TWO),    EIGHT(S9 | TWO),    TWICE(S9 | TWO),     S9 | TWO | PAIR_9A,
	S9 | TWO,           FOUR(S9 | TWO),     SAB | TWO | PAIR_C2, SAB | TWO,
	TWICE(SAB | TWO),   FOUR(SAB | TWO),    EIGHT(SAB | TWO),    SIXTEEN(SAB | TWO),
};

/* White space: first, second and third bytes by their low six bits. */
static const unsigned char vbmi_first[64] = {
	SIXTEEN(C2_A0), SIXTEEN(C2_A0), C2_A0,        C2_A0 | E1_9A,  C2_A0 | E2_80 | E2_81,
	C2_A0 | E3_80,  FOUR(C2_A0),    EIGHT(C2_A0), SIXTEEN(C2_A0),
};

static const unsigned char vbmi_second[64] = {
	E2_80 | E3_80,
	E2_81,
	C2_A0,
	[0x1A] = E1_9A,
};

/* [no_break] */
static const unsigned char vbmi_third[2][64] = {
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
		_mm512_loadu_si512(vbmi_forbid),          _mm512_loadu_si512(vbmi_kind),
		_mm512_loadu_si512(vbmi_first),           _mm512_loadu_si512(vbmi_second),
		_mm512_loadu_si512(vbmi_third[no_break]),
	};
}

SIMD_FN struct block block_faults(const struct utf8_tables *t, struct block b,
                                  const unsigned char *p, unsigned longest)
{
	vec first = _mm512_loadu_si512(p - 1);
	__mmask64 lead = _mm512_cmpge_epu8_mask(first, vec_set1(0xC0));
	__mmask64 cont = block_cont(b);
	vec forbid = _mm512_mask_permutexvar_epi8(vec_set1(TWO), lead, first, t->forbid);
	vec kind = _mm512_mask_permutexvar_epi8(vec_set1(SHORT), cont, b.v[0], t->kind);

	if (longest == 2)
		return (struct block){{vec_and(forbid, kind)}};
	/*
	 * Bit 7, which is TWO, where two bytes ago stands E0 or more, or three bytes ago F0 or
	 * more.
	 */
	vec owed = _mm512_subs_epu8(_mm512_loadu_si512(p - 2), vec_set1(0xE0 - 0x80));
	if (longest == 4)
		owed = vec_or(owed,
		              _mm512_subs_epu8(_mm512_loadu_si512(p - 3), vec_set1(0xF0 - 0x80)));
	owed = vec_and(owed, vec_set1(TWO));
	return (struct block){{_mm512_ternarylogic_epi64(forbid, kind, owed, 0x6A)}}; /* a & b ^ c
	                                                                               */
}

/* Faults and PAIRS of a group of blocks. */
struct utf8_look {
	vec seen;
};

SIMD_FN struct utf8_look utf8_look_start(const unsigned char *p)
{
	/*
	 * A pair is seen at its second byte: one that ends right before the group is still to come.
	 */
	bool pair =
		p[-2] >= 0xE1 && p[-2] <= 0xE3 && (p[-1] == 0x80 || p[-1] == 0x81 || p[-1] == 0x9A);

	return (struct utf8_look){vec_set1(pair ? PAIR_80 : 0)};
}

SIMD_FN void utf8_look(struct utf8_look *look, const struct utf8_tables *t, struct block b,
                       const unsigned char *p, unsigned needs, unsigned longest)
{
	if (needs & NEED_CHARS) {
		look->seen = vec_or(look->seen, block_faults(t, b, p, longest).v[0]);
	} else {
		/*
		 * Continuation bytes pass for lead bytes here: a group in ten is looked at in vain.
		 */
		vec lead = _mm512_permutexvar_epi8(_mm512_loadu_si512(p - 1), t->forbid);
		vec kind = _mm512_maskz_permutexvar_epi8(block_cont(b), b.v[0], t->kind);
		look->seen = _mm512_ternarylogic_epi64(look->seen, lead, kind, 0xF8); /* a | b & c
		                                                                       */
	}
}

SIMD_FN bool look_has_faults(const struct utf8_look *look)
{
	return _mm512_test_epi8_mask(look->seen, vec_set1(0xFF & ~PAIRS)) != 0;
}

SIMD_FN bool look_has_spaces(const struct utf8_look *look)
{
	return _mm512_test_epi8_mask(look->seen, vec_set1(PAIRS)) != 0;
}

SIMD_FN struct block block_spaces(const struct utf8_tables *t, struct block b,
                                  const unsigned char *p)
{
	vec first = _mm512_permutexvar_epi8(_mm512_loadu_si512(p - 2), t->first);
	vec second = _mm512_permutexvar_epi8(_mm512_loadu_si512(p - 1), t->second);
	vec third = _mm512_maskz_permutexvar_epi8(block_cont(b), b.v[0], t->third);

	return (struct block){{_mm512_ternarylogic_epi64(first, second, third, 0x80)}}; /* a & b & c
	                                                                                 */
}

#endif
