/* SPDX-License-Identifier: BSD-2-Clause */
/* Template: the columns of a run of text without a break, exactly. */
#ifndef PCOUNT_COUNT_SIMD_WIDTH_MEASURE_H
#define PCOUNT_COUNT_SIMD_WIDTH_MEASURE_H

#include "base/utf8.h"
#include "count/width.h"

#include <string.h>

enum { WIDTH_AHEAD = 3 }; /* bytes of a character after its first */

#if VEC_LOOKUP >= 16
#include "count/simd_odd.h"
#endif

/* Bytes that have a column in a single-byte charset, or in UTF-8 (`single` false) if ASCII. */
SIMD_FN uint64_t block_print(const struct counter *c, struct block b, bool single)
{
	uint64_t print = block_in(b, ' ', '~');

	if (single)
		for (unsigned i = 0; i < c->bytes.prints; i++)
			print |= block_in(b, c->bytes.print[i].lo, c->bytes.print[i].hi);
	return print;
}

/* Adds the columns in `print` and the TABs to a run. */
SIMD_FN void width_add(struct width_run *run, uint64_t print, uint64_t tabs)
{
	uint64_t *columns = run->tab ? &run->after : &run->before;

	for (; tabs; tabs &= tabs - 1) {
		uint64_t upto = tabs ^ (tabs - 1); /* bits up to the first TAB */
		*columns += bits_set(print & upto);
		print &= ~upto;
		if (run->tab)
			run->after = (run->after & ~UINT64_C(7)) + 8;
		run->tab = true;
		columns = &run->after;
	}
	*columns += bits_set(print);
}

/*
 * The lead bytes of well-formed characters in the UTF-8 block b at p, which begins between two
 * characters. *cut: bytes of a character that the block cuts, whose lead byte is not among them.
 */
SIMD_FN uint64_t width_leads(struct block b, const unsigned char *p, unsigned *cut)
{
	static const struct exact none = {0};
	const struct utf8_tables tables = utf8_tables(false);

	if (LIKELY(!block_any_of(block_faults(&tables, b, p, 4), FAULTS))) {
		/* A lead byte at the end is that of a character cut, or of none. */
		*cut = (unsigned)utf8_unfinished(p, BLOCK);
		return block_ge(b, 0xC0) & ~UINT64_C(0) >> (*cut ? *cut : 1);
	}
	struct exact x = exact_decode(b, &none);
	*cut = exact_unfinished(&x);
	return x.end2 >> 1 | x.end3 >> 2 | x.end4 >> 3;
}

/*
 * Sum of the columns of the characters whose lead bytes `leads` marks at p. With PEXT (where it is
 * fast: AVX-512 came later) without a branch on their lengths; `readable`: 3 bytes after the block
 * may be read.
 */
SIMD_FN uint64_t width_sum_leads(struct counter *c, const unsigned char *p, uint64_t leads,
                                 bool readable)
{
#ifdef VEC_PEXT
	/*
	 * By the lead byte's bits 5 and 4: the bits of the code point in the four bytes from it on.
	 */
	static const uint32_t points[4] = {0x1F3F0000, 0x1F3F0000, 0x0F3F3F00, 0x073F3F3F};
	uint64_t sum = 0;

	if (LIKELY(readable)) {
		for (; leads; leads &= leads - 1) {
			uint32_t bytes;
			memcpy(&bytes, p + __builtin_ctzll(leads), sizeof bytes);
			bytes = __builtin_bswap32(bytes);
			sum += width_of(c, _pext_u32(bytes, points[bytes >> 28 & 3]));
		}
		return sum;
	}
#endif
	(void)readable;
	return width_of_leads(c, p, leads);
}

/*
 * Adds the block's bytes `within` to a run; how many bytes the block had, without a last one cut.
 */
SIMD_FN size_t width_mixed(struct counter *c, struct width_run *run, struct block b,
                           const unsigned char *p, uint64_t within, bool readable)
{
	unsigned cut;
	uint64_t leads = width_leads(b, p, &cut) & within,
		 print = block_print(c, b, false) & within;
	uint64_t tabs = block_eq(b, '\t') & within;

	for (; tabs; tabs &= tabs - 1) { /* to each TAB, and it */
		uint64_t upto = tabs ^ (tabs - 1);
		*(run->tab ? &run->after : &run->before) +=
			width_sum_leads(c, p, leads & upto, readable);
		width_add(run, print & upto, tabs & upto);
		leads &= ~upto;
		print &= ~upto;
	}
	*(run->tab ? &run->after : &run->before) +=
		bits_set(print) + width_sum_leads(c, p, leads, readable);
	return BLOCK - cut;
}

/* Adds the bytes `within` of the block b, all of single-byte charsets or ASCII, to a run. */
SIMD_FN void width_plain(const struct counter *c, struct width_run *run, struct block b,
                         uint64_t within, bool single)
{
	width_add(run, block_print(c, b, single) & within, block_eq(b, '\t') & within);
}

SIMD_FN void width_measure_bytes(const struct counter *c, struct width_run *run,
                                 const unsigned char *p, size_t n, const unsigned char *end)
{
	for (; n > 0; n -= n < BLOCK ? n : BLOCK, p += BLOCK) {
		struct block b = end - p >= BLOCK ? block_load(p) : block_load_part(p, n);
		width_plain(c, run, b, bits_below(n), true);
	}
}

/*
 * Adds p[0..n), which has no break, to a run; bytes up to `end`, not before p + n, may be read.
 * UTF-8: p is at a character, and so is p + n.
 */
SIMD_APART void width_measure(struct counter *c, struct width_run *run, const unsigned char *p,
                              size_t n, const unsigned char *end, bool single)
{
	if (single) {
		width_measure_bytes(c, run, p, n, end);
		return;
	}
#if VEC_LOOKUP >= 16
	unsigned apart = 0; /* blocks until odd sets are tried again */
#endif
	for (size_t i = 0; i < n;) {
		size_t rest = n - i;
		bool whole = (size_t)(end - p) - i >= BLOCK;
		uint64_t within = bits_below(rest);
		struct block b = whole ? block_load(p + i) : block_load_part(p + i, rest);
		if ((block_high(b) & within) == 0) {
			width_plain(c, run, b, within, false);
			i += BLOCK;
			continue;
		}
#if VEC_LOOKUP >= 16
		if (apart == 0) {
			size_t done = odd_measure(c, run, p + i, rest, end);
			apart = done > 0 ? 1 : ODD_RETRY;
			i += done;
			continue;
		}
		apart--;
#endif
		if (whole) {
			i += width_mixed(c, run, b, p + i, within,
			                 (size_t)(end - p) - i >= BLOCK + WIDTH_AHEAD);
		} else {
			i += width_measure_utf8(c, run, p + i, rest, BLOCK);
		}
	}
}

/* The first break in [p, end), or end. */
SIMD_FN const unsigned char *find_break(const unsigned char *p, const unsigned char *end)
{
	for (; end - p >= BLOCK; p += BLOCK) {
		uint64_t breaks = block_breaks(block_load(p));
		if (breaks)
			return p + __builtin_ctzll(breaks);
	}
	if (p < end) {
		uint64_t breaks = block_breaks(block_load_part(p, (size_t)(end - p)));
		return breaks ? p + __builtin_ctzll(breaks) : end;
	}
	return end;
}

#endif
