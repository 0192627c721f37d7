/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Columns of UTF-8 by lookups in tables of 16, as simd_odd.h makes them: what it keeps.
 *
 * A character is taken to have two columns if its lead byte is WIDE_FIRST to WIDE_LAST, else one.
 * The characters of a page of 64 (those with the same bytes but the last) that all have so many
 * more or fewer columns are a set, which is found in a block by two comparisons and two lookups. A
 * text has few such sets at a time: Thai two, Japanese four. Those that were met last are kept.
 * Characters of four bytes are in no set: emoji would have a dozen.
 */
#ifndef PCOUNT_COUNT_ODD_SETS_H
#define PCOUNT_COUNT_ODD_SETS_H

#include "base/base.h"

#include <uchar.h>

struct counter;

enum {
	ODD_PAGE_SETS = 2, /* of a page, at most */
	ODD_SETS = 8,      /* kept for each length of characters */
	ODD_LENGTHS = 2,   /* characters of two and of three bytes */
	/*
	 * After so many blocks they are forgotten, for the script may have changed. Sums of columns
	 * are in signed bytes, and have 2 for each block at most, so 63 at most.
	 */
	ODD_SETS_BLOCKS = 24,
};

/* What a byte and the one before it may be, together; see simd_odd.h. */
enum {
	ODD_TAB = 1,   /* of no page, but to be dealt with apart */
	ODD_DEL = 2,   /* likewise: the one ASCII character from SPACE up without a column */
	ODD_C = 4,     /* odd pages of lead bytes C2 to CF */
	ODD_D = 8,     /* D0 to DF; and all of F3 and F4 */
	ODD_MOST = 16, /* E0 to EF of which all pages are taken to be odd; and all of F0 to F2 */
	ODD_OWN = 32,  /* and three bits for lead bytes with few of them */
	ODD_APART = ODD_TAB | ODD_DEL,
};

struct odd_set {
	unsigned char first, second; /* bytes of its page; of two bytes only the first */
	signed char more;            /* columns that its characters have more than usual */
	/*
	 * By the low nibble of the last byte: bit k: with a high nibble of 8 + k the character is
	 * in the set.
	 */
	unsigned char by_low_nibble[16];
};

/* The sets of a page. */
struct odd_page {
	char32_t page; /* its first code point / 64 */
	unsigned n;    /* 0: it is not known */
	struct odd_set set[ODD_PAGE_SETS];
};

struct odd_sets {
	unsigned n[ODD_LENGTHS];
	struct odd_set set[ODD_LENGTHS][ODD_SETS];
	unsigned blocks; /* until they are forgotten */
	unsigned seen;   /* blocks with odd pages, until it is worth asking for all */
	/*
	 * ODD_* by high and low nibble of a byte, and by those of the next: a pair has those that
	 * all four have.
	 */
	unsigned char nibbles[4][16];
	struct odd_page made[64]; /* once made, for all that is forgotten; by the page's last bits
	                           */
};

/* No set is known, and all pages are odd that may be. */
void odd_sets_init(struct odd_sets *odd);
void odd_sets_forget(struct odd_sets *odd);
/*
 * Adds the sets of the page that the character at p has, which has none yet: 0, or -1 if
 * there is no room for them, or no such page: then they are to be forgotten. p: a byte, and three
 * more.
 */
int odd_sets_add(struct counter *c, const unsigned char *p);

#endif
