/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks the locale for widths and keeps the answers. */
#include "base/base.h"
#include "base/utf8.h"
#include "count/width.h"

#include <string.h>

/* Always a whole page at once, so that what is known of its first character is known of all. */
static void ask_page(struct counter *c, char32_t page)
{
	for (char32_t ch = page * 64; ch < (page + 1) * 64; ch++)
		c->widths[ch] = (unsigned char)(charset_width(c->cs, ch) + 1);
}

unsigned width_ask(struct counter *c, char32_t ch)
{
	if (ch >= WIDTHS_SIZE)
		return charset_width(c->cs, ch);
	ask_page(c, ch / 64);
	return c->widths[ch] - 1u;
}

const unsigned char *width_page_ask(struct counter *c, char32_t page)
{
	if (page >= WIDTHS_SIZE / 64)
		return NULL;
	ask_page(c, page);
	return c->widths + page * 64;
}

/* Is none of these characters wider than a column? */
static bool are_narrow(struct counter *c, char32_t from, char32_t to)
{
	for (char32_t ch = from; ch <= to; ch++)
		if (width_of(c, ch) > 1)
			return false;
	return true;
}

void width_prepare(struct counter *c)
{
	if (c->wide_from != 0)
		return;
	if (!are_narrow(c, 0x80, 0x7FF))
		c->wide_from = 0xC2;
	else
		c->wide_from = are_narrow(c, 0x800, 0xFFF) ? 0xE1 : 0xE0;
}

uint64_t width_of_leads(struct counter *c, const unsigned char *p, uint64_t leads)
{
	uint64_t sum = 0;

	for (; leads; leads &= leads - 1) {
		const unsigned char *at = p + __builtin_ctzll(leads);
		sum += width_of(c, utf8_decode_multibyte(at));
	}
	return sum;
}

size_t width_measure_utf8(struct counter *c, struct width_run *run, const unsigned char *p,
                          size_t n, size_t stop)
{
	uint64_t *columns = run->tab ? &run->after : &run->before;
	uint64_t sum = *columns;
	size_t i = 0;

	while (i < n && i < stop) {
		unsigned len = utf8_character(p + i, n - i);
		if (len == 0) {
			i++; /* an error has no columns */
			continue;
		}
		char32_t ch = utf8_decode(p + i);
		i += len;
		if (ch != '\t') {
			sum += ch < 0x80 ? ch >= ' ' && ch <= '~' : width_of(c, ch);
			continue;
		}
		if (run->tab)
			sum = (sum & ~UINT64_C(7)) + 8;
		*columns = sum;
		if (!run->tab) {
			run->tab = true;
			columns = &run->after;
			sum = 0;
		}
	}
	*columns = sum;
	return i;
}

bool width_page_differs(struct counter *c, char32_t page, unsigned usual)
{
	const unsigned char *widths = width_page_of(c, page);

	for (unsigned i = 0; i < 64; i++)
		if (widths[i] - 1u != usual)
			return true;
	return false;
}
