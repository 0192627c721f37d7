/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: words, or characters, of UTF-8 by lookups of bytes, where that is faster than planes:
 * see BY_LOOKUP() in simd_utf8.h.
 *
 * Moving a mask to a general register is costly (2 cycles on Zen 4, and as much for AVX2's two
 * halves), so only white space is a mask there; lines and characters are summed up in vectors, and
 * faults gathered over a group of blocks. That is 2 to 3 times as fast as masks for all.
 *
 * What finds faults and white space depends on the tables that the instruction set has. For the
 * block b at p, looking up to three bytes back, which must be readable, it gives
 *      block_faults(tables, b, p, longest)
 *                                  not 0: not well-formed, as far as its own bytes show (a faulty
 *                                  lead byte at its end, or one that lacks followers, does not);
 *                                  longest: constant, no character in sight has more bytes
 *      block_spaces(tables, b, p)  not 0: maybe the last byte of white space of two or three
 *      block_maybe_spaces(tables, b, p)
 *                                  not 0 wherever block_spaces() is not
 * and, for a group of blocks, whether there may be either: utf8_hints_start(), utf8_hints_add() for
 * each block, utf8_hints_faults(), utf8_hints_spaces().
 */
#ifndef PCOUNT_COUNT_SIMD_UTF8_LOOKUP_H
#define PCOUNT_COUNT_SIMD_UTF8_LOOKUP_H

/* Adds to *white the last bytes of longer spaces; how many word starts are then too many. */
SIMD_FN uint64_t mark_spaces(struct block spaces, const unsigned char *p, uint64_t *white,
                             uint64_t white_before)
{
	struct block first = block_load(p - 2), second = block_load(p - 1);
	uint64_t marked = block_nonzero(spaces);
	uint64_t two = marked & block_eq(second, 0xC2);
	/* 82 is taken for C2 in simd_utf8_tables.h, and is no second byte of any white space. */
	uint64_t three =
		marked & block_ge(first, 0xE0) & block_cont(second) & ~block_eq(second, 0x82);

	*white |= two | three;
	return bits_set((two & shift_in(*white, white_before, 2)) |
	                (three & shift_in(*white, white_before, 3)));
}

/*
 * Adds the words of the block at p; `longer` (there may be white space of several bytes): constant.
 */
SIMD_FN void lookup_words(struct utf8_state *s, const struct utf8_tables *tables,
                          const unsigned char *p, bool longer)
{
	struct block b = block_load(p);
	uint64_t white = block_ascii_space(b);

	if (longer) {
		struct block spaces = block_spaces(tables, b, p);
		if (block_any(spaces))
			s->words -= mark_spaces(spaces, p, &white, s->white);
	}
	s->words += bits_set(word_starts(white, s->white));
	s->white = white;
}

/*
 * May the blocks at p have white space of several bytes? Quotes, dashes and the full stops of CJK
 * begin with the same two bytes, but are far more common.
 */
SIMD_FN bool lookup_has_spaces(const struct utf8_tables *tables, const unsigned char *p,
                               unsigned blocks)
{
	struct block spaces = block_zero();

	EACH_BLOCK
	for (unsigned i = 0; i < blocks; i++, p += BLOCK)
		spaces = block_or(spaces, block_maybe_spaces(tables, block_load(p), p));
	return UNLIKELY(block_any(spaces));
}

/*
 * Adds lines and characters of LOOKUP_GROUP blocks at p, as far as they are needed, none of more
 * bytes than `longest`; what they may have.
 */
SIMD_FN struct utf8_hints lookup_sum(struct utf8_state *s, const struct utf8_tables *tables,
                                     const unsigned char *p, unsigned needs, unsigned longest)
{
	struct utf8_hints hints = utf8_hints_start(p);

	EACH_BLOCK
	for (unsigned i = 0; i < LOOKUP_GROUP; i++) {
		struct block b = block_load(p + i * BLOCK);
		if (needs & NEED_LINES)
			s->line_sum = sum_eq(s->line_sum, b, '\n');
		if (needs & NEED_CHARS)
			s->cont_sum = sum_cont(s->cont_sum, b);
		utf8_hints_add(&hints, tables, b, p + i * BLOCK, needs, longest);
	}
	return hints;
}

/*
 * Lines and words of LOOKUP_GROUP blocks at p, not all ASCII. Words come second, when it is known
 * whether there may be any white space but ASCII's, which is costly to find.
 */
SIMD_FN void lookup_lines_words(struct utf8_state *s, const struct utf8_tables *tables,
                                const unsigned char *p, unsigned needs)
{
	struct utf8_hints hints = lookup_sum(s, tables, p, needs, 4);

	if (utf8_hints_spaces(&hints) && lookup_has_spaces(tables, p, LOOKUP_GROUP)) {
#pragma GCC unroll 1
		for (unsigned i = 0; i < LOOKUP_GROUP; i++)
			lookup_words(s, tables, p + i * BLOCK, true);
		return;
	}
	EACH_BLOCK
	for (unsigned i = 0; i < LOOKUP_GROUP; i++)
		lookup_words(s, tables, p + i * BLOCK, false);
}

/* Lines and characters of those blocks; whether there are faults. */
SIMD_FN bool lookup_lines_chars(struct utf8_state *s, const struct utf8_tables *tables,
                                const unsigned char *p, unsigned needs, unsigned longest)
{
	struct utf8_hints hints = lookup_sum(s, tables, p, needs, longest);

	return utf8_hints_faults(&hints);
}

/* LOOKUP_GROUP blocks at p, not all ASCII; whether there are faults, if characters are needed. */
SIMD_FN bool lookup_group(struct utf8_state *s, const struct utf8_tables *tables,
                          const unsigned char *p, struct block most, unsigned needs)
{
	if (needs & NEED_WORDS) {
		lookup_lines_words(s, tables, p, needs);
		return false;
	}
	/* The fewer bytes a character has, the less is to do. */
	if (!block_has_from(most, 0xE0))
		return lookup_lines_chars(s, tables, p, needs, 2);
	if (!block_has_from(most, 0xF0))
		return lookup_lines_chars(s, tables, p, needs, 3);
	return lookup_lines_chars(s, tables, p, needs, 4);
}

#endif
