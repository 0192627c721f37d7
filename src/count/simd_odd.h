/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: the columns of UTF-8 text, exactly, by lookups in tables of 16 or of 64.
 *
 * The columns that a character usually has are added where its lead byte stands; those that it has
 * more or fewer, being odd, where its second byte stands. Which characters those are is known of
 * the pages that the text has had, and asked of the locale for those that are new.
 *
 * A block of which some odd page cannot be known is not vouched for, and neither is one that is
 * not well-formed, or has a TAB.
 */
#ifndef PCOUNT_COUNT_SIMD_ODD_H
#define PCOUNT_COUNT_SIMD_ODD_H

#include "base/utf8.h"
#include "count/edges.h"
#include "count/odd_sets.h"
#include "count/odd_slots.h"
#include "count/repeat.h"
#include "count/width.h"

enum {
	ODD_RETRY = 8, /* blocks, after one that could not be vouched for */
	ODD_AHEAD = 2, /* bytes after a block that are read: of a character after its second */
	ODD_TRIES = 3, /* sets are added, and if there is no room for them, in place of others */
};

/* What is to be done after a block. */
enum odd_status { ODD_ADDED, ODD_AGAIN, ODD_NOT_VOUCHED };

/* The block's first `rest` bytes, and 0 in place of others. */
SIMD_FN struct block odd_kept(struct block b, size_t rest)
{
	static const unsigned char kept[2 * BLOCK] = {SIXTEEN(0xFF), SIXTEEN(0xFF), SIXTEEN(0xFF),
	                                              SIXTEEN(0xFF)};

	return LIKELY(rest >= BLOCK) ? b : block_and(b, block_load(kept + BLOCK - rest));
}

/* Adds the page of the character at p, which was not known; false: there is no room for it. */
SIMD_FN bool odd_add_page(struct counter *c, const unsigned char *p)
{
	return (VEC_LOOKUP == 64 ? odd_slots_add(c, p) : odd_sets_add(c, p)) == 0;
}

SIMD_FN void odd_forget(struct counter *c)
{
	if (VEC_LOOKUP == 64)
		odd_slots_forget(&c->slots);
	else
		odd_sets_forget(&c->odd);
}

/* Adds the pages of which `pages` marks second bytes at p. */
SIMD_APART void odd_add(struct counter *c, const unsigned char *p, uint64_t pages)
{
	struct block first = block_load(p - 1), second = block_load(p);

	while (pages) {
		const unsigned char *at = p + trailing_zeros(pages) - 1;
		if (!odd_add_page(c, at)) {
			odd_forget(c); /* those of other blocks may be in the way */
			return;
		}
		uint64_t alike = block_eq(first, at[0]);
		if (at[0] >= 0xE0)
			alike &= block_eq(second, at[1]);
		pages &= ~alike;
	}
}

#if VEC_LOOKUP == 64
#include "count/simd_odd_slots.h"
#else
#include "count/simd_odd_sets.h"
#endif

/* Takes back what the end of p[0..n) has of a character that goes on: the bytes to be left. */
SIMD_APART size_t odd_cut(struct counter *c, uint64_t *columns, const unsigned char *p, size_t n,
                          const unsigned char *end)
{
	size_t cut = utf8_unfinished(p, n);
	const unsigned char *at = p + n - cut;

	if (cut > 1 &&
	    (VEC_LOOKUP == 64 || at[0] >= 0xF0 || utf8_character(at, (size_t)(end - at)) > 0))
		*columns -= width_of(c, utf8_decode_multibyte(at));
	else if (cut > 0)
		*columns -= width_usual(at[0]);
	else if (p[n - 1] >= 0xC0) /* no character begins so */
		*columns -= width_usual(p[n - 1]);
	return cut;
}

/*
 * Adds the beginning of p[0..n), which has no break, to a run, as much of it as is vouched for: how
 * many bytes. p and p + n are between two characters, as what is left then begins. UTF8_ENTER_MIN
 * bytes before p, and those up to `end`, may be read.
 */
SIMD_APART size_t odd_measure(struct counter *c, struct width_run *run, const unsigned char *p,
                              size_t n, const unsigned char *end)
{
	const struct odd_tables tables = odd_tables(c);
	struct block sum = block_zero();
	uint64_t columns = 0;
	size_t i = 0, room = (size_t)(end - p);

	for (; i < n && room - i >= BLOCK + ODD_AHEAD; i += BLOCK) {
		enum odd_status status = ODD_AGAIN;
		for (int tries = 0; tries < ODD_TRIES && status == ODD_AGAIN; tries++)
			status = odd_block(c, &tables, &sum, &columns, p + i, n - i);
		if (status != ODD_ADDED)
			break;
		if (odd_is_full(c)) {
			columns += odd_total(sum);
			sum = block_zero();
		}
	}
	columns += odd_total(sum);
	i = i < n ? i : n;
	if (i > 0 && p[i - 1] >= 0x80)
		i -= odd_cut(c, &columns, p, i, end);
	*(run->tab ? &run->after : &run->before) += columns;
	return i;
}

#endif
