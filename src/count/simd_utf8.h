/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: lines, words and characters of UTF-8.
 *
 * Words. White space of several bytes is marked at its last byte only; its other bytes count as
 * word material. That makes one word start too many where such a space follows white space, and
 * those are subtracted:
 *
 *      bytes     a  SP E2 80 83 b
 *      white     0  1  0  0  1  0      E2 80 83: U+2003, three bytes
 *      starts    1  0  1  0  0  1      3
 *      three, with white 3 bytes before it: 1 -> 2 words
 *
 * So only the past matters, and nothing needs to be valid.
 *
 * Characters. A block in which block_faults() finds nothing has as many as bytes that do not
 * continue one: it counts them at their first byte, exact_decode() at their last. A character cut
 * by a border between two such blocks is "pending" there: the left block has counted it, the right
 * one must not.
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
#ifndef PCOUNT_COUNT_SIMD_UTF8_H
#define PCOUNT_COUNT_SIMD_UTF8_H

#include "count/edges.h"

#if VEC_LOOKUP == 64
#include "count/simd_utf8_tables.h"
#elif VEC_LOOKUP == 16
#include "count/simd_utf8_nibbles.h"
#else
#include "count/simd_utf8_compare.h"
#endif
#include "count/simd_utf8_exact.h"
#include "count/simd_width.h"

enum {
	LOOK_BACK = 3,
	GROUP = 4, /* blocks */
	GROUP_BYTES = GROUP * BLOCK,
	SUM_GROUPS = 255 / GROUP, /* until a lane of a sum may be full */
	PASS_BYTES = 64 << 10, /* that widths go over after the rest, still in the second cache */
};

/*
 * Characters and words each in a loop of its own: with tables of 64 they share lookups, and words
 * of 64 bits are in general registers, which are too few anyway.
 */
#if VEC_LOOKUP == 64 || defined VEC_MANY
enum { UTF8_APART = false };
#else
enum { UTF8_APART = true };
#endif

/* Text that is not well-formed, apart from the rest, which stays in registers. */
struct utf8_faults {
	uint64_t chars, errors;
	bool faulty; /* the block before was counted by utf8_exact(), giving `exact` */
	struct exact exact;
};

/* Sums, and what the next block must know. */
struct utf8_state {
	uint64_t lines, words, chars;
	uint64_t white;          /* of the block before: last bytes of white space */
	unsigned groups;         /* in the following sums */
	struct block line_sum;   /* LF */
	struct block cont_sum;   /* bytes that continue a character */
	struct utf8_hints hints; /* of the group in hand */
};

/* The block at p, which is not well-formed, or comes after one. */
SIMD_APART void utf8_exact(struct utf8_faults *f, const unsigned char *p)
{
	unsigned pending;

	if (f->faulty) {
		pending = exact_unfinished(&f->exact);
	} else {
		static const struct exact none = {0};
		unsigned char before[BLOCK] = {0};
		memcpy(before + BLOCK - LOOK_BACK, p - LOOK_BACK, LOOK_BACK);
		f->exact = exact_decode(block_load(before), &none);
		/* A lead byte at the very end was counted by its block, valid or not. */
		pending = f->exact.lead >> (BLOCK - 1) ? 1 : exact_unfinished(&f->exact);
	}
	struct exact x = exact_decode(block_load(p), &f->exact);
	uint64_t ones = bits_set(x.ascii), twos = bits_set(x.end2);
	uint64_t threes = bits_set(x.end3), fours = bits_set(x.end4);
	unsigned left = exact_unfinished(&x);
	uint64_t errors = BLOCK + pending - left - (ones + 2 * twos + 3 * threes + 4 * fours);

	f->chars += ones + twos + threes + fours + (left > 0) - (pending > 0);
	f->errors += errors;
	f->exact = x;
	/* After an error stay here, or the next block might vouch for a broken prefix. */
	f->faulty = errors > 0;
}

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
SIMD_FN void utf8_words(struct utf8_state *s, const struct utf8_tables *tables,
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

/* Counts `blocks` blocks at p that are all ASCII, as are the LOOK_BACK bytes before. */
SIMD_FN void utf8_ascii(struct utf8_state *s, const struct utf8_tables *tables,
                        const unsigned char *p, unsigned blocks, unsigned needs)
{
	EACH_BLOCK
	for (unsigned i = 0; i < blocks; i++) {
		if (needs & NEED_LINES)
			s->line_sum = sum_eq(s->line_sum, block_load(p + i * BLOCK), '\n');
		if (needs & NEED_WORDS)
			utf8_words(s, tables, p + i * BLOCK, false);
	}
}

/*
 * May the blocks at p have white space of several bytes? Quotes, dashes and the full stops of CJK
 * begin with the same two bytes, but are far more common.
 */
SIMD_FN bool utf8_has_spaces(const struct utf8_tables *tables, const unsigned char *p,
                             unsigned blocks)
{
	struct block spaces = block_zero();

	if (VEC_LOOKUP == 0)
		return true;
	EACH_BLOCK
	for (unsigned i = 0; i < blocks; i++, p += BLOCK)
		spaces = block_or(spaces, block_maybe_spaces(tables, block_load(p), p));
	return UNLIKELY(block_any(spaces));
}

/* Adds to lines and characters, and to s->hints, what the blocks at p have of `needs`. */
SIMD_FN void utf8_sum(struct utf8_state *s, const struct utf8_tables *tables,
                      const unsigned char *p, unsigned blocks, unsigned needs, unsigned longest)
{
	EACH_BLOCK
	for (unsigned i = 0; i < blocks; i++) {
		struct block b = block_load(p + i * BLOCK);
		if (needs & NEED_LINES)
			s->line_sum = sum_eq(s->line_sum, b, '\n');
		if (needs & NEED_CHARS)
			s->cont_sum = sum_cont(s->cont_sum, b);
		utf8_hints_add(&s->hints, tables, b, p + i * BLOCK, needs, longest);
	}
}

/* That, where no byte is greater than `most`: the fewer bytes a character has, the less is to do.
 */
SIMD_FN void utf8_sum_by_longest(struct utf8_state *s, const struct utf8_tables *tables,
                                 const unsigned char *p, unsigned blocks, struct block most,
                                 unsigned needs)
{
	if (blocks == 1)
		utf8_sum(s, tables, p, blocks, needs, 4);
	else if (!block_has_from(most, 0xE0))
		utf8_sum(s, tables, p, blocks, needs, 2);
	else if (!block_has_from(most, 0xF0))
		utf8_sum(s, tables, p, blocks, needs, 3);
	else
		utf8_sum(s, tables, p, blocks, needs, 4);
}

/*
 * Counts `blocks` blocks at p that are not all ASCII, gathering their faults in s->hints. Words
 * come second, when it is known whether there may be any white space but ASCII's, which is costly
 * to find. Characters come first, in a loop of their own where there are few registers.
 */
SIMD_FN void utf8_mixed(struct utf8_state *s, const struct utf8_tables *tables,
                        const unsigned char *p, unsigned blocks, struct block most, unsigned needs)
{
	s->hints = utf8_hints_start(p);
	if (!(needs & NEED_WORDS)) {
		utf8_sum_by_longest(s, tables, p, blocks, most, needs);
		return;
	}
	if (UTF8_APART && (needs & NEED_CHARS)) {
		utf8_sum_by_longest(s, tables, p, blocks, most, NEED_CHARS);
		needs &= ~(unsigned)NEED_CHARS;
	}
	utf8_sum(s, tables, p, blocks, needs, 4);
	if (utf8_hints_spaces(&s->hints) && utf8_has_spaces(tables, p, blocks)) {
#pragma GCC unroll 1
		for (unsigned i = 0; i < blocks; i++)
			utf8_words(s, tables, p + i * BLOCK, true);
		return;
	}
	EACH_BLOCK
	for (unsigned i = 0; i < blocks; i++)
		utf8_words(s, tables, p + i * BLOCK, false);
}

SIMD_FN void utf8_flush(struct utf8_state *s, unsigned needs)
{
	if (needs & NEED_LINES)
		s->lines += sum_total(s->line_sum);
	if (needs & NEED_CHARS)
		s->chars -= sum_total(s->cont_sum);
	s->line_sum = s->cont_sum = block_zero();
	s->groups = 0;
}

/*
 * Counts `blocks` blocks at p, with LOOK_BACK bytes before it. `blocks` and `needs` are constants.
 */
SIMD_FN void utf8_group(struct utf8_state *s, struct utf8_faults *f,
                        const struct utf8_tables *tables, const unsigned char *p, unsigned blocks,
                        unsigned needs)
{
	struct block most = block_load(p - LOOK_BACK);

	EACH_BLOCK
	for (unsigned i = 0; i < blocks; i++)
		most = block_bound(most, block_load(p + i * BLOCK));
	if (!block_has_high(most)) {
		utf8_ascii(s, tables, p, blocks, needs);
		s->chars += blocks * BLOCK;
	} else {
		struct block conts = s->cont_sum;
		utf8_mixed(s, tables, p, blocks, most, needs);
		s->chars += blocks * BLOCK;
		if ((needs & NEED_CHARS) && UNLIKELY(f->faulty | utf8_hints_faults(&s->hints))) {
			s->cont_sum = conts;
			s->chars -= blocks * BLOCK;
			for (unsigned i = 0; i < blocks; i++)
				utf8_exact(f, p + i * BLOCK);
		}
	}
	if (++s->groups == SUM_GROUPS)
		utf8_flush(s, needs);
}

/* What is known after some of the blocks of a text. */
struct utf8_so_far {
	uint64_t lines, words, chars;
	uint64_t white; /* see struct utf8_state */
	struct utf8_faults faults;
};

/*
 * Appends p[0..n), with LOOK_BACK readable bytes before it, to what is known. n is a multiple of
 * BLOCK, unless it is the `last` part, to which belongs what the block before left pending.
 */
typedef void utf8_blocks_fn(struct utf8_so_far *so_far, const struct counter *c,
                            const unsigned char *p, size_t n, bool last);

/*
 * The body of those. There is one for each set of needs, with widths or without, since this is most
 * of the code of a kernel and of the time to compile it. `needs` is a constant.
 */
SIMD_FN void utf8_blocks(struct utf8_so_far *so_far, const struct counter *c,
                         const unsigned char *p, size_t n, bool last, unsigned needs)
{
	struct utf8_state s = {
		.white = so_far->white,
		.line_sum = block_zero(),
		.cont_sum = block_zero(),
	};
	const struct utf8_tables tables = utf8_tables(c->cs->no_break_spaces);
	const unsigned char *end = p + n;
	size_t groups = n / GROUP_BYTES * GROUP_BYTES;
	unsigned char padded[BLOCK + BLOCK];
	size_t padding = 0;

	for (size_t i = 0; i < groups; i += GROUP_BYTES) {
		fetch_ahead(p + i, GROUP_BYTES);
		utf8_group(&s, &so_far->faults, &tables, p + i, GROUP, needs);
	}
	p += groups;
	last &= n % BLOCK > 0 || (end[-1] & 0x80);
	uint64_t white = s.white;
	while (p < end || last) {
		const unsigned char *at = p;
		p += BLOCK;
		if (p > end) {
			padding = (size_t)(p - end);
			memset(padded, VT, sizeof padded);
			memcpy(padded + BLOCK - LOOK_BACK, at - LOOK_BACK,
			       LOOK_BACK + BLOCK - padding);
			at = padded + BLOCK;
			last = false;
		}
		utf8_group(&s, &so_far->faults, &tables, at, 1, needs);
		if ((needs & NEED_WORDS) && padding < BLOCK)
			white = s.white << padding;
	}
	utf8_flush(&s, needs);
	so_far->lines += s.lines;
	so_far->words += s.words;
	so_far->chars += s.chars - padding;
	so_far->white = white;
}

/* Appends p[0..n) to the widths too, in turns, while it is in the second cache. */
SIMD_APART void utf8_with_width(struct counter *c, struct tally *t, struct utf8_so_far *so_far,
                                const unsigned char *p, size_t n, utf8_blocks_fn *blocks)
{
	struct width_scan scan = width_begin(c, t, p, p + n);
	size_t groups;
	bool last;

	do {
		last = n <= PASS_BYTES;
		groups = last ? n / GROUP_BYTES * GROUP_BYTES : PASS_BYTES;
		blocks(so_far, c, p, last ? n : groups, last);
		width_groups(&scan, p, p + groups, false);
		p += groups;
		n -= groups;
	} while (!last);
	width_rest(&scan, p, n, false);
	width_end(&scan, t, false);
}

/*
 * Appends p[0..n), n > 0, with LOOK_BACK readable bytes before it, which begins and ends between
 * two characters; t is decided and has no tail. Widths only if t is broken. `blocks`: for `needs`.
 */
SIMD_APART void utf8_bulk(struct counter *c, struct tally *t, const unsigned char *p, size_t n,
                          unsigned needs, utf8_blocks_fn *blocks)
{
	struct utf8_so_far so_far = {
		.white = t->ends_word ? 0 : ~UINT64_C(0),
		/* Bytes before p belong to no block that has counted them at their first byte. */
		.faults.faulty = ((p[-1] | p[-2] | p[-3]) & 0x80) != 0,
	};

	if (needs & NEED_WIDTH)
		utf8_with_width(c, t, &so_far, p, n, blocks);
	else
		blocks(&so_far, c, p, n, true);
	if (needs & NEED_WORDS)
		t->ends_word = !(so_far.white >> (BLOCK - 1));
	t->lines += so_far.lines;
	t->words += so_far.words;
	if (needs & NEED_CHARS)
		t->chars += so_far.chars + so_far.faults.chars;
	t->errors += so_far.faults.errors;
}

#endif
