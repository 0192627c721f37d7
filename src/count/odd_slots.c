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
	memset(odd->seen, 0, sizeof odd->seen);
	odd->next_class = 1;
	odd_slots_forget(odd);
}

static unsigned usual_width(unsigned lead)
{
	return lead >= LEAD4 ? 2 : width_usual(lead);
}

/*
 * Asks the locale for all pages of a lead byte of three. There is a class for each that has both
 * odd pages and others. Those with nothing but odd pages stay in class ALL, as do those that find
 * all classes taken.
 */
static void ask_lead(struct counter *c, unsigned lead)
{
	struct odd_slots *odd = &c->slots;
	unsigned n = 0;
	bool is[64];

	for (unsigned i = 0; i < 64; i++)
		n += is[i] = width_page_differs(c, (lead & 0x0F) << 6 | i, usual_width(lead));
	if (n == 64 || (n > 0 && odd->next_class == ALL))
		return;
	odd->lead[lead & 0x3F] = n > 0 ? odd->next_class : 0;
	for (unsigned i = 0; n > 0 && i < 64; i++)
		odd->second[i] |= is[i] ? odd->next_class : 0;
	if (n > 0)
		odd->next_class = (unsigned char)(odd->next_class << 1);
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

/* A page of characters of four bytes, that begins with F0 9F. */
static int add_page4(struct odd_slots *odd, const unsigned char *p, const unsigned char *widths)
{
	if (odd->taken4 == ODD_SLOTS || memchr(widths, 0 + 1, 64))
		return -1;
	unsigned char bit = (unsigned char)(1u << odd->taken4++);
	odd->slot4[p[2] & 0x3F] = bit;
	mark_width(odd->last4, widths, 1, bit);
	return 0;
}

/* A page of characters of two or three bytes. */
static int add_page(struct odd_slots *odd, const unsigned char *p, const unsigned char *widths)
{
	bool added = false;

	for (unsigned char width = 0; width <= WIDEST; width++) {
		if (width == usual_width(p[0]) || !memchr(widths, width + 1, 64))
			continue;
		if (add_width(odd, p, widths, width) != 0)
			return -1;
		added = true;
	}
	/* A page that only passes for odd has an empty slot, so that it is known. */
	return added ? 0 : add_width(odd, p, widths, WIDEST + 1);
}

int odd_slots_add(struct counter *c, const unsigned char *p)
{
	enum { WORTH = 16 };
	struct odd_slots *odd = &c->slots;
	unsigned lead = p[0];
	char32_t page = PAGES_F0_9F + (p[2] & 0x3Fu);
	if (lead < LEAD3)
		page = lead & 0x1F;
	else if (lead < LEAD4)
		page = (lead & 0x0F) << 6 | (p[1] & 0x3Fu);
	const unsigned char *widths = width_page_of(c, page);

	if (lead < LEAD3 && !width_page_differs(c, page, usual_width(lead))) {
		odd->lead[lead & 0x3F] = odd->lead2[lead & 0x1F] = 0;
		return 0;
	}
	if (lead >= LEAD4 && !width_page_differs(c, page, usual_width(lead))) {
		odd->third4[p[2] & 0x3F] = 0;
		return 0;
	}
	if (has_wider(widths))
		return -1;
	if (lead >= LEAD4)
		return add_page4(odd, p, widths);
	if (lead >= LEAD3 && odd->seen[lead & 0x0F] < WORTH && ++odd->seen[lead & 0x0F] == WORTH) {
		ask_lead(c, lead);
		return 0; /* if it is still unknown, once more */
	}
	return add_page(odd, p, widths);
}
