/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template of a kernel: the loops, one for each set of needs that pays, and the choice of one. A
 * file for an instruction set includes its vector layer (simd/vec_*.h) and then this, which brings
 * all the other templates.
 */
#ifndef PCOUNT_COUNT_SIMD_KERNEL_H
#define PCOUNT_COUNT_SIMD_KERNEL_H

#include "count/counter.h"
#include "count/sets.h"
#include "count/simd_lines.h"
#include "count/simd_line_feeds.h"
#include "count/simd_bytes.h"
#include "count/simd_utf8.h"

/* UTF-8: appends p[0..n) by all passes that `needs` asks for; `blocks`: for those but widths. */
SIMD_FN void utf8_passes(struct counter *c, struct tally *t, const unsigned char *p, size_t n,
                         unsigned needs, utf8_blocks_fn *blocks)
{
	const unsigned others = needs & ~(unsigned)NEED_WIDTH;

	if (needs & NEED_WIDTH)
		width_prepare(c);
	if (needs == NEED_WIDTH) {
		width_bulk_utf8(c, t, p, n);
		return;
	}
	while ((needs & NEED_WIDTH) && n > 0 && !t->broken) {
		size_t bulk = n > PASS_BYTES ? PASS_BYTES - utf8_unfinished(p, PASS_BYTES) : n;
		bulk = width_first(c, t, p, bulk, false);
		utf8_bulk(c, t, p, bulk, others, blocks);
		p += bulk;
		n -= bulk;
	}
	if (n > 0)
		utf8_bulk(c, t, p, n, needs, blocks);
}

/* UTF-8: appends p[0..n). */
SIMD_APART void utf8_count(struct counter *c, struct tally *t, const unsigned char *p, size_t n,
                           unsigned needs, utf8_blocks_fn *blocks)
{
	size_t entered = utf8_enter(c->cs, t, p, n);

	p += entered;
	n -= entered;
	if (n == 0)
		return;
	size_t unfinished = utf8_unfinished(p, n);
	size_t bulk = n - unfinished;
	t->bytes += bulk;
	utf8_passes(c, t, p, bulk, needs, blocks);
	utf8_leave(c->cs, t, p + bulk, unfinished);
}

/* Single-byte charsets: appends p[0..n). `needs` and `extra` are constants. */
SIMD_FN void bytes_count(struct counter *c, struct tally *t, const unsigned char *p, size_t n,
                         unsigned needs, unsigned extra)
{
	t->bytes += n;
	t->chars += n;
	while (n > 0) {
		size_t bulk = (needs & NEED_WIDTH) && n > PASS_BYTES ? PASS_BYTES : n;
		if (needs & NEED_WORDS)
			bytes_bulk(c, t, p, bulk, needs, extra);
		else if (needs & NEED_LINES)
			t->lines += lines_in(p, bulk);
		if (needs & NEED_WIDTH)
			width_bulk_bytes(c, t, p, bulk);
		p += bulk;
		n -= bulk;
	}
}

#define UTF8_BLOCKS(name, needs)                                                  \
	SIMD_APART void name(struct utf8_so_far *so_far, const struct counter *c, \
	                     const unsigned char *p, size_t n, bool last)         \
	{                                                                         \
		utf8_blocks(so_far, c, p, n, last, needs);                        \
	}

#define UTF8_LOOP(name, needs, blocks)                                                    \
	SIMD_KERNEL void name(struct counter *c, struct tally *t, const unsigned char *p, \
	                      size_t n)                                                   \
	{                                                                                 \
		utf8_count(c, t, p, n, needs, blocks);                                    \
	}

#define BYTES_LOOP(name, needs, extra)                                                    \
	SIMD_KERNEL void name(struct counter *c, struct tally *t, const unsigned char *p, \
	                      size_t n)                                                   \
	{                                                                                 \
		bytes_count(c, t, p, n, needs, extra);                                    \
	}

UTF8_BLOCKS(utf8_w, NEED_WORDS)
UTF8_BLOCKS(utf8_lw, NEED_LINES | NEED_WORDS)
UTF8_BLOCKS(utf8_m, NEED_CHARS)
UTF8_BLOCKS(utf8_lm, NEED_LINES | NEED_CHARS)
UTF8_BLOCKS(utf8_lwm, NEED_LINES | NEED_WORDS | NEED_CHARS)

UTF8_LOOP(count_utf8_words, NEED_WORDS, utf8_w)
UTF8_LOOP(count_utf8_lines_words, NEED_LINES | NEED_WORDS, utf8_lw)
UTF8_LOOP(count_utf8_chars, NEED_CHARS, utf8_m)
UTF8_LOOP(count_utf8_lines_chars, NEED_LINES | NEED_CHARS, utf8_lm)
UTF8_LOOP(count_utf8_lines_words_chars, NEED_LINES | NEED_WORDS | NEED_CHARS, utf8_lwm)
UTF8_LOOP(count_utf8_width, NEED_WIDTH, NULL)
UTF8_LOOP(count_utf8_lines_words_width, NEED_LINES | NEED_WORDS | NEED_WIDTH, utf8_lw)
UTF8_LOOP(count_utf8_lines_chars_width, NEED_LINES | NEED_CHARS | NEED_WIDTH, utf8_lm)
UTF8_LOOP(count_utf8_all, NEED_ALL, utf8_lwm)

/* [needs]; what is counted in excess costs less than another loop. */
static count_fn *const utf8_loops[NEED_ALL + 1] = {
	[NEED_LINES] = count_lines,
	[NEED_WORDS] = count_utf8_words,
	[NEED_LINES | NEED_WORDS] = count_utf8_lines_words,
	[NEED_CHARS] = count_utf8_chars,
	[NEED_LINES | NEED_CHARS] = count_utf8_lines_chars,
	[NEED_WORDS | NEED_CHARS] = count_utf8_lines_words_chars,
	[NEED_LINES | NEED_WORDS | NEED_CHARS] = count_utf8_lines_words_chars,
	[NEED_WIDTH] = count_utf8_width,
	[NEED_LINES | NEED_WIDTH] = count_utf8_lines_chars_width,
	[NEED_WORDS | NEED_WIDTH] = count_utf8_lines_words_width,
	[NEED_LINES | NEED_WORDS | NEED_WIDTH] = count_utf8_lines_words_width,
	[NEED_CHARS | NEED_WIDTH] = count_utf8_lines_chars_width,
	[NEED_LINES | NEED_CHARS | NEED_WIDTH] = count_utf8_lines_chars_width,
	[NEED_WORDS | NEED_CHARS | NEED_WIDTH] = count_utf8_all,
	[NEED_ALL] = count_utf8_all,
};

static count_fn *choose_utf8(const struct charset *cs, unsigned needs)
{
	/* What is white space matters to words alone. */
	if (((needs & NEED_WORDS) && !cs->standard_spaces) || !byte_sets_of(cs).usual)
		return NULL;
	return utf8_loops[needs];
}

BYTES_LOOP(count_bytes_chars, NEED_CHARS, 0)
BYTES_LOOP(count_bytes_lines_chars, NEED_LINES | NEED_CHARS, 0)
BYTES_LOOP(count_bytes_words_1, NEED_WORDS, 1)
BYTES_LOOP(count_bytes_words_4, NEED_WORDS, 4)
BYTES_LOOP(count_bytes_lines_words_1, NEED_LINES | NEED_WORDS, 1)
BYTES_LOOP(count_bytes_lines_words_4, NEED_LINES | NEED_WORDS, 4)
BYTES_LOOP(count_bytes_width, NEED_WIDTH, 0)
BYTES_LOOP(count_bytes_lines_width, NEED_LINES | NEED_WIDTH, 0)
BYTES_LOOP(count_bytes_all_1, NEED_ALL, 1)
BYTES_LOOP(count_bytes_all_4, NEED_ALL, 4)

/* [NEED_LINES, NEED_WORDS, NEED_WIDTH][more than one white byte above ASCII] */
static count_fn *const bytes_loops[2][2][2][2] = {
	[0][0][0] = {count_bytes_chars, count_bytes_chars},
	[1][0][0] = {count_bytes_lines_chars, count_bytes_lines_chars},
	[0][1][0] = {count_bytes_words_1, count_bytes_words_4},
	[1][1][0] = {count_bytes_lines_words_1, count_bytes_lines_words_4},
	[0][0][1] = {count_bytes_width, count_bytes_width},
	[1][0][1] = {count_bytes_lines_width, count_bytes_lines_width},
	[0][1][1] = {count_bytes_all_1, count_bytes_all_4},
	[1][1][1] = {count_bytes_all_1, count_bytes_all_4},
};

static count_fn *choose_bytes(const struct charset *cs, unsigned needs)
{
	struct byte_sets sets = byte_sets_of(cs);

	if (!sets.usual || needs == 0)
		return NULL;
	return bytes_loops[!!(needs & NEED_LINES)][!!(needs & NEED_WORDS)][!!(needs & NEED_WIDTH)]
			  [sets.spaces > 1];
}

static count_fn *choose(const struct charset *cs, unsigned needs)
{
	if (needs == NEED_LINES)
		return count_lines;
	switch (cs->class) {
	case CHARSET_SINGLE:
		return choose_bytes(cs, needs);
	case CHARSET_UTF8:
		return choose_utf8(cs, needs);
	case CHARSET_MULTI:
		break;
	}
	return NULL;
}

#endif
