/* SPDX-License-Identifier: BSD-2-Clause */
/* The counter's cache of wcwidth(), which asks each character once. */
#ifndef PCOUNT_COUNT_WIDTH_H
#define PCOUNT_COUNT_WIDTH_H

#include "base/base.h"
#include "count/counter.h"

enum { WIDTHS_SIZE = 0x110000 }; /* code points */

/* Columns of `ch`, from the locale; any value of char32_t. */
unsigned width_ask(struct counter *c, char32_t ch);

/* The same from the cache. NEED_WIDTH, and not CHARSET_SINGLE. */
static inline unsigned width_of(struct counter *c, char32_t ch)
{
	if (UNLIKELY(ch >= WIDTHS_SIZE || c->widths[ch] == 0))
		return width_ask(c, ch);
	return c->widths[ch] - 1u;
}

#endif
