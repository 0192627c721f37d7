/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: the width of the widest line.
 *
 * Most lines are not measured at all. A line cannot be wider than a sum over its bytes: 1 for each
 * that does not continue a character, 1 more for each that begins a character which may be wide,
 * 7 more for each TAB. Only a line whose sum exceeds the widest so far is measured exactly:
 *
 *      block     . . . LF . . . . . LF . . . .
 *      sums      first |   inner    |   last       first: with `bound`, the line's so far
 *
 * so a block costs a mask of its line ends, a sum for `first` and one for `last`; of `inner` only
 * that it has no run of bytes longer than the widest line. In ASCII without TABs, sums are lengths.
 * Four blocks are summed up in the hope that none of their lines is of interest, and only inspected
 * one by one if it fails.
 */
#ifndef PCOUNT_COUNT_SIMD_WIDTH_H
#define PCOUNT_COUNT_SIMD_WIDTH_H

#include "base/utf8.h"
#include "count/width.h"

#include <string.h>

enum {
	MEASURE_STEP = 1024, /* bytes of a long line measured at a time */
	WIDTH_GROUP = 4,     /* blocks */
	WIDTH_AHEAD = 3,     /* bytes of a character after its first */
};

/* Bytes of a block that begin a character which has a column, and those which have a second one. */
struct width_marks {
	uint64_t one, two;
};

#if VEC_LOOKUP == 64
#include "count/simd_pages.h"
#endif

/* One mask for each kind of byte; `one` and `two` as far as they may have columns. */
struct width_masks {
	uint64_t breaks; /* LF, FF, CR */
	uint64_t tabs;
	uint64_t one; /* may have a column, or is a TAB */
	uint64_t two; /* may have two */
};

/* A scan in the midst of a line that began after a break. */
struct width_scan {
	struct counter *c;
	const unsigned char *end; /* of the text */
	uint64_t since;  /* bytes before the block in hand since the line began, or measured ones */
	uint64_t bound;  /* the line is no wider than this up to the block in hand */
	uint64_t widest; /* lines no wider than this are of no interest */
	uint64_t measured;           /* the widest line that was measured */
	struct width_run run;        /* what was measured of the line in hand, */
	const unsigned char *run_to; /* if it was to where `since` begins; else none of it was */
};

/* Bytes that have a column in a single-byte charset, or in UTF-8 (`single` false) if ASCII. */
SIMD_FN uint64_t block_print(const struct counter *c, struct block b, bool single)
{
	uint64_t print = block_in(b, ' ', '~');

	if (single)
		for (unsigned i = 0; i < c->bytes.prints; i++)
			print |= block_in(b, c->bytes.print[i].lo, c->bytes.print[i].hi);
	return print;
}

/* What a group of blocks may have, as constants. */
struct width_kinds {
	bool tabs, wide;
};

/* Those of a block: bounds, maybe too many, never too few. `kinds` and `single` are constants. */
SIMD_FN struct width_masks width_masks(const struct counter *c, struct block b,
                                       struct width_kinds kinds, bool single)
{
	struct width_masks masks = {
		.breaks = block_breaks(b),
		.tabs = kinds.tabs ? block_eq(b, '\t') : 0,
	};

	if (single) {
		masks.one = block_print(c, b, true) | masks.tabs;
		return masks;
	}
	masks.one = ~block_cont(b) & ~masks.breaks;
	masks.two = kinds.wide ? block_ge(b, c->wide_from) : 0;
	return masks;
}

/* The sum over the bytes in `where`. */
SIMD_FN uint64_t width_sum(struct width_masks masks, uint64_t where)
{
	uint64_t sum = bits_set(masks.one & where) + bits_set(masks.two & where);

	if (masks.tabs & where)
		sum += 7 * bits_set(masks.tabs & where);
	return sum;
}

/* Adds the columns in `print` and the TABs to a run. */
SIMD_FN void width_add(struct width_run *run, uint64_t print, uint64_t tabs)
{
	uint64_t *columns = run->tab ? &run->after : &run->before;

	for (; tabs; tabs &= tabs - 1) {
		uint64_t upto = tabs ^ (tabs - 1); /* bits up to the first TAB */
		*columns += bits_set(print & upto);
		print &= ~upto;
		if (run->tab)
			run->after = (run->after & ~UINT64_C(7)) + 8;
		run->tab = true;
		columns = &run->after;
	}
	*columns += bits_set(print);
}

/*
 * The lead bytes of well-formed characters in the UTF-8 block b at p, which begins between two
 * characters. *cut: bytes of a character that the block cuts, whose lead byte is not among them.
 */
SIMD_FN uint64_t width_leads(struct block b, const unsigned char *p, unsigned *cut)
{
	static const struct exact none = {0};
	const struct utf8_tables tables = utf8_tables(false);

	if (LIKELY(!block_any(block_faults(&tables, b, p, 4)))) {
		/* A lead byte at the end is that of a character cut, or of none. */
		*cut = (unsigned)utf8_unfinished(p, BLOCK);
		return block_ge(b, 0xC0) & ~UINT64_C(0) >> (*cut ? *cut : 1);
	}
	struct exact x = exact_decode(b, &none);
	*cut = exact_unfinished(&x);
	return x.end2 >> 1 | x.end3 >> 2 | x.end4 >> 3;
}

/*
 * Sum of the columns of the characters whose lead bytes `leads` marks at p. With PEXT (where it is
 * fast: AVX-512 came later) without a branch on their lengths; `readable`: 3 bytes after the block
 * may be read.
 */
SIMD_FN uint64_t width_sum_leads(struct counter *c, const unsigned char *p, uint64_t leads,
                                 bool readable)
{
#ifdef VEC_PEXT
	/*
	 * By the lead byte's bits 5 and 4: the bits of the code point in the four bytes from it on.
	 */
	static const uint32_t points[4] = {0x1F3F0000, 0x1F3F0000, 0x0F3F3F00, 0x073F3F3F};
	uint64_t sum = 0;

	if (LIKELY(readable)) {
		for (; leads; leads &= leads - 1) {
			uint32_t bytes;
			memcpy(&bytes, p + __builtin_ctzll(leads), sizeof bytes);
			bytes = __builtin_bswap32(bytes);
			sum += width_of(c, _pext_u32(bytes, points[bytes >> 28 & 3]));
		}
		return sum;
	}
#endif
	(void)readable;
	return width_of_leads(c, p, leads);
}

/*
 * Adds the block's bytes `within` to a run; how many bytes the block had, without a last one cut.
 */
SIMD_FN size_t width_mixed(struct counter *c, struct width_run *run, struct block b,
                           const unsigned char *p, uint64_t within, bool readable)
{
	unsigned cut;
	uint64_t leads = width_leads(b, p, &cut) & within,
		 print = block_print(c, b, false) & within;
	uint64_t tabs = block_eq(b, '\t') & within;
	struct width_marks marks = {0};

#if VEC_LOOKUP == 64
	if (readable) {
		marks = width_marks_exact(c, b, p, leads);
		print |= marks.one & leads;
		marks.two &= leads;
		leads = 0;
	}
#endif
	for (; tabs; tabs &= tabs - 1) { /* to each TAB, and it */
		uint64_t upto = tabs ^ (tabs - 1);
		*(run->tab ? &run->after : &run->before) +=
			width_sum_leads(c, p, leads & upto, readable) + bits_set(marks.two & upto);
		width_add(run, print & upto, tabs & upto);
		leads &= ~upto;
		print &= ~upto;
		marks.two &= ~upto;
	}
	*(run->tab ? &run->after : &run->before) +=
		bits_set(print) + bits_set(marks.two) + width_sum_leads(c, p, leads, readable);
	return BLOCK - cut;
}

/* Adds the bytes `within` of the block b, all of single-byte charsets or ASCII, to a run. */
SIMD_FN void width_plain(const struct counter *c, struct width_run *run, struct block b,
                         uint64_t within, bool single)
{
	width_add(run, block_print(c, b, single) & within, block_eq(b, '\t') & within);
}

SIMD_FN void width_measure_bytes(const struct counter *c, struct width_run *run,
                                 const unsigned char *p, size_t n, const unsigned char *end)
{
	for (; n > 0; n -= n < BLOCK ? n : BLOCK, p += BLOCK) {
		struct block b = end - p >= BLOCK ? block_load(p) : block_load_part(p, n);
		width_plain(c, run, b, bits_below(n), true);
	}
}

/*
 * Adds p[0..n), which has no break, to a run; bytes up to `end`, not before p + n, may be read.
 * UTF-8: p is at a character, and so is p + n.
 */
SIMD_APART void width_measure(struct counter *c, struct width_run *run, const unsigned char *p,
                              size_t n, const unsigned char *end, bool single)
{
	if (single) {
		width_measure_bytes(c, run, p, n, end);
		return;
	}
	for (size_t i = 0; i < n;) {
		size_t rest = n - i;
		bool whole = (size_t)(end - p) - i >= BLOCK;
		uint64_t within = bits_below(rest);
		struct block b = whole ? block_load(p + i) : block_load_part(p + i, rest);
		if ((block_high(b) & within) == 0) {
			width_plain(c, run, b, within, false);
			i += BLOCK;
		} else if (whole) {
			i += width_mixed(c, run, b, p + i, within,
			                 (size_t)(end - p) - i >= BLOCK + WIDTH_AHEAD);
		} else {
			i += width_measure_utf8(c, run, p + i, rest, BLOCK);
		}
	}
}

/* The first break in [p, end), or end. */
SIMD_FN const unsigned char *find_break(const unsigned char *p, const unsigned char *end)
{
	for (; end - p >= BLOCK; p += BLOCK) {
		uint64_t breaks = block_breaks(block_load(p));
		if (breaks)
			return p + __builtin_ctzll(breaks);
	}
	if (p < end) {
		uint64_t breaks = block_breaks(block_load_part(p, (size_t)(end - p)));
		return breaks ? p + __builtin_ctzll(breaks) : end;
	}
	return end;
}

/* Measures the line in hand, which began at `from` or is measured to there, up to `to`. */
SIMD_FN void scan_measure(struct width_scan *s, const unsigned char *from, const unsigned char *to,
                          bool single)
{
	struct width_run run = {0};

	if (from == s->run_to)
		run = s->run;
	width_measure(s->c, &run, from, (size_t)(to - from), s->end, single);
	s->run = run;
	s->run_to = to;
}

/* Scans the n bytes at p, a block at most, that may have a line which is wider than the widest. */
SIMD_APART void scan_measure_lines(struct width_scan *s, const unsigned char *p, size_t n,
                                   struct width_masks masks, bool single)
{
	const unsigned char *from = p - s->since;
	uint64_t left = bits_below(n);

	for (uint64_t breaks = masks.breaks; breaks; breaks &= breaks - 1) {
		const unsigned char *at = p + __builtin_ctzll(breaks);
		uint64_t upto = breaks ^ (breaks - 1);
		if (s->bound + width_sum(masks, left & upto) > s->widest) {
			scan_measure(s, from, at, single);
			s->measured = max_u64(s->measured, width_run_end(s->run));
			s->widest = max_u64(s->widest, s->measured);
		}
		from = at + 1;
		s->bound = 0;
		left &= ~upto;
	}
	s->bound += width_sum(masks, left);
	/* A long line that goes on beyond the block: what it has so far. */
	if (s->bound > s->widest && (size_t)(p + n - from) >= MEASURE_STEP) {
		size_t cut = single ? 0 : utf8_unfinished(from, (size_t)(p + n - from));
		scan_measure(s, from, p + n - cut, single);
		from = s->run_to;
		s->bound = width_run_end(s->run) + (cut > 0 ? 2 : 0);
	}
	s->since = (size_t)(p + n - from);
}

/* Is there a run of more than `limit` (below 64) bits set? By doubling: ANDing runs upon runs. */
SIMD_FN bool has_run(uint64_t bits, uint64_t limit)
{
	unsigned length = (unsigned)limit + 1, done = 1;

	for (; 2 * done <= length; done *= 2)
		bits &= bits >> done;
	return (bits & bits >> (length - done)) != 0;
}

/* All bits if x has none, else none. */
SIMD_FN uint64_t none_set(uint64_t x)
{
	return -(leading_zeros(x) / 64);
}

/* Of a block: columns to its first break, and after its last one; no break: all, both. */
struct width_sums {
	uint64_t first, last;
};

SIMD_FN struct width_sums width_sums(struct width_masks masks)
{
	uint64_t after = leading_zeros(masks.breaks) & (BLOCK - 1);
	uint64_t to_last = ~UINT64_C(0) >> after & ~none_set(masks.breaks);

	return (struct width_sums){
		width_sum(masks, masks.breaks ^ (masks.breaks - 1)),
		width_sum(masks, ~to_last),
	};
}

/* A block with these breaks is passed, no line in it being of interest. */
SIMD_FN void scan_pass(struct width_scan *s, uint64_t breaks, uint64_t last)
{
	uint64_t goes_on = none_set(breaks);

	s->since = (s->since & goes_on) + leading_zeros(breaks);
	s->bound = (s->bound & goes_on) + last;
}

/* Scans a block of n bytes at p that has these masks. */
SIMD_FN void scan_block(struct width_scan *s, const unsigned char *p, size_t n,
                        struct width_masks masks, bool single)
{
	struct width_sums sums = width_sums(masks);
	/* What a line has before its end is of interest only if it is long. */
	bool wider = s->bound + sums.first > s->widest &&
	             (masks.breaks || s->since + BLOCK >= MEASURE_STEP);

	if (masks.breaks & (masks.breaks - 1)) { /* lines lie within */
		if (masks.tabs)
			wider |= width_sum(masks, ~UINT64_C(0)) > s->widest;
		else if (s->widest < BLOCK) /* none is wider than it is long */
			wider |= has_run(~masks.breaks, s->widest);
	}
	if (wider) {
		struct width_scan copy = *s; /* so that *s itself stays in registers */
		scan_measure_lines(&copy, p, n, masks, single);
		*s = copy;
	} else {
		scan_pass(s, masks.breaks, sums.last);
		s->since -= BLOCK - n;
	}
}

SIMD_FN void scan_blocks(struct width_scan *s, const unsigned char *p, struct width_kinds kinds,
                         bool single)
{
#pragma GCC unroll 1
	for (unsigned i = 0; i < WIDTH_GROUP; i++, p += BLOCK)
		scan_block(s, p, BLOCK, width_masks(s->c, block_load(p), kinds, single), single);
}

/*
 * Scans WIDTH_GROUP blocks at p without TABs, in the hope that no line in them is of interest:
 * whether a block has a break is hard to predict, so nothing branches on it. `ascii`, a constant:
 * they are all ASCII, and sums are distances; control characters are not worth more work.
 */
SIMD_FN void scan_group(struct width_scan *s, const unsigned char *p, struct width_kinds kinds,
                        bool ascii, bool single)
{
	struct width_scan next = *s;
	uint64_t widest = 0;

	EACH_BLOCK
	for (unsigned i = 0; i < WIDTH_GROUP; i++) {
		struct block b = block_load(p + i * BLOCK);
		struct width_masks masks = {.breaks = block_breaks(b)};
		struct width_sums sums = {trailing_zeros(masks.breaks),
		                          leading_zeros(masks.breaks)};
		if (!ascii) {
			masks = width_masks(s->c, b, kinds, single);
			sums = width_sums(masks);
		}
		widest = max_u64(widest, next.bound + sums.first);
		scan_pass(&next, masks.breaks, sums.last);
	}
	if (LIKELY(widest <= s->widest && s->widest >= BLOCK)) {
		s->since = next.since;
		s->bound = next.bound;
	} else {
		scan_blocks(s, p, kinds, single);
	}
}

/*
 * Scans WIDTH_GROUP blocks at p. A mask costs 2 cycles (Zen 4), so none is made that would be
 * empty.
 */
SIMD_FN void width_group(struct width_scan *s, const unsigned char *p, bool single)
{
	const struct width_kinds narrow = {0}, wide = {.wide = true},
				 all = {.wide = true, .tabs = true};
	struct block most = block_load(p), least = most;

	EACH_BLOCK
	for (unsigned i = 1; i < WIDTH_GROUP; i++) {
		most = block_bound(most, block_load(p + i * BLOCK));
		least = block_min(least, block_load(p + i * BLOCK));
	}
	if (UNLIKELY(block_has_upto(least, '\t')))
		scan_blocks(s, p, all, single);
	else if (!block_has_high(most))
		scan_group(s, p, narrow, true, single);
	else if (!single && block_has_from(most, s->c->wide_from))
		scan_group(s, p, wide, false, single);
	else
		scan_group(s, p, narrow, false, single);
}

/* Scans the groups from p to `to`. */
SIMD_FN void width_groups(struct width_scan *s, const unsigned char *p, const unsigned char *to,
                          bool single)
{
	struct width_scan scan = *s; /* in registers */

	for (; p < to; p += WIDTH_GROUP * BLOCK) {
		fetch_ahead(p, WIDTH_GROUP * BLOCK);
		width_group(&scan, p, single);
	}
	*s = scan;
}

/* Scans p[0..n), which ends the text. */
SIMD_FN void width_rest(struct width_scan *s, const unsigned char *p, size_t n, bool single)
{
	const struct width_kinds all = {.tabs = true, .wide = true};

	for (size_t i = 0; i < n; i += BLOCK) {
		size_t rest = n - i < BLOCK ? n - i : BLOCK;
		struct block b = rest < BLOCK ? block_load_part(p + i, rest) : block_load(p + i);
		struct width_masks masks = width_masks(s->c, b, all, single);
		masks.one &= bits_below(rest);
		masks.two &= bits_below(rest);
		scan_block(s, p + i, rest, masks, single);
	}
}

/*
 * Measures the first run of p[0..n), of which is not known where it starts unless t
 * precedes it: how many bytes it and the break after it have.
 */
SIMD_APART size_t width_first(struct counter *c, struct tally *t, const unsigned char *p, size_t n,
                              bool single)
{
	const unsigned char *end = p + n, *at = find_break(p, end);

	width_measure(c, &t->first, p, (size_t)(at - p), end, single);
	if (at == end)
		return n;
	t->broken = true;
	t->last = (struct width_run){0};
	return (size_t)(at + 1 - p);
}

/* Begins to append the text from p to `end` to the widths of t, which is broken. */
SIMD_FN struct width_scan width_begin(struct counter *c, const struct tally *t,
                                      const unsigned char *p, const unsigned char *end)
{
	return (struct width_scan){
		.c = c,
		.end = end,
		.run = t->last,
		.run_to = p,
		.bound = width_run_end(t->last),
		.widest = max_u64(t->max_width, width_run_end(t->first)),
	};
}

/* Ends it. */
SIMD_FN void width_end(struct width_scan *s, struct tally *t, bool single)
{
	scan_measure(s, s->end - s->since, s->end, single);
	t->last = s->run;
	t->max_width = max_u64(t->max_width, s->measured);
}

/*
 * Appends p[0..n) to the widths of t; nothing else. UTF-8: p and p + n are between two characters.
 * `single` is a constant.
 */
SIMD_FN void width_bulk(struct counter *c, struct tally *t, const unsigned char *p, size_t n,
                        bool single)
{
	const unsigned char *end = p + n;

	if (!t->broken)
		p += width_first(c, t, p, n, single);
	if (!t->broken)
		return;
	struct width_scan s = width_begin(c, t, p, end);
	const size_t group = WIDTH_GROUP * BLOCK;
	const unsigned char *to = p + (size_t)(end - p) / group * group;

	width_groups(&s, p, to, single);
	p = to;
	width_rest(&s, p, (size_t)(end - p), single);
	width_end(&s, t, single);
}

SIMD_APART void width_bulk_bytes(struct counter *c, struct tally *t, const unsigned char *p,
                                 size_t n)
{
	width_bulk(c, t, p, n, true);
}

SIMD_APART void width_bulk_utf8(struct counter *c, struct tally *t, const unsigned char *p,
                                size_t n)
{
	width_bulk(c, t, p, n, false);
}

#endif
