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
 */
#ifndef PCOUNT_COUNT_SIMD_WIDTH_H
#define PCOUNT_COUNT_SIMD_WIDTH_H

#include "count/edges.h"
#include "count/width.h"

enum { MEASURE_STEP = 4096 }; /* bytes of a long line measured at a time */

/* One mask for each kind of byte; `one` and `two` as far as they may have columns. */
struct width_look {
	uint64_t breaks; /* LF, FF, CR */
	uint64_t tabs;
	uint64_t one; /* may have a column, or is a TAB */
	uint64_t two; /* may have two */
};

/* A scan in the midst of a line that began behind a break. */
struct width_scan {
	struct counter *c;
	const unsigned char *end;  /* of the text */
	const unsigned char *from; /* the line is measured to here, */
	struct width_run run;      /* with this result, */
	uint64_t bound;            /* and no wider than this up to the block in hand */
	uint64_t widest;           /* lines no wider than this are of no interest */
	uint64_t measured;         /* the widest line that was measured */
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

SIMD_FN struct width_look width_look(const struct counter *c, struct block b, uint64_t breaks,
                                     bool single)
{
	struct width_look look = {
		.breaks = breaks,
		.tabs = block_eq(b, '\t'),
	};

	if (single) {
		look.one = block_print(c, b, true) | look.tabs;
	} else {
		look.one = ~(block_cont(b) | look.breaks);
		look.two = block_ge(b, c->wide_from);
	}
	return look;
}

/* The sum over the bytes in `where`. */
SIMD_FN uint64_t width_sum(struct width_look look, uint64_t where)
{
	uint64_t sum = bits_set(look.one & where) + bits_set(look.two & where);

	if (look.tabs & where)
		sum += 7 * bits_set(look.tabs & where);
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
	struct exact x = exact_look(b, &none);
	*cut = exact_unfinished(&x);
	return x.end2 >> 1 | x.end3 >> 2 | x.end4 >> 3;
}

/*
 * Sum of the columns of the characters whose lead bytes `leads` marks at p. With PEXT (where it is
 * fast: AVX-512 came later) without a branch on their lengths; `readable`: 3 bytes behind the block
 * may be read.
 */
SIMD_FN uint64_t width_sum_leads(struct counter *c, const unsigned char *p, uint64_t leads,
                                 bool readable)
{
#ifdef SIMD_PEXT
	/* By the lead byte's bits 5 and 4: the bits of the code point in the four bytes from it on. */
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

/* Adds the block's bytes `within` to a run; how many bytes the block had, without a last one cut. */
SIMD_FN size_t width_mixed(struct counter *c, struct width_run *run, struct block b,
                           const unsigned char *p, uint64_t within, bool readable)
{
	unsigned cut;
	uint64_t leads = width_leads(b, p, &cut) & within, print = block_print(c, b, false) & within;
	uint64_t tabs = block_eq(b, '\t') & within;

	for (; tabs; tabs &= tabs - 1) { /* to each TAB, and it */
		uint64_t upto = tabs ^ (tabs - 1);
		*(run->tab ? &run->after : &run->before) += width_sum_leads(c, p, leads & upto, readable);
		width_add(run, print & upto, tabs & upto);
		leads &= ~upto;
		print &= ~upto;
	}
	*(run->tab ? &run->after : &run->before) += bits_set(print) + width_sum_leads(c, p, leads, readable);
	return BLOCK - cut;
}

/*
 * Adds p[0..n), which has no break, to a run; bytes up to `end`, not before p + n, may be read.
 * UTF-8: p is at a character, and so is p + n.
 */
SIMD_FN void width_measure(struct counter *c, struct width_run *run, const unsigned char *p, size_t n,
                           const unsigned char *end, bool single)
{
	for (size_t i = 0; i < n;) {
		size_t rest = n - i;
		bool whole = (size_t)(end - p) - i >= BLOCK;
		uint64_t within = rest < BLOCK ? (UINT64_C(1) << rest) - 1 : ~UINT64_C(0);
		struct block b = whole ? block_load(p + i) : block_load_part(p + i, rest);
		if (single || (block_high(b) & within) == 0) {
			width_add(run, block_print(c, b, single) & within, block_eq(b, '\t') & within);
			i += BLOCK;
		} else if (whole) {
			i += width_mixed(c, run, b, p + i, within, (size_t)(end - p) - i >= BLOCK + 3);
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

/* Measures the line in hand up to `to`. */
SIMD_FN void scan_measure(struct width_scan *s, const unsigned char *to, bool single)
{
	width_measure(s->c, &s->run, s->from, (size_t)(to - s->from), s->end, single);
	s->from = to;
}

/* The line in hand, measured, ends at the break at s->from. */
SIMD_FN void scan_close(struct width_scan *s)
{
	s->measured = max_u64(s->measured, width_run_end(s->run));
	s->widest = max_u64(s->widest, s->measured);
}

/* A new line begins at p. */
SIMD_FN void scan_open(struct width_scan *s, const unsigned char *p)
{
	s->from = p;
	s->run = (struct width_run){0};
	s->bound = 0;
}

/*
 * The block at p may have a line that is wider than the widest.
 * Where to go on.
 */
SIMD_NOINLINE const unsigned char *scan_careful(struct width_scan *s, const unsigned char *p,
                                                struct width_look look, bool single)
{
	const unsigned char *end = s->end;
	size_t n = end - p < BLOCK ? (size_t)(end - p) : BLOCK;
	uint64_t left = n < BLOCK ? (UINT64_C(1) << n) - 1 : ~UINT64_C(0);

	for (uint64_t breaks = look.breaks; breaks; breaks &= breaks - 1) {
		const unsigned char *at = p + __builtin_ctzll(breaks);
		uint64_t upto = breaks ^ (breaks - 1);
		if (s->bound + width_sum(look, left & upto) > s->widest) {
			scan_measure(s, at, single);
			scan_close(s);
		}
		scan_open(s, at + 1);
		left &= ~upto;
	}
	s->bound += width_sum(look, left);
	if (s->bound <= s->widest)
		return p + n;
	/* A line that goes on beyond the block: measure it to its end. */
	const unsigned char *at = p + n;
	while (at < end && s->bound > s->widest) {
		const unsigned char *stop = end - at < MEASURE_STEP ? end : at + MEASURE_STEP;
		at = find_break(at, stop);
		if (at < stop) {
			scan_measure(s, at, single);
			scan_close(s);
			scan_open(s, at + 1);
			return at + 1;
		}
		if (!single && at < end)
			at -= utf8_unfinished(s->from, (size_t)(at - s->from));
		scan_measure(s, at, single);
		s->bound = width_run_end(s->run);
	}
	return at;
}

/* Is there a run of more than `limit` (below 64) bits set? By doubling: ANDing runs upon runs. */
SIMD_FN bool has_run(uint64_t bits, uint64_t limit)
{
	unsigned length = (unsigned)limit + 1, done = 1;

	for (; 2 * done <= length; done *= 2)
		bits &= bits >> done;
	return (bits & bits >> (length - done)) != 0;
}

/*
 * Scans the block b of `n` bytes at p; where to go on. The sums of a block that is all ASCII
 * without TABs are the distances between its breaks; control characters are not worth more work.
 */
SIMD_FN const unsigned char *scan_block(struct width_scan *s, const unsigned char *p, struct block b,
                                        size_t n, bool single)
{
	struct width_look look = {.breaks = block_breaks(b)};
	uint64_t breaks = look.breaks, first, inner, last;

	if (LIKELY(!block_has_high(b) && !block_has(b, '\t'))) {
		first = s->bound + (breaks ? (uint64_t)__builtin_ctzll(breaks) : BLOCK);
		last = breaks ? (uint64_t)__builtin_clzll(breaks) : first;
		inner = BLOCK;
	} else {
		look = width_look(s->c, b, breaks, single);
		first = s->bound + width_sum(look, breaks ^ (breaks - 1)); /* no break: all */
		last = first;
		if (breaks)
			last = width_sum(look, UINT64_C(-2) << (BLOCK - 1 - __builtin_clzll(breaks)));
		inner = look.tabs ? width_sum(look, ~UINT64_C(0)) : BLOCK;
	}
	/* Without TABs no line is wider than it is long. */
	bool wider = first > s->widest ||
	             (inner > s->widest && (look.tabs || has_run(~breaks, s->widest)));
	if (UNLIKELY(wider))
		return scan_careful(s, p, width_look(s->c, b, breaks, single), single);
	if (breaks)
		scan_open(s, p + BLOCK - __builtin_clzll(breaks));
	s->bound = last;
	return p + n;
}

/*
 * Appends p[0..n) to the widths of t; nothing else. UTF-8: p and p + n are between two characters.
 * `single` is a constant.
 */
SIMD_FN void width_bulk(struct counter *c, struct tally *t, const unsigned char *p, size_t n,
                        bool single)
{
	const unsigned char *end = p + n;

	if (!t->broken) { /* where the first run starts is not known: measure all of it */
		const unsigned char *at = find_break(p, end);
		width_measure(c, &t->first, p, (size_t)(at - p), end, single);
		if (at == end)
			return;
		t->broken = true;
		t->last = (struct width_run){0};
		p = at + 1;
	}
	struct width_scan s = {
		.c = c,
		.end = end,
		.from = p,
		.run = t->last,
		.bound = width_run_end(t->last),
		.widest = max_u64(max_u64(t->max_width, c->width_floor), width_run_end(t->first)),
	};
	while (p < end) {
		size_t rest = (size_t)(end - p);
		if (rest >= BLOCK)
			p = scan_block(&s, p, block_load(p), BLOCK, single);
		else
			p = scan_block(&s, p, block_load_part(p, rest), rest, single);
	}
	scan_measure(&s, end, single);
	t->last = s.run;
	t->max_width = max_u64(t->max_width, s.measured);
}

#endif
