/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of characters with unusual columns, made from the counter's cache of widths. */
#include "base/base.h"
#include "count/odd_sets.h"
#include "count/width.h"

#include <string.h>

enum { LEAD2 = 0xC2, LEAD3 = 0xE0, LEAD4 = 0xF0 };
enum { WIDEST = ODD_PAGE_SETS }; /* columns: a page has sets for all but the usual ones */

void odd_sets_forget(struct odd_sets *odd)
{
	memset(odd->n, 0, sizeof odd->n);
}

/* After one of lead bytes first..last a continuation byte is `bits`. */
static void mark_leads(struct odd_sets *odd, unsigned first, unsigned last, unsigned bits)
{
	for (unsigned lead = first; lead <= last; lead++) {
		odd->nibbles[0][lead >> 4] |= (unsigned char)bits;
		odd->nibbles[1][lead & 15] |= (unsigned char)bits;
	}
}

/* Second bytes from first to last, or what shares both nibbles with some of them, are `bits`. */
static void mark_seconds(struct odd_sets *odd, unsigned first, unsigned last, unsigned bits)
{
	for (unsigned second = first; second <= last; second++) {
		odd->nibbles[2][second >> 4] |= (unsigned char)bits;
		odd->nibbles[3][second & 15] |= (unsigned char)bits;
	}
}

/* TAB and DEL, and all second bytes for those that any may follow. */
static void mark_common(struct odd_sets *odd)
{
	memset(odd->nibbles, 0, sizeof odd->nibbles);
	memset(odd->nibbles[0], ODD_APART, 16);
	memset(odd->nibbles[1], ODD_APART, 16);
	mark_seconds(odd, '\t', '\t', ODD_TAB);
	mark_seconds(odd, 0x7F, 0x7F, ODD_DEL);
	mark_seconds(odd, 0x80, 0xBF, ODD_C | ODD_D | ODD_MOST);
	/* Those of two bytes F3 D3 F4 D4 are few; F0 to F2 have the low nibbles of E0 to E2. */
	mark_leads(odd, 0xF0, 0xF2, ODD_MOST);
	mark_leads(odd, 0xF3, 0xF4, ODD_D);
}

void odd_sets_init(struct odd_sets *odd)
{
	memset(odd, 0, sizeof *odd);
	odd->blocks = ODD_SETS_BLOCKS;
	mark_common(odd);
	mark_leads(odd, 0xC0, 0xCF, ODD_C);
	mark_leads(odd, 0xD0, 0xDF, ODD_D);
	mark_leads(odd, 0xE0, 0xEF, ODD_MOST);
}

/* Marks the odd pages of a lead byte of three. *own: the next bit for one that has few, or 0. */
static void ask_lead3(struct counter *c, struct odd_sets *odd, unsigned lead, unsigned *own)
{
	uint64_t seconds = 0;
	unsigned high = 0, low = 0;
	unsigned begin = lead == 0xE0 ? 0x20 : 0, end = lead == 0xED ? 0x20 : 0x40;

	for (unsigned i = begin; i < end; i++) {
		if (!width_page_differs(c, (lead & 0x0Fu) << 6 | i, width_usual(lead)))
			continue;
		seconds |= UINT64_C(1) << i;
		high |= 1u << (i >> 4);
		low |= 1u << (i & 15);
	}
	if (seconds == 0)
		return;
	if (*own == 0 || __builtin_popcount(high) * __builtin_popcount(low) > 48) {
		mark_leads(odd, lead, lead, ODD_MOST);
		return;
	}
	mark_leads(odd, lead, lead, *own);
	for (; seconds; seconds &= seconds - 1) {
		unsigned second = 0x80 + (unsigned)__builtin_ctzll(seconds);
		mark_seconds(odd, second, second, *own);
	}
	*own = *own << 1 & 0xFF;
}

/* Asks the locale for all pages up to U+FFFF. */
static void ask_all(struct counter *c)
{
	struct odd_sets *odd = &c->odd;
	unsigned own = ODD_OWN;

	mark_common(odd);
	for (unsigned lead = LEAD2; lead < LEAD3; lead++)
		if (width_page_differs(c, lead & 0x1Fu, width_usual(lead)))
			mark_leads(odd, lead, lead, lead < 0xD0 ? ODD_C : ODD_D);
	for (unsigned lead = LEAD3; lead < LEAD4; lead++)
		ask_lead3(c, odd, lead, &own);
}

/* The set of a page's characters that have `width` columns; its bytes are those of p. */
static struct odd_set make_set(const unsigned char *p, const unsigned char *widths, unsigned width)
{
	struct odd_set set = {
		.first = p[0],
		.second = p[1],
		.more = (signed char)((int)width - (int)width_usual(p[0])),
	};

	for (unsigned high = 0; high < 4; high++)
		for (unsigned low = 0; low < 16; low++)
			set.by_low_nibble[low] |=
				(unsigned char)((widths[high * 16 + low] == width + 1) << high);
	return set;
}

/* Sets *made to what `page` has; -1: it cannot be said in sets. */
static int make_page(struct counter *c, struct odd_page *made, const unsigned char *p,
                     char32_t page)
{
	const unsigned char *widths = width_page_of(c, page);
	bool has[WIDEST + 2] = {0};

	for (unsigned i = 0; i < 64; i++)
		has[widths[i] - 1u <= WIDEST ? widths[i] - 1u : WIDEST + 1] = true;
	if (has[WIDEST + 1])
		return -1;
	made->page = page;
	made->n = 0;
	for (unsigned width = 0; width <= WIDEST; width++)
		if (width != width_usual(p[0]) && has[width])
			made->set[made->n++] = make_set(p, widths, width);
	/* A page that only passes for odd has an empty set, so that it is known. */
	if (made->n == 0)
		made->set[made->n++] = make_set(p, widths, WIDEST + 1);
	return 0;
}

int odd_sets_add(struct counter *c, const unsigned char *p)
{
	enum { WORTH = 1000 };
	struct odd_sets *odd = &c->odd;
	unsigned length = p[0] < LEAD3 ? 2 : 3;
	char32_t page = length == 2 ? p[0] & 0x1Fu : (p[0] & 0x0Fu) << 6 | (p[1] & 0x3Fu);

	if (odd->seen < WORTH && ++odd->seen == WORTH)
		ask_all(c);
	struct odd_page *made = &odd->made[page % ARRAY_LEN(odd->made)];
	if ((made->n == 0 || made->page != page) && make_page(c, made, p, page) != 0) {
		made->n = 0;
		return -1;
	}
	unsigned *n = &odd->n[length - 2];
	if (*n + made->n > ODD_SETS)
		return -1;
	for (unsigned i = 0; i < made->n; i++)
		odd->set[length - 2][(*n)++] = made->set[i];
	return 0;
}
