/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: utf8_look(), what simd_utf8.h asks of a block that is not all ASCII, by comparisons;
 * simd_vbmi.h has another.
 *
 * White space beyond ASCII (glibc's UTF-8 locales), those in brackets only if `no_break`:
 *
 *      C2 (A0)      E1 9A 80      E2 80 80-8A (87) A8 A9 (AF)      E2 81 9F (A0)      E3 80 80
 */
#ifndef PCOUNT_COUNT_SIMD_LOOK_H
#define PCOUNT_COUNT_SIMD_LOOK_H

/* What utf8_look() says of a block. */
struct utf8_seen {
	bool faulty;    /* not well-formed, as far as its own bytes show */
	uint64_t begin; /* bytes that do not continue a character */
	uint64_t two, three; /* last bytes of white space of two, of three bytes */
};

/* Masks of the block before; all zero if `any` is false. */
struct utf8_past {
	bool any;
	uint64_t c2, e1, e2, e3;                  /* lead bytes */
	uint64_t e1_9a, e2_80, e2_81, e3_80; /* first two bytes, marked at the second */
};

SIMD_FN struct utf8_past utf8_past_none(void)
{
	return (struct utf8_past){0};
}

/* Third bytes of E2 80 xx that are white. */
SIMD_FN uint64_t third_of_e2_80(struct block b, bool no_break)
{
	uint64_t third = block_in(b, 0x80, 0x8A) | block_in(b, 0xA8, 0xA9);

	return no_break ? third | block_eq(b, 0xAF) : third & ~block_eq(b, 0x87);
}

SIMD_FN void find_spaces(struct utf8_past *past, struct block b, bool no_break,
                         struct utf8_seen *seen)
{
	uint64_t c2 = block_eq(b, 0xC2), e1_to_e3 = block_in(b, 0xE1, 0xE3);

	if ((c2 | e1_to_e3) == 0 && !past->any)
		return;
	uint64_t x80 = block_eq(b, 0x80);
	struct utf8_past now = {
		.any = (c2 | e1_to_e3) != 0,
		.c2 = c2,
		.e1 = block_eq(b, 0xE1),
		.e2 = block_eq(b, 0xE2),
		.e3 = block_eq(b, 0xE3),
	};
	now.e1_9a = shift_in(now.e1, past->e1, 1) & block_eq(b, 0x9A);
	now.e2_80 = shift_in(now.e2, past->e2, 1) & x80;
	now.e2_81 = shift_in(now.e2, past->e2, 1) & block_eq(b, 0x81);
	now.e3_80 = shift_in(now.e3, past->e3, 1) & x80;
	seen->three = (shift_in(now.e1_9a, past->e1_9a, 1) | shift_in(now.e3_80, past->e3_80, 1)) & x80;
	seen->three |= shift_in(now.e2_80, past->e2_80, 1) & third_of_e2_80(b, no_break);
	seen->three |= shift_in(now.e2_81, past->e2_81, 1) &
	               (block_eq(b, 0x9F) | (no_break ? block_eq(b, 0xA0) : 0));
	if (no_break)
		seen->two = shift_in(c2, past->c2, 1) & block_eq(b, 0xA0);
	*past = now;
}

/* `before`: the block before. `high`: the bytes of b from 80 up. */
SIMD_FN struct utf8_seen utf8_look(struct utf8_past *past, struct block b, struct block before,
                                   uint64_t high UNUSED, unsigned needs, bool no_break)
{
	struct utf8_seen seen = {0};

	if (needs & NEED_CHARS) {
		seen.begin = ~block_cont(b);
		seen.faulty = block_faulty(b, before);
	}
	if (needs & NEED_WORDS)
		find_spaces(past, b, no_break, &seen);
	return seen;
}

#endif
