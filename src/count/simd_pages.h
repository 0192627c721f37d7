/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: the columns of UTF-8 characters by AVX-512VBMI, exactly.
 *
 * A character is taken to have two columns if its lead byte is E3 to ED, as those of CJK and Hangul
 * have, else one. Pages of 64 code points, which are all those with the same bytes but the last,
 * for which that is not the whole truth, are "odd"; c->pages says which they are:
 *
 *      odd = pages->lead[lead byte] & pages->second[second byte]       bits are classes of lead
 * bytes
 *
 * Each odd page of a block is then looked up once, in the counter's cache of widths, which has its
 * 64 answers in a row as VPERMB likes it. A text has few of them at a time: Thai two, Japanese two.
 */
#ifndef PCOUNT_COUNT_SIMD_PAGES_H
#define PCOUNT_COUNT_SIMD_PAGES_H

#include "count/width.h"

enum { WIDTH_EXACT = true };

/* One odd page: the characters that begin like the one at `i`. Takes them out of *odd. */
SIMD_FN void width_page(struct counter *c, struct width_marks *marks, struct block b,
                        const unsigned char *p, unsigned i, uint64_t *odd)
{
	unsigned char lead = p[i];
	vec next = _mm512_loadu_si512(p + 1), last = next;
	__mmask64 alike = _mm512_mask_cmpeq_epi8_mask(*odd, b.v[0], vec_set1(lead));
	char32_t page = lead & 0x1F;

	if (lead >= 0xE0) {
		alike = _mm512_mask_cmpeq_epi8_mask(alike, next, vec_set1(p[i + 1]));
		last = _mm512_loadu_si512(p + 2);
		page = (lead & 0x0Fu) << 6 | (p[i + 1] & 0x3Fu);
	}
	if (lead >= 0xF0) {
		alike = _mm512_mask_cmpeq_epi8_mask(alike, last, vec_set1(p[i + 2]));
		last = _mm512_loadu_si512(p + 3);
		page = (lead & 0x07u) << 12 | (p[i + 1] & 0x3Fu) << 6 | (p[i + 2] & 0x3Fu);
	}
	*odd &= ~(uint64_t)alike;
	const unsigned char *widths = width_page_of(c, page);
	if (!widths)
		return;
	/*
	 * Bytes that are no continuation bytes make no characters, which have no columns to take
	 * off.
	 */
	__mmask64 whole = _mm512_mask_cmplt_epi8_mask(alike, last, vec_set1(0xC0));
	vec answers = _mm512_permutexvar_epi8(last, _mm512_loadu_si512(widths));
	marks->one &= ~(uint64_t)_mm512_mask_cmpeq_epi8_mask(whole, answers, vec_set1(1));
	marks->two &= ~(uint64_t)whole;
	marks->two |= _mm512_mask_cmpeq_epi8_mask(whole, answers, vec_set1(3));
}

/*
 * Of the well-formed characters that `lead_bytes` begin: random bytes have few, and many odd pages.
 */
SIMD_FN struct width_marks width_marks_exact(struct counter *c, struct block b,
                                             const unsigned char *p, uint64_t lead_bytes)
{
	const struct width_pages *pages = &c->pages;
	struct width_marks marks = {~block_cont(b), block_in(b, WIDE_FIRST, WIDE_LAST)};
	vec next = _mm512_loadu_si512(p + 1);
	vec by_lead = _mm512_permutexvar_epi8(b.v[0], _mm512_loadu_si512(pages->lead));
	vec by_second = _mm512_permutexvar_epi8(next, _mm512_loadu_si512(pages->second));
	uint64_t odd = _mm512_mask_test_epi8_mask(_cvtu64_mask64(lead_bytes), by_lead, by_second);

	if (odd) {
		width_seen_odd(c);
		do
			width_page(c, &marks, b, p, (unsigned)trailing_zeros(odd), &odd);
		while (odd);
	}
	return marks;
}

#endif
