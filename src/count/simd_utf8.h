/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: lines, words and characters of UTF-8.
 *
 * Text goes by groups of blocks. A group that is not all ASCII is sorted into planes of bits
 * (simd_utf8_planes.h), on which all is found for eight vectors at a time; or its bytes are looked
 * up (simd_utf8_lookup.h) where that is faster: see BY_LOOKUP().
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
 * Characters. A group in which no faults are found has as many as bytes that do not
 * continue one: it counts them at their first byte, exact_decode() at their last. A character cut
 * by a border between two such groups is "pending" there: the left one has counted it, the right
 * one must not.
 */
#ifndef PCOUNT_COUNT_SIMD_UTF8_H
#define PCOUNT_COUNT_SIMD_UTF8_H

#include "base/utf8.h"
#include "count/edges.h"

#if VEC_LOOKUP == 64
#include "count/simd_utf8_tables.h"
#elif VEC_LOOKUP == 16
#include "count/simd_utf8_nibbles.h"
#else
#include "count/simd_utf8_compare.h"
#endif
#include "count/simd_utf8_exact.h"
#include "count/simd_utf8_planes.h"
#include "count/simd_width.h"

enum {
	LOOK_BACK = 3,
	LOOKUP_GROUP = 4, /* blocks that share hints */
	MAX_GROUP = PLANES_BYTES / BLOCK > LOOKUP_GROUP ? PLANES_BYTES / BLOCK : LOOKUP_GROUP,
	GROUP_BYTES = MAX_GROUP * BLOCK,
	PASS_BYTES = 32 << 10, /* that widths go over after the rest, in a cache near by */
};

/*
 * For which needs bytes are looked up instead of sorted into planes, which Zen 4 is slower with:
 * for words without characters, where a hint tells that most groups have no white space but
 * ASCII's; with tables of 16 also for characters without words.
 */
#if VEC_LOOKUP == 64
#define BY_LOOKUP(needs) (!((needs)&NEED_CHARS))
#elif VEC_LOOKUP == 16
#define BY_LOOKUP(needs) (!((needs)&NEED_CHARS) || !((needs)&NEED_WORDS))
#else
#define BY_LOOKUP(needs) false
#endif

/* Text that is not well-formed, apart from the rest, which stays in registers. */
struct utf8_faults {
	uint64_t chars, errors;
	bool faulty; /* the block before was counted by utf8_exact(), giving `exact` */
	struct exact exact;
};

/* Sums, and what the next group must know. */
struct utf8_state {
	uint64_t lines, words, chars;
	uint64_t white;        /* bits 61 to 63: which of the last three bytes are white */
	unsigned groups;       /* in the following sums */
	struct block line_sum; /* LF */
	struct block cont_sum; /* bytes that continue a character */
	vec start_sum;         /* word starts on planes */
	struct utf8_before before;
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

/* Counts `blocks` blocks at p that are all ASCII, as are the LOOK_BACK bytes before. */
SIMD_FN void utf8_ascii(struct utf8_state *s, const unsigned char *p, unsigned blocks,
                        unsigned needs)
{
	EACH_BLOCK
	for (unsigned i = 0; i < blocks; i++) {
		struct block b = block_load(p + i * BLOCK);
		if (needs & NEED_LINES)
			s->line_sum = sum_eq(s->line_sum, b, '\n');
		if (needs & NEED_WORDS) {
			uint64_t white = block_ascii_space(b);
			s->words += bits_set(word_starts(white, s->white));
			s->white = white;
		}
	}
}

#if VEC_LOOKUP > 0
#include "count/simd_utf8_lookup.h"
#endif

/* Adds the words of a group at p; `white`: its ASCII white space. */
SIMD_FN void utf8_words(struct utf8_state *s, const struct utf8_planes *x, const unsigned char *p,
                        vec white, bool no_break)
{
	if (UNLIKELY(planes_may_have_spaces(x, p))) {
		struct utf8_spaces spaces = planes_spaces(x, p, no_break);
		vec any = vec_or(spaces.two, spaces.three);
		if (UNLIKELY(vec_common(any, any))) {
			vec before = plane_ending(s->white);
			white = vec_or(white, any);
			vec too_many = vec_or(vec_and(spaces.two, plane_later(white, before, 2)),
			                      vec_and(spaces.three, plane_later(white, before, 3)));
			s->words -= vec_sum(vec_popcount(too_many));
		}
	}
	vec after_white = plane_later(white, plane_ending(s->white), 1);
	s->start_sum = vec_add(s->start_sum, vec_popcount(vec_and_not(after_white, white)));
	s->white = plane_end(white);
}

/* Counts PLANES_BYTES at p, not all ASCII; whether there are faults, if characters are needed. */
SIMD_FN bool utf8_sorted(struct utf8_state *s, const unsigned char *p, unsigned needs,
                         bool no_break)
{
	struct utf8_planes x = utf8_planes(p);
	vec white = planes_ascii_space(&x);

	if (needs & NEED_LINES)
		s->line_sum.v[0] =
			vec_add(s->line_sum.v[0], vec_popcount(planes_line_feed(&x, white)));
	if (needs & NEED_WORDS)
		utf8_words(s, &x, p, white, no_break);
	if (!(needs & NEED_CHARS))
		return false;
	s->cont_sum.v[0] = vec_add(s->cont_sum.v[0], vec_popcount(x.cont));
	vec faults = planes_faults(&x, &s->before);
	return vec_common(faults, faults);
}

SIMD_FN void utf8_flush(struct utf8_state *s, unsigned needs)
{
	if (needs & NEED_LINES)
		s->lines += sum_total(s->line_sum);
	if (needs & NEED_WORDS)
		s->words += vec_sum(s->start_sum);
	if (needs & NEED_CHARS)
		s->chars -= sum_total(s->cont_sum);
	s->line_sum = s->cont_sum = block_zero();
	s->start_sum = vec_set1(0);
	s->groups = 0;
}

/* No less than any byte of the `blocks` blocks at p, nor than any of the LOOK_BACK bytes before. */
SIMD_FN struct block utf8_most(const unsigned char *p, unsigned blocks)
{
	struct block most = block_load(p - LOOK_BACK);

	EACH_BLOCK
	for (unsigned i = 0; i < blocks; i++)
		most = block_bound(most, block_load(p + i * BLOCK));
	return most;
}

/*
 * Counts LOOKUP_GROUP blocks, or PLANES_BYTES, at p that are not all ASCII; again by utf8_exact(),
 * if they have faults.
 */
SIMD_FN void utf8_mixed(struct utf8_state *s, struct utf8_faults *f,
                        const struct utf8_tables *tables UNUSED, const unsigned char *p,
                        struct block most UNUSED, unsigned needs, bool no_break)
{
	const unsigned bytes = BY_LOOKUP(needs) ? LOOKUP_GROUP * BLOCK : PLANES_BYTES;
	struct block conts = s->cont_sum;
	bool faults;

#if VEC_LOOKUP > 0
	if (BY_LOOKUP(needs))
		faults = lookup_group(s, tables, p, most, needs);
	else
#endif
		faults = utf8_sorted(s, p, needs, no_break);
	if ((needs & NEED_CHARS) && UNLIKELY(f->faulty | faults)) {
		s->cont_sum = conts;
		s->chars -= bytes;
		for (unsigned i = 0; i < bytes; i += BLOCK)
			utf8_exact(f, p + i);
	}
}

/* Blocks in a group, all ASCII or not; planes in it. */
#define GROUP(needs)        (unsigned)(BY_LOOKUP(needs) ? LOOKUP_GROUP : MAX_GROUP)
#define GROUP_PLANES(needs) (unsigned)(BY_LOOKUP(needs) ? 1 : GROUP_BYTES / PLANES_BYTES)

/* Counts a group at p, with LOOK_BACK bytes before it. `needs` is a constant. */
SIMD_FN void utf8_group(struct utf8_state *s, struct utf8_faults *f,
                        const struct utf8_tables *tables, const unsigned char *p, unsigned needs,
                        bool no_break)
{
	struct block most = utf8_most(p, GROUP(needs));

	s->chars += GROUP(needs) * BLOCK;
	if (!block_has_high(most)) {
		utf8_ascii(s, p, GROUP(needs), needs);
	} else {
		fetch_ahead(p, (size_t)GROUP(needs) * BLOCK);
		if (GROUP_PLANES(needs) == 1)
			utf8_mixed(s, f, tables, p, most, needs, no_break);
		else
#pragma GCC unroll 1
			for (unsigned i = 0; i < GROUP(needs) * BLOCK; i += PLANES_BYTES)
				utf8_mixed(s, f, tables, p + i, most, needs, no_break);
	}
	/* A byte of a sum may be full: a block adds up to 1, planes up to 8. */
	if (++s->groups == 255 / (BY_LOOKUP(needs) ? GROUP(needs) : 8 * GROUP_PLANES(needs)))
		utf8_flush(s, needs);
}

/* What is known after some of the blocks of a text. */
struct utf8_so_far {
	uint64_t lines, words, chars;
	uint64_t white; /* see struct utf8_state */
	struct utf8_before before;
	struct utf8_faults faults;
};

/*
 * Appends p[0..n), with LOOK_BACK readable bytes before it, to what is known. n is a multiple of
 * GROUP_BYTES, unless it is the `last` part, to which belongs what the group before left pending.
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
		.start_sum = vec_set1(0),
		.before = so_far->before,
	};
	const bool no_break = c->cs->no_break_spaces;
	const struct utf8_tables tables = utf8_tables(no_break);
	const unsigned char *end = p + n;
	const size_t group = GROUP(needs) * BLOCK;

	for (; p + group <= end; p += group)
		utf8_group(&s, &so_far->faults, &tables, p, needs, no_break);
	if (last && (p < end || (end[-1] & 0x80))) {
		unsigned char padded[BLOCK + MAX_GROUP * BLOCK];
		size_t rest = (size_t)(end - p);
		memset(padded, VT, sizeof padded);
		memcpy(padded + BLOCK - LOOK_BACK, p - LOOK_BACK, LOOK_BACK + rest);
		utf8_group(&s, &so_far->faults, &tables, padded + BLOCK, needs, no_break);
		s.chars -= group - rest;
	}
	utf8_flush(&s, needs);
	so_far->lines += s.lines;
	so_far->words += s.words;
	so_far->chars += s.chars;
	so_far->white = s.white;
	so_far->before = s.before;
}

/*
 * Appends the beginning of p[0..n), which begins between two characters, so that the groups after
 * it begin at multiples of BLOCK and few of their loads cross a border of cache lines; how many
 * bytes. They come at the end of a group that is filled up with what goes before: word or white
 * space.
 */
SIMD_FN size_t utf8_begin(struct utf8_so_far *so_far, const struct counter *c,
                          const unsigned char *p, size_t n, utf8_blocks_fn *blocks)
{
	unsigned char padded[BLOCK + GROUP_BYTES];
	size_t first = BLOCK - (uintptr_t)p % BLOCK;

	if (first > n)
		first = n;
	memset(padded, so_far->white ? VT : 'x', sizeof padded);
	memcpy(padded + sizeof padded - first, p, first);
	blocks(so_far, c, padded + BLOCK, GROUP_BYTES, false);
	so_far->chars -= GROUP_BYTES - first;
	return first;
}

/* Is what ends at `end`, with LOOK_BACK readable bytes, white space? */
SIMD_FN bool utf8_ends_white(const unsigned char *end, bool no_break)
{
	for (size_t len = 1; len <= LOOK_BACK; len++)
		if (utf8_character(end - len, len) == len)
			return charset_utf8_space(utf8_decode(end - len), no_break);
	return false;
}

/* Appends p[0..n) to the widths too, in turns of PASS_BYTES. */
SIMD_APART void utf8_with_width(struct counter *c, struct tally *t, struct utf8_so_far *so_far,
                                const unsigned char *p, size_t n, utf8_blocks_fn *blocks)
{
	struct width_scan scan = width_begin(c, t, p, p + n);
	const unsigned char *to = p + utf8_begin(so_far, c, p, n, blocks); /* for the rest */
	size_t groups;
	bool last;

	do {
		last = n <= PASS_BYTES;
		groups = last ? n / WIDTH_GROUP_BYTES * WIDTH_GROUP_BYTES : PASS_BYTES;
		size_t rest = (size_t)(p + (last ? n : groups) - to);
		if (!last)
			rest -= rest % GROUP_BYTES;
		blocks(so_far, c, to, rest, last);
		to += rest;
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
	struct utf8_so_far so_far = {.white = t->ends_word ? 0 : ~UINT64_C(0)};

	if (needs & NEED_WIDTH) {
		utf8_with_width(c, t, &so_far, p, n, blocks);
	} else {
		size_t first = utf8_begin(&so_far, c, p, n, blocks);
		blocks(&so_far, c, p + first, n - first, true);
	}
	if (needs & NEED_WORDS)
		t->ends_word = !utf8_ends_white(p + n, c->cs->no_break_spaces);
	t->lines += so_far.lines;
	t->words += so_far.words;
	if (needs & NEED_CHARS)
		t->chars += so_far.chars + so_far.faults.chars;
	t->errors += so_far.faults.errors;
}

#endif
