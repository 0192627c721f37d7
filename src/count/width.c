/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks the locale for widths and keeps the answers. */
#include "base/base.h"
#include "count/width.h"

unsigned width_ask(struct counter *c, char32_t ch)
{
	unsigned width = charset_width(c->cs, ch);

	if (ch < WIDTHS_SIZE)
		c->widths[ch] = (unsigned char)(width + 1);
	return width;
}

static bool narrow(struct counter *c, char32_t from, char32_t to)
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
	if (!narrow(c, 0x80, 0x7FF))
		c->wide_from = 0xC2;
	else
		c->wide_from = narrow(c, 0x800, 0xFFF) ? 0xE1 : 0xE0;
}

/* Length of the well-formed character at p[0..n), n > 0, and itself in *ch; 0: none. */
static size_t decode(const unsigned char *p, size_t n, char32_t *ch)
{
	unsigned char lead = p[0];

	if (lead < 0x80) {
		*ch = lead;
		return 1;
	}
	if (lead < 0xE0) {
		if (lead < 0xC2 || n < 2 || (p[1] & 0xC0) != 0x80)
			return 0;
		*ch = (lead & 0x1Fu) << 6 | (p[1] & 0x3Fu);
		return 2;
	}
	if (lead < 0xF0) {
		if (n < 3 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80)
			return 0;
		*ch = (lead & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
		return *ch >= 0x800 && (*ch < 0xD800 || *ch > 0xDFFF) ? 3 : 0;
	}
	if (lead > 0xF4 || n < 4 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80 ||
	    (p[3] & 0xC0) != 0x80)
		return 0;
	*ch = (lead & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
	return *ch >= 0x10000 && *ch < 0x110000 ? 4 : 0;
}

uint64_t width_of_leads(struct counter *c, const unsigned char *p, uint64_t leads)
{
	uint64_t sum = 0;

	for (; leads; leads &= leads - 1) {
		const unsigned char *at = p + __builtin_ctzll(leads);
		char32_t ch;
		if (at[0] < 0xE0)
			ch = (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
		else if (at[0] < 0xF0)
			ch = (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
		else
			ch = (at[0] & 0x07u) << 18 | (at[1] & 0x3Fu) << 12 | (at[2] & 0x3Fu) << 6 |
			     (at[3] & 0x3Fu);
		sum += width_of(c, ch);
	}
	return sum;
}

size_t width_measure_utf8(struct counter *c, struct width_run *run, const unsigned char *p, size_t n,
                          size_t stop)
{
	uint64_t *columns = run->tab ? &run->after : &run->before;
	uint64_t sum = *columns;
	size_t i = 0;

	while (i < n && i < stop) {
		char32_t ch;
		size_t len = decode(p + i, n - i, &ch);
		if (len == 0) {
			i++; /* an error has no columns */
			continue;
		}
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
