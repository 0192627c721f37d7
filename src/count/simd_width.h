/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: the width of the widest line.
 *
 * Most lines are not measured at all, and most are not even found: what matters is that none of
 * them can be wider than the widest so far. Three bounds show it, the cheapest first, for four
 * blocks at a time:
 *
 *      passed    bytes since a line began, and 7 for each TAB, whatever breaks there are among
 *                them. Where that exceeds the widest line, the last break is searched for backwards
 *                and it begins anew there.
 *      lengths   the same of each line, by a mask of breaks for each block:
 *
 *                    block     . . . LF . . . . . LF . . . .
 *                    sums      first |   inner    |   last       first: with `bound`, the line's
 *
 *                of `inner` only that no line of a block is longer than it.
 *      columns   for each line: 1 for each byte that does not continue a character, 1 for each
 * after a byte that begins a character which may be wide, 7 more for each TAB.
 *
 * Only a line that all of them leave in doubt is measured exactly.
 */
#ifndef PCOUNT_COUNT_SIMD_WIDTH_H
#define PCOUNT_COUNT_SIMD_WIDTH_H

#include "count/simd_width_measure.h"

enum {
	MEASURE_STEP = 1024, /* bytes of a long line measured at a time */
	FIRST_STEP = 8192,   /* of the first line */
	WIDTH_GROUP = 4,     /* blocks */
	WIDTH_GROUP_BYTES = WIDTH_GROUP * BLOCK,
	LENGTHS_RETRY = 16, /* groups, after one with lines whose lengths alone leave them in doubt
	                     */
};

/* One mask for each kind of byte. */
struct width_masks {
	uint64_t breaks; /* LF, FF, CR */
	uint64_t tabs;
	uint64_t columns; /* a bit for each column that there may be at most, or TAB */
};

/* A scan in the midst of a line that began after a break. */
struct width_scan {
	struct counter *c;
	const unsigned char *end; /* of the text */
	uint64_t since; /* bytes before the block in hand since the line began, or measured ones; */
	uint64_t passed;   /* the last of them may have breaks, after which the line really began */
	uint64_t bound;    /* no line among them is wider than this up to the block in hand */
	uint64_t widest;   /* lines no wider than this are of no interest */
	uint64_t measured; /* the widest line that was measured */
	struct width_run run;        /* what was measured of the line in hand, */
	const unsigned char *run_to; /* if it was to where `since` begins; else none of it was */
	unsigned retry;              /* groups until lengths are tried again */
};

/* What a group of blocks may have, as constants. */
struct width_kinds {
	bool tabs, wide;
};

/* Bytes that continue a character, but not those right after one from wide_from up. */
SIMD_FN uint64_t block_columnless(struct block b, struct block before, unsigned char wide_from)
{
	vmask masks[VECS];

	EACH_VEC
	masks[i] = mask_and_not(vec_cont(b.v[i]), vec_ge(before.v[i], vec_set1(wide_from)));
	return vec_bits(masks);
}

/*
 * The masks of a block: bounds, maybe too many columns, never too few. `before`: the bytes each one
 * byte earlier. `kinds` and `single` are constants.
 */
SIMD_FN struct width_masks width_masks(const struct counter *c, struct block b, struct block before,
                                       struct width_kinds kinds, bool single)
{
	struct width_masks masks = {
		.breaks = block_breaks(b),
		.tabs = kinds.tabs ? block_eq(b, '\t') : 0,
	};

	if (single)
		masks.columns = block_print(c, b, true) | masks.tabs;
	else if (kinds.wide)
		masks.columns = ~block_columnless(b, before, c->wide_from) & ~masks.breaks;
	else
		masks.columns = ~block_cont(b) & ~masks.breaks;
	return masks;
}

/* The sum over the bytes in `where`. */
SIMD_FN uint64_t width_sum(struct width_masks masks, uint64_t where)
{
	return bits_set(masks.columns & where) + 7 * bits_set(masks.tabs & where);
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

/* Scans WIDTH_GROUP blocks at p one by one: a line in them may be of interest. */
SIMD_FN void scan_blocks(struct width_scan *s, const unsigned char *p, struct width_kinds kinds,
                         bool single)
{
#pragma GCC unroll 1
	for (unsigned i = 0; i < WIDTH_GROUP; i++, p += BLOCK) {
		struct block b = block_load(p), before = b;
		if (kinds.wide && !single)
			before = block_load(p - 1);
		scan_block(s, p, BLOCK, width_masks(s->c, b, before, kinds, single), single);
	}
}

/* How a group of blocks is summed up. */
enum width_bound {
	BY_LENGTHS, /* no TABs; control characters are not worth more work */
	BY_NARROW,  /* columns; no TABs, no characters that may be wide */
	BY_WIDE,    /* columns; no TABs */
	BY_ALL,     /* columns */
};

/*
 * Passes WIDTH_GROUP blocks at p if no line in them is of interest; else false. Whether a block has
 * a break is hard to predict, so nothing branches on it. `by` is a constant.
 */
SIMD_FN bool scan_group(struct width_scan *s, const unsigned char *p, enum width_bound by,
                        bool single)
{
	const struct width_kinds kinds = {.tabs = by == BY_ALL, .wide = by >= BY_WIDE};
	struct width_scan next = *s;
	uint64_t widest = 0;

	EACH_BLOCK
	for (unsigned i = 0; i < WIDTH_GROUP; i++) {
		struct block b = block_load(p + i * BLOCK), before = b;
		struct width_masks masks = {.breaks = block_breaks(b)};
		struct width_sums sums = {trailing_zeros(masks.breaks),
		                          leading_zeros(masks.breaks)};
		if (by != BY_LENGTHS) {
			if (kinds.wide && !single)
				before = block_load(p + i * BLOCK - 1);
			masks = width_masks(s->c, b, before, kinds, single);
			sums = width_sums(masks);
		}
		widest = max_u64(widest, next.bound + sums.first);
		if (kinds.tabs) /* of lines within, too */
			widest = max_u64(widest, width_sum(masks, ~UINT64_C(0)));
		scan_pass(&next, masks.breaks, sums.last);
	}
	if (UNLIKELY(widest > s->widest))
		return false;
	s->since = next.since;
	s->bound = next.bound;
	return true;
}

/*
 * Bytes were passed up to p whatever breaks they have: the line in hand begins after the last one,
 * if there is one.
 */
SIMD_FN void scan_find_line(struct width_scan *s, const unsigned char *p)
{
	uint64_t tabs = 0;

	for (size_t back = BLOCK; back <= s->passed; back += BLOCK) {
		struct block b = block_load(p - back);
		uint64_t breaks = block_breaks(b), after = leading_zeros(breaks);
		uint64_t line = breaks ? ~(~UINT64_C(0) >> after) : ~UINT64_C(0);
		tabs += bits_set(block_eq(b, '\t') & line);
		if (breaks) {
			s->since = back - BLOCK + after;
			s->bound = s->since + 7 * tabs;
			break;
		}
	}
	s->passed = 0;
}

/*
 * Scans WIDTH_GROUP blocks at p, of whose lines one may be longer than the widest. `most`: no byte
 * of them is more; `tabs`: there are some.
 */
SIMD_FN void scan_lines(struct width_scan *s, const unsigned char *p, struct block most, bool tabs,
                        bool single)
{
	const struct width_kinds narrow = {0}, all = {.tabs = true, .wide = true};
	fetch_ahead(p, WIDTH_GROUP_BYTES);
	bool high = block_has_high(most), passes = false;
	bool wide = high && !single && block_has_from(most, s->c->wide_from);
	if (s->widest < BLOCK) {
		/* Lines within a block may be of interest. */
	} else if (!(high | tabs)) {
		passes = scan_group(s, p, BY_LENGTHS, single);
	} else if (s->retry == 0) {
		passes = tabs ? scan_group(s, p, BY_ALL, single)
		              : scan_group(s, p, BY_LENGTHS, single);
		s->retry = passes ? 0 : LENGTHS_RETRY;
	} else {
		s->retry--;
	}
	if (high && !passes && !tabs && s->widest >= BLOCK)
		passes = wide ? scan_group(s, p, BY_WIDE, single)
		              : scan_group(s, p, BY_NARROW, single);
	if (LIKELY(passes))
		return;
	if (tabs | wide)
		scan_blocks(s, p, all, single);
	else
		scan_blocks(s, p, narrow, single);
}

/* TABs of WIDTH_GROUP blocks at p. */
SIMD_FN uint64_t group_tabs(const unsigned char *p)
{
	struct block sum = block_zero();

	EACH_BLOCK
	for (unsigned i = 0; i < WIDTH_GROUP; i++)
		sum = sum_eq(sum, block_load(p + i * BLOCK), '\t');
	return sum_total(sum);
}

/* Scans WIDTH_GROUP blocks at p. */
SIMD_FN void width_group(struct width_scan *s, const unsigned char *p, bool single)
{
	struct block least = block_load(p), most = least;
	uint64_t longer = WIDTH_GROUP_BYTES;

	EACH_BLOCK
	for (unsigned i = 1; i < WIDTH_GROUP; i++) {
		struct block b = block_load(p + i * BLOCK);
		least = block_min(least, b);
		most = block_bound(most, b);
	}
	bool tabs = block_has_upto(least, '\t');
	if (UNLIKELY(tabs) && s->widest >= WIDTH_GROUP_BYTES)
		longer += 7 * group_tabs(p);
	if (s->bound + longer > s->widest && s->passed > 0)
		scan_find_line(s, p);
	if (s->bound + longer <= s->widest) {
		s->since += WIDTH_GROUP_BYTES;
		s->passed += WIDTH_GROUP_BYTES;
		s->bound += longer;
	} else {
		scan_lines(s, p, most, tabs, single);
	}
}

/* Scans the groups from p to `to`. */
SIMD_FN void width_groups(struct width_scan *s, const unsigned char *p, const unsigned char *to,
                          bool single)
{
	struct width_scan scan = *s; /* in registers */

	for (; p < to; p += WIDTH_GROUP_BYTES)
		width_group(&scan, p, single);
	scan_find_line(&scan, p);
	*s = scan;
}

/* Scans p[0..n), which ends the text. */
SIMD_FN void width_rest(struct width_scan *s, const unsigned char *p, size_t n, bool single)
{
	const struct width_kinds all = {.tabs = true, .wide = true};

	for (size_t i = 0; i < n; i += BLOCK) {
		size_t rest = n - i < BLOCK ? n - i : BLOCK;
		struct block b = rest < BLOCK ? block_load_part(p + i, rest) : block_load(p + i);
		struct block before = single         ? b
		                      : rest < BLOCK ? block_load_part(p + i - 1, rest)
		                                     : block_load(p + i - 1);
		struct width_masks masks = width_masks(s->c, b, before, all, single);
		masks.columns &= bits_below(rest);
		scan_block(s, p + i, rest, masks, single);
	}
}

/*
 * Measures the first run of p[0..n), of which is not known where it starts unless t
 * precedes it: how many bytes it and the break after it have. It may be all of a file, so it is
 * measured in steps while it is in the first cache.
 */
SIMD_APART size_t width_first(struct counter *c, struct tally *t, const unsigned char *p, size_t n,
                              bool single)
{
	const unsigned char *end = p + n, *from = p, *at, *to;

	do {
		to = end - from > FIRST_STEP ? from + FIRST_STEP : end;
		at = find_break(from, to);
		if (at == to && at < end && !single)
			at = to -= utf8_unfinished(from, FIRST_STEP);
		width_measure(c, &t->first, from, (size_t)(at - from), end, single);
		from = at;
	} while (at == to && at < end);
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
	const unsigned char *to = p + (size_t)(end - p) / WIDTH_GROUP_BYTES * WIDTH_GROUP_BYTES;

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
