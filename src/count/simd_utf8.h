/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: lines, words and characters of UTF-8.
 *
 * Words. White space of several bytes is marked at its last byte only, by utf8_look(); its other
 * bytes pass for word material. That makes one word start too many where such a space follows
 * white space, and those are subtracted:
 *
 *      bytes     a  SP E2 80 83 b
 *      white     0  1  0  0  1  0      E2 80 83: U+2003, three bytes
 *      starts    1  0  1  0  0  1      3
 *      three, with white 3 bytes before it: 1 -> 2 words
 *
 * So only the past matters, and nothing needs to be valid.
 *
 * Characters. A block that utf8_look() finds well-formed has as many as bytes that do not continue
 * one: it counts them at their first byte, exact_look() at their last. A character cut by a border
 * between two such blocks is "pending" there: the left block owns it, the right one must not.
 */
#ifndef PCOUNT_COUNT_SIMD_UTF8_H
#define PCOUNT_COUNT_SIMD_UTF8_H

/* Sums, and what the next block must know. All of it stays in registers. */
struct utf8_state {
	uint64_t lines, words, chars;
	uint64_t high;         /* of the block before: bytes from 80 up */
	uint64_t white;        /* of the block before: last bytes of white space */
	struct block before;   /* the block before */
	struct utf8_past past; /* what utf8_look() wants to remember */
};

/* The same for text that is not well-formed, apart, since it lives in memory. */
struct utf8_faults {
	uint64_t chars, errors;
	bool faulty;        /* the block before was counted by utf8_exact(), giving `exact` */
	struct exact exact;
};

/* A block that is not well-formed, or comes after one. */
SIMD_NOINLINE void utf8_exact(struct utf8_faults *s, struct block b, struct block before)
{
	unsigned pending;

	if (s->faulty) {
		pending = exact_unfinished(&s->exact);
	} else {
		static const struct exact none = {0};
		s->exact = exact_look(before, &none);
		/* A lead byte at the very end was counted by its block, be it good or bad. */
		pending = s->exact.lead >> (BLOCK - 1) ? 1 : exact_unfinished(&s->exact);
	}
	struct exact x = exact_look(b, &s->exact);
	uint64_t ones = bits_set(x.ascii), twos = bits_set(x.end2);
	uint64_t threes = bits_set(x.end3), fours = bits_set(x.end4);
	unsigned left = exact_unfinished(&x);

	uint64_t errors = BLOCK + pending - left - (ones + 2 * twos + 3 * threes + 4 * fours);

	s->chars += ones + twos + threes + fours + (left > 0) - (pending > 0);
	s->errors += errors;
	s->exact = x;
	/* After an error stay here, or the next block might vouch for a broken prefix. */
	s->faulty = errors > 0;
}

/* Counts one block. `needs` is a constant. */
SIMD_FN void utf8_block(struct utf8_state *s, struct utf8_faults *faults, struct block b,
                        unsigned needs, bool no_break)
{
	uint64_t high = block_high(b);
	uint64_t white = 0, late = 0;

	if (needs & NEED_LINES)
		s->lines += bits_set(block_eq(b, '\n'));
	if (needs & NEED_WORDS)
		white = block_ascii_space(b);
	if (LIKELY((high | s->high >> (BLOCK - 3)) == 0)) {
		if (needs & NEED_CHARS)
			s->chars += BLOCK;
		if (needs & NEED_WORDS)
			s->words += bits_set(word_starts(white, s->white));
	} else {
		struct utf8_seen seen = utf8_look(&s->past, b, s->before, high, needs, no_break);
		if (needs & NEED_CHARS) {
			if (LIKELY(!(seen.faulty | faults->faulty)))
				s->chars += bits_set(seen.begin);
			else
				utf8_exact(faults, b, s->before);
		}
		if (needs & NEED_WORDS) {
			white |= seen.two | seen.three;
			late = (seen.two & shift_in(white, s->white, 2)) |
			       (seen.three & shift_in(white, s->white, 3));
			s->words += bits_set(word_starts(white, s->white)) - bits_set(late);
		}
	}
	s->before = b;
	s->high = high;
	s->white = white;
}

/*
 * Appends p[0..n), n > 0, which begins and ends between two characters; t is decided and has no
 * tail. `needs` is a constant.
 */
SIMD_FN void utf8_bulk(const struct counter *c, struct tally *t, const unsigned char *p, size_t n,
                       unsigned needs)
{
	struct utf8_state s = {
		.before = block_zero(),
		.white = t->ends_word ? 0 : ~UINT64_C(0),
		.past = utf8_past_none(),
	};
	struct utf8_faults faults = {0};
	bool no_break = c->cs->no_break_spaces;
	size_t i = 0;

	for (; n - i >= BLOCK; i += BLOCK)
		utf8_block(&s, &faults, block_load(p + i), needs, no_break);
	/* The last bytes; and even if there are none, what the block before left pending. */
	size_t rest = n - i;
	uint64_t white = s.white;
	if (rest > 0 || s.high >> (BLOCK - 3) != 0) {
		utf8_block(&s, &faults, block_load_part(p + i, rest), needs, no_break);
		if (needs & NEED_CHARS)
			s.chars -= BLOCK - rest;
		if (rest > 0)
			white = s.white << (BLOCK - rest);
	}
	t->ends_word = !(white >> (BLOCK - 1));
	t->lines += s.lines;
	t->words += s.words;
	t->chars += s.chars + faults.chars;
	t->errors += faults.errors;
}

#endif
