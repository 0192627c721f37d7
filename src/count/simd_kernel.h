/* SPDX-License-Identifier: BSD-2-Clause */
/* Template: the loops of a kernel, one for each set of needs that pays, and the choice of one. */
#ifndef PCOUNT_COUNT_SIMD_KERNEL_H
#define PCOUNT_COUNT_SIMD_KERNEL_H

#include "count/edges.h"
#include "count/sets.h"

/* UTF-8: appends p[0..n). `needs` is a constant. */
SIMD_FN void utf8_count(struct counter *c, struct tally *t, const unsigned char *p, size_t n,
                        unsigned needs)
{
	size_t entered = utf8_enter(c->cs, t, p, n);

	p += entered;
	n -= entered;
	if (n == 0)
		return;
	size_t unfinished = utf8_unfinished(p, n);
	size_t bulk = n - unfinished;
	if (bulk > 0) {
		t->bytes += bulk;
		utf8_bulk(c, t, p, bulk, needs);
	}
	utf8_leave(c->cs, t, p + bulk, unfinished);
}

/* Single-byte charsets: appends p[0..n). `needs` and `extra` are constants. */
SIMD_FN void bytes_count(struct counter *c, struct tally *t, const unsigned char *p, size_t n,
                         unsigned needs, unsigned extra)
{
	if (n == 0)
		return;
	t->bytes += n;
	t->chars += n;
	if (needs & NEED_WORDS)
		bytes_bulk(c, t, p, n, needs, extra);
	else if (needs & NEED_LINES)
		t->lines += lines_in(p, n);
}

#define UTF8_LOOP(name, needs)                                                                     \
	SIMD_KERNEL void name(struct counter *c, struct tally *t, const unsigned char *p, size_t n) \
	{                                                                                           \
		utf8_count(c, t, p, n, needs);                                                      \
	}

#define BYTES_LOOP(name, needs, extra)                                                             \
	SIMD_KERNEL void name(struct counter *c, struct tally *t, const unsigned char *p, size_t n) \
	{                                                                                           \
		bytes_count(c, t, p, n, needs, extra);                                              \
	}

UTF8_LOOP(count_utf8_words, NEED_WORDS)
UTF8_LOOP(count_utf8_lines_words, NEED_LINES | NEED_WORDS)
UTF8_LOOP(count_utf8_chars, NEED_CHARS)
UTF8_LOOP(count_utf8_lines_chars, NEED_LINES | NEED_CHARS)
UTF8_LOOP(count_utf8_lines_words_chars, NEED_LINES | NEED_WORDS | NEED_CHARS)

BYTES_LOOP(count_bytes_chars, NEED_CHARS, 0)
BYTES_LOOP(count_bytes_lines_chars, NEED_LINES | NEED_CHARS, 0)
BYTES_LOOP(count_bytes_words_1, NEED_WORDS, 1)
BYTES_LOOP(count_bytes_words_4, NEED_WORDS, 4)
BYTES_LOOP(count_bytes_lines_words_1, NEED_LINES | NEED_WORDS, 1)
BYTES_LOOP(count_bytes_lines_words_4, NEED_LINES | NEED_WORDS, 4)

/* [needs], without width; NULL: others do it. */
static count_fn *const utf8_loops[8] = {
	[NEED_LINES] = count_lines,
	[NEED_WORDS] = count_utf8_words,
	[NEED_LINES | NEED_WORDS] = count_utf8_lines_words,
	[NEED_CHARS] = count_utf8_chars,
	[NEED_LINES | NEED_CHARS] = count_utf8_lines_chars,
	[NEED_WORDS | NEED_CHARS] = count_utf8_lines_words_chars,
	[NEED_LINES | NEED_WORDS | NEED_CHARS] = count_utf8_lines_words_chars,
};

static count_fn *choose_utf8(const struct charset *cs, unsigned needs)
{
	if (!cs->standard_spaces || !byte_sets_of(cs).usual)
		return NULL;
	if (needs & NEED_WIDTH)
		return NULL;
	return utf8_loops[needs];
}

static count_fn *choose_bytes(const struct charset *cs, unsigned needs)
{
	struct byte_sets sets = byte_sets_of(cs);

	if (!sets.usual || (needs & NEED_WIDTH))
		return NULL;
	if (needs & NEED_WORDS) {
		if (needs & NEED_LINES)
			return sets.spaces <= 1 ? count_bytes_lines_words_1 : count_bytes_lines_words_4;
		return sets.spaces <= 1 ? count_bytes_words_1 : count_bytes_words_4;
	}
	if (needs & NEED_CHARS)
		return needs & NEED_LINES ? count_bytes_lines_chars : count_bytes_chars;
	return needs & NEED_LINES ? count_lines : NULL;
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
