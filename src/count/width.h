/* SPDX-License-Identifier: BSD-2-Clause */
/* The counter's cache of wcwidth(), which asks each character once, a page of 64 at a time. */
#ifndef PCOUNT_COUNT_WIDTH_H
#define PCOUNT_COUNT_WIDTH_H

#include "base/base.h"
#include "count/counter.h"

enum { WIDTHS_SIZE = 0x110000 }; /* code points */

/*
 * Columns of `ch`, from the locale, which is asked for all of its page of 64; any value of
 * char32_t.
 */
unsigned width_ask(struct counter *c, char32_t ch);

/* Columns of `ch`, from the cache. NEED_WIDTH, and not CHARSET_SINGLE. */
static inline unsigned width_of(struct counter *c, char32_t ch)
{
	if (UNLIKELY(ch >= WIDTHS_SIZE || c->widths[ch] == 0))
		return width_ask(c, ch);
	return c->widths[ch] - 1u;
}

/*
 * The 64 widths + 1 of a page of code points, none 0. NULL: there is no such page. `page` is its
 * first code point / 64.
 */
const unsigned char *width_page_ask(struct counter *c, char32_t page);

/* Has one of the page's characters another width than `usual`? */
bool width_page_differs(struct counter *c, char32_t page, unsigned usual);

static inline const unsigned char *width_page_of(struct counter *c, char32_t page)
{
	if (UNLIKELY(page >= WIDTHS_SIZE / 64 || c->widths[page * 64] == 0))
		return width_page_ask(c, page);
	return c->widths + page * 64;
}

/* Lead bytes whose characters are taken to be wide, both inclusive. */
enum { WIDE_FIRST = 0xE3, WIDE_LAST = 0xED };

static inline unsigned width_usual(unsigned lead)
{
	return lead >= WIDE_FIRST && lead <= WIDE_LAST ? 2 : 1;
}

/*
 * Sets c->wide_from, the first UTF-8 lead byte that may begin a wide character: E1 if the locale
 * has none below U+1000, as Unicode has it. Costs 4000 calls of wcwidth() the first time.
 */
void width_prepare(struct counter *c);

/* Sum of the columns of the well-formed characters whose lead bytes `leads` marks in p[0..64). */
uint64_t width_of_leads(struct counter *c, const unsigned char *p, uint64_t leads);

/*
 * Adds the characters that begin in the first `stop` bytes of p[0..n), which has no break and
 * begins and ends between two characters, to a run; how many bytes they have.
 */
size_t width_measure_utf8(struct counter *c, struct width_run *run, const unsigned char *p,
                          size_t n, size_t stop);

#endif
