/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Columns of UTF-8 by lookups in tables of 64, as simd_odd_slots.h makes them: what it keeps.
 *
 * A character usually has two columns if its lead byte is WIDE_FIRST to WIDE_LAST, or its first two
 * bytes are F0 9F; else one. Pages of 64 characters, which are all those with the same
 * bytes but the last, for which that does not hold throughout, are "odd". Those characters of an
 * odd page that have so many columns fewer than usual have a slot, which is a bit. A text has few
 * odd pages: Thai two, Japanese three.
 */
#ifndef PCOUNT_COUNT_ODD_SLOTS_H
#define PCOUNT_COUNT_ODD_SLOTS_H

#include "base/base.h"

#include <uchar.h>

struct counter;

enum {
	ODD_SLOTS = 8,
	ODD_GROUPS = 3,
	ODD_SLOTS_BLOCKS = 63, /* of which a sum has up to two columns each in signed bytes */
};

/*
 * Eight slots. All tables of 64 are by the low six bits of a byte. A character is in a slot if its
 * first three bytes have its bit; if it has two, whatever comes after it.
 */
struct odd_group {
	unsigned char first[64], second[64], third[64];
};

struct odd_slots {
	/*
	 * Classes of lead bytes that have odd pages, and of second bytes in which those are odd;
	 * but not of characters of two bytes that have slots.
	 */
	unsigned char lead[64], second[64];
	unsigned char third4[64]; /* after F0 9F: not 0: an odd page */
	unsigned groups;          /* in use */
	struct odd_group group[ODD_GROUPS];
	unsigned taken[ODD_GROUPS], taken_any; /* slots of each group, of any */
	/*
	 * Columns fewer than usual, modulo 256, in all groups: by the low, by the high nibble of a
	 * slot's bit.
	 */
	unsigned char fewer[2][16];
	/* After F0 9F: third and last bytes of the slots of characters with one column. */
	unsigned char slot4[64], last4[64];
	unsigned taken4;
	unsigned blocks; /* until sums are totalled */
	/* Pages of E0 to EF that were added, until it is worth asking for all. */
	unsigned char seen[16];
	unsigned char next_class;
	unsigned char lead2[32]; /* the classes of C0 to DF, whatever has slots */
};

/* No slot is taken, and all pages are odd that may be. */
void odd_slots_init(struct odd_slots *odd);
void odd_slots_forget(struct odd_slots *odd);
/*
 * Gives slots to the page of the character at p, which has none yet: 0, or -1 if there is none
 * free. p: a byte, and three more.
 */
int odd_slots_add(struct counter *c, const unsigned char *p);

#endif
