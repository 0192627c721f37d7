/* SPDX-License-Identifier: BSD-2-Clause */
/* Slots for characters with unusual columns, made from the counter's cache of widths. */
#include "base/base.h"
#include "count/odd_slots.h"
#include "count/width.h"

#include <string.h>

enum { LEAD2 = 0xC2, LEAD3 = 0xE0, LEAD4 = 0xF0 };
enum { PAGES_F0_9F = 0x1F000 / 64 }; /* the first page of characters that begin with F0 9F */
enum { WIDEST = 2 };                 /* columns */
enum { ALL = 0x80 };                 /* the class of lead bytes of which all pages are odd */

void odd_slots_forget(struct odd_slots *odd)
{
	memcpy(odd->lead, odd->lead2, sizeof odd->lead2);
	memset(odd->group, 0, sizeof odd->group);
	odd->groups = 0;
	memset(odd->taken, 0, sizeof odd->taken);
	odd->taken_any = 0;
	memset(odd->slot4, 0, sizeof odd->slot4);
	memset(odd->last4, 0, sizeof odd->last4);
	odd->taken4 = 0;
}

void odd_slots_init(struct odd_slots *odd)
{
	memset(odd->lead, ALL, sizeof odd->lead);
	memset(odd->lead2, ALL, sizeof odd->lead2);
	memset(odd->second, ALL, sizeof odd->second);
	memset(odd->third4, ALL, sizeof odd->third4);
	odd->blocks = ODD_SLOTS_BLOCKS;
	odd->seen = 0;
	odd_slots_forget(odd);
}

static unsigned usual_width(unsigned lead)
{
	return (lead >= WIDE_FIRST && lead <= WIDE_LAST) || lead >= LEAD4 ? 2 : 1;
}

/* Has one of the page's characters another width than is usual after its lead byte? */
static bool is_odd(struct counter *c, unsigned lead, char32_t page)
{
	const unsigned char *widths = width_page_of(c, page);

	for (unsigned i = 0; i < 64; i++)
		if (widths[i] - 1u != usual_width(lead))
			return true;
	return false;
}

/*
 * Asks the locale for all pages up to U+FFFF, and from U+1F000 to U+1FFFF. There is a class for
 * each lead byte that has both odd pages and others. Those with nothing but odd pages are in class
 * ALL, as are those that find all classes taken.
 */
static void ask_all(struct counter *c)
{
	struct odd_slots *odd = &c->slots;
	unsigned next = 1;

	memset(odd->lead, 0, sizeof odd->lead);
	memset(odd->lead2, 0, sizeof odd->lead2);
	memset(odd->second, ALL, sizeof odd->second);
	for (unsigned lead = LEAD2; lead < LEAD3; lead++)
		odd->lead2[lead & 0x1F] = is_odd(c, lead, lead & 0x1F) ? ALL : 0;
	for (unsigned lead = LEAD3; lead < LEAD4; lead++) {
		unsigned n = 0;
		bool is[64];
		for (unsigned i = 0; i < 64; i++)
			n += is[i] = is_odd(c, lead, (lead & 0x0F) << 6 | i);
		if (n == 0)
			continue;
		if (n == 64 || next == ALL) {
			odd->lead[lead & 0x3F] = ALL;
			continue;
		}
		odd->lead[lead & 0x3F] = (unsigned char)next;
		for (unsigned i = 0; i < 64; i++)
			odd->second[i] |= is[i] ? (unsigned char)next : 0;
		next <<= 1;
	}
	for (unsigned i = 0; i < 64; i++)
		odd->third4[i] = is_odd(c, LEAD4, PAGES_F0_9F + i) ? ALL : 0;
	odd_slots_forget(odd); /* pages may have slots that are not odd */
}

static unsigned char *fewer_of(struct odd_slots *odd, unsigned slot)
{
	return &odd->fewer[slot / 4][1u << slot % 4];
}

/* A slot for characters that have so many columns fewer: its bit in *group; 0: none is free. */
static unsigned char take_slot(struct odd_slots *odd, unsigned char fewer, struct odd_group **group)
{
	for (unsigned g = 0; g < ODD_GROUPS; g++) {
		*group = &odd->group[g];
		for (unsigned slot = 0; slot < ODD_SLOTS; slot++) {
			unsigned bit = 1u << slot;
			if ((odd->taken[g] & bit) ||
			    ((odd->taken_any & bit) && *fewer_of(odd, slot) != fewer))
				continue;
			odd->taken[g] |= bit;
			odd->taken_any |= bit;
			*fewer_of(odd, slot) = fewer;
			odd->groups = odd->groups > g + 1 ? odd->groups : g + 1;
			return (unsigned char)bit;
		}
	}
	return 0;
}

static void mark_all(unsigned char table[64], unsigned char bit)
{
	for (unsigned i = 0; i < 64; i++)
		table[i] |= bit;
}

/* Marks the characters in a page that have this width as being in a slot. */
static void mark_width(unsigned char *restrict last, const unsigned char *restrict widths,
                       unsigned char width, unsigned char bit)
{
	for (unsigned i = 0; i < 64; i++)
		last[i] |= widths[i] == width + 1 ? bit : 0;
}

/* Has the page characters of more than WIDEST columns? */
static bool has_wider(const unsigned char *widths)
{
	uint64_t all = 0, some;

	for (unsigned i = 0; i < 64; i += sizeof some) {
		memcpy(&some, widths + i, sizeof some);
		all |= some;
	}
	return (all & UINT64_C(0xFCFCFCFCFCFCFCFC)) != 0; /* they are stored + 1 */
}

/* A slot for the characters of the page of p that have this width. */
static int add_width(struct odd_slots *odd, const unsigned char *p, const unsigned char *widths,
                     unsigned char width)
{
	struct odd_group *group;
	unsigned char bit = take_slot(odd, (unsigned char)(usual_width(p[0]) - width), &group);

	if (bit == 0)
		return -1;
	group->first[p[0] & 0x3F] |= bit;
	if (p[0] < LEAD3) {
		mark_width(group->second, widths, width, bit);
		mark_all(group->third, bit);
		odd->lead[p[0] & 0x3F] = 0;
	} else {
		group->second[p[1] & 0x3F] |= bit;
		mark_width(group->third, widths, width, bit);
	}
	return 0;
}

/* A page that begins with F0 9F. */
static int add_page4(struct counter *c, const unsigned char *p)
{
	struct odd_slots *odd = &c->slots;
	if (odd->taken4 == ODD_SLOTS)
		return -1;
	const unsigned char *widths = width_page_of(c, PAGES_F0_9F + (p[2] & 0x3Fu));
	for (unsigned i = 0; i < 64; i++)
		if (widths[i] != 1 + 1 && widths[i] != 2 + 1)
			return -1;
	unsigned char bit = (unsigned char)(1u << odd->taken4++);
	odd->slot4[p[2] & 0x3F] = bit;
	mark_width(odd->last4, widths, 1, bit);
	return 0;
}

int odd_slots_add(struct counter *c, const unsigned char *p)
{
	enum { WORTH = 1000 };
	struct odd_slots *odd = &c->slots;

	if (odd->seen < WORTH && ++odd->seen == WORTH)
		ask_all(c);
	if (p[0] >= LEAD4)
		return add_page4(c, p);
	char32_t page = p[0] < LEAD3 ? p[0] & 0x1Fu : (p[0] & 0x0Fu) << 6 | (p[1] & 0x3Fu);
	const unsigned char *widths = width_page_of(c, page);
	bool added = false;
	if (has_wider(widths))
		return -1;
	for (unsigned char width = 0; width <= WIDEST; width++) {
		if (width == usual_width(p[0]) || !memchr(widths, (int)width + 1, 64))
			continue;
		if (add_width(odd, p, widths, width) != 0)
			return -1;
		added = true;
	}
	/* A page that only passes for odd has an empty slot, so that it is known. */
	return added ? 0 : add_width(odd, p, widths, WIDEST + 1);
}
