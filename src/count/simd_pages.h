/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: the columns of UTF-8 characters by lookups in tables of 64 (VEC_LOOKUP 64), exactly.
 *
 * A character is taken to have two columns if its lead byte is E3 to ED, as those of CJK and Hangul
 * have, else one. Pages of 64 code points, which are all those with the same bytes but the last,
 * for which that does not hold throughout, are "odd"; c->pages says which they are:
 *
 *      odd = pages->lead[lead byte] & pages->second[second byte]     bits: classes of lead bytes
 *
 * Each odd page of a block is then looked up once, in the counter's cache of widths, which has its
 * 64 answers in a row, as a table for lookups. A text has few of them at a time: Thai two, Japanese
 * two.
 */
#ifndef PCOUNT_COUNT_SIMD_PAGES_H
#define PCOUNT_COUNT_SIMD_PAGES_H

#include "count/width.h"

SIMD_FN struct block block_lookup64(const unsigned char table[64], struct block b)
{
	EACH_VEC
	b.v[i] = vec_lookup64(vec_load(table), b.v[i]);
	return b;
}

/* One odd page: the characters that begin like the one at `i`. Takes them out of *odd. */
SIMD_FN void width_page(struct counter *c, struct width_marks *marks, struct block b,
                        const unsigned char *p, unsigned i, uint64_t *odd)
{
	unsigned char lead = p[i];
	struct block next = block_load(p + 1), last = next;
	uint64_t alike = *odd & block_eq(b, lead);
	char32_t page = lead & 0x1F;

	if (lead >= 0xE0) {
		alike &= block_eq(next, p[i + 1]);
		last = block_load(p + 2);
		page = (lead & 0x0Fu) << 6 | (p[i + 1] & 0x3Fu);
	}
	if (lead >= 0xF0) {
		alike &= block_eq(last, p[i + 2]);
		last = block_load(p + 3);
		page = (lead & 0x07u) << 12 | (p[i + 1] & 0x3Fu) << 6 | (p[i + 2] & 0x3Fu);
	}
	*odd &= ~alike;
	const unsigned char *widths = width_page_of(c, page);
	if (!widths)
		return;
	/*
	 * Bytes that are no continuation bytes make no characters, which have no columns to take
	 * off.
	 */
	uint64_t whole = alike & block_cont(last);
	struct block answers = block_lookup64(widths, last);
	marks->one &= ~(whole & block_eq(answers, 1));
	marks->two = (marks->two & ~whole) | (whole & block_eq(answers, 3));
}

/*
 * Of the well-formed characters that `lead_bytes` begin: random bytes have few, and many odd pages.
 */
SIMD_FN struct width_marks width_marks_exact(struct counter *c, struct block b,
                                             const unsigned char *p, uint64_t lead_bytes)
{
	const struct width_pages *pages = &c->pages;
	struct width_marks marks = {~block_cont(b), block_in(b, WIDE_FIRST, WIDE_LAST)};
	struct block by_lead = block_lookup64(pages->lead, b);
	struct block by_second = block_lookup64(pages->second, block_load(p + 1));

	EACH_VEC
	by_lead.v[i] = vec_and(by_lead.v[i], by_second.v[i]);
	uint64_t odd = block_nonzero(by_lead) & lead_bytes;
	if (odd) {
		width_seen_odd(c);
		do
			width_page(c, &marks, b, p, (unsigned)trailing_zeros(odd), &odd);
		while (odd);
	}
	return marks;
}

#endif
