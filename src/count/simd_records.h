/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: records. Of CSV, a block of 64 bytes at a time, by masks:
 *
 *      bytes                  a , " b LF " , " c " x LF
 *      quotes                 0 0 1 0 0  1 0 1 0 1 0 0
 *      before                 0 0 0 1 1  1 0 0 1 1 0 0    inside quotes before the byte, if the
 *                                                         run begins outside; else its complement
 *      line feeds & ~before   0 0 0 0 0  0 0 0 0 0 0 1    ends of records
 *      faults & ~before       0 0 0 0 0  0 0 0 0 0 1 0    bytes that show that a quote is stray
 *
 * `before` is the exclusive-or of all quotes so far, which a carry-less multiplication by all ones
 * gives for a block. Which quotes are stray is seen in bytes that follow, so that only the past is
 * needed: in the quote itself, if it opens a field where none begins; in the byte after it, if it
 * closes a field that does not end there; or in the one after that, if CR is between.
 */
#ifndef PCOUNT_COUNT_SIMD_RECORDS_H
#define PCOUNT_COUNT_SIMD_RECORDS_H

#include "count/recorder.h"
#include "count/simd_equal.h"

/* What has been seen before the current block. Bits are 0 or 1. */
struct quoted {
	uint64_t inside;       /* all ones: inside quotes, if the run begins outside */
	uint64_t border;       /* bit: the last byte may stand before a quote that opens a field */
	uint64_t quote;        /* bit: it is a quote */
	uint64_t return_after; /* bit: it is CR after a quote */
	uint64_t lines, ends;  /* LFs; those of them outside */
	uint64_t strays[RECORD_STATES];
};

/* Masks of a block: bytes that show that a quote is stray, which is so many bytes before. */
struct faults {
	uint64_t at[RECORD_REACH + 1];
};

/* Offset in the block of the first stray quote; `where`: before which bytes it is outside. */
SIMD_FN int first_stray(const struct faults *f, uint64_t where)
{
	int first = BLOCK;

	for (int i = 0; i <= RECORD_REACH; i++) {
		uint64_t mask = f->at[i] & where;
		if (mask && (int)trailing_zeros(mask) - i < first)
			first = (int)trailing_zeros(mask) - i;
	}
	return first;
}

/* Notes where the first stray quote is of those states that had none so far. */
SIMD_APART void note_strays(struct record_run *run, const struct quoted *q, const struct faults *f,
                            uint64_t before, uint64_t offset)
{
	for (unsigned state = RECORD_OUTSIDE; state < RECORD_STATES; state++) {
		int first = first_stray(f, state == RECORD_OUTSIDE ? ~before : before);
		if (q->strays[state] == 0 && first < BLOCK)
			run->stray_at[state] = offset + (uint64_t)(int64_t)first;
	}
}

/*
 * The block of which `valid` bytes are there, `offset` bytes into the run. `open`, a constant: in
 * its first bytes quotes are undecided.
 */
SIMD_FN void quoted_step(struct record_run *run, struct quoted *q, struct block b,
                         unsigned char delimiter, uint64_t valid, uint64_t offset, bool open)
{
	uint64_t quotes = block_eq(b, '"') & valid, lines = block_eq(b, '\n');
	uint64_t borders = quotes | lines | (block_eq(b, delimiter) & valid);
	uint64_t returns = block_eq(b, '\r');
	uint64_t after_quote = quotes << 1 | q->quote, after_border = borders << 1 | q->border;
	uint64_t inside = bits_prefix_xor(quotes) ^ q->inside, before = inside ^ quotes;
	uint64_t return_after = returns & after_quote;
	struct faults f = {{
		quotes & ~after_border,
		after_quote & ~(borders | returns) & valid,
		(return_after << 1 | q->return_after) & ~lines & valid,
	}};

	for (int i = 0; open && i <= RECORD_REACH; i++)
		f.at[i] &= ~bits_below(RECORD_OPEN + (size_t)i);
	q->inside = (uint64_t)((int64_t)inside >> 63);
	q->border = borders >> 63;
	q->quote = quotes >> 63;
	q->return_after = return_after >> 63;
	q->lines += bits_set(lines);
	q->ends += bits_set(lines & ~before);
	/* The first two are never in one byte. */
	uint64_t faults = f.at[0] | f.at[1], outside = faults & ~before, within = faults & before;
	if (UNLIKELY((q->strays[RECORD_OUTSIDE] == 0 && outside) ||
	             (q->strays[RECORD_INSIDE] == 0 && within) || f.at[2])) {
		note_strays(run, q, &f, before, offset);
		q->strays[RECORD_OUTSIDE] += bits_set(f.at[2] & ~before);
		q->strays[RECORD_INSIDE] += bits_set(f.at[2] & before);
	}
	q->strays[RECORD_OUTSIDE] += bits_set(outside);
	q->strays[RECORD_INSIDE] += bits_set(within);
}

SIMD_FN void scan_quoted(struct record_run *run, unsigned char delimiter, const unsigned char *p,
                         size_t n)
{
	struct quoted q = {0};
	size_t i = 0;

	if (n >= BLOCK) {
		quoted_step(run, &q, block_load(p), delimiter, ~UINT64_C(0), 0, true);
		for (i = BLOCK; n - i >= BLOCK; i += BLOCK)
			quoted_step(run, &q, block_load(p + i), delimiter, ~UINT64_C(0), i, false);
	}
	if (i < n && i == 0)
		quoted_step(run, &q, block_load_part(p, n), delimiter, bits_below(n), 0, true);
	else if (i < n)
		quoted_step(run, &q, block_load_part(p + i, n - i), delimiter, bits_below(n - i), i,
		            false);
	run->odd = q.inside != 0;
	run->ends[RECORD_OUTSIDE] = q.ends;
	run->ends[RECORD_INSIDE] = q.lines - q.ends;
	run->strays[RECORD_OUTSIDE] = q.strays[RECORD_OUTSIDE];
	run->strays[RECORD_INSIDE] = q.strays[RECORD_INSIDE];
}

/* Lines that begin with x, the first of the run aside. */
SIMD_FN uint64_t prefixed_in(const unsigned char *p, size_t n, unsigned char x)
{
	uint64_t lines = 0, begun = 0; /* LFs of the block before */
	size_t i = 0;

	for (; n - i >= BLOCK; i += BLOCK) {
		struct block b = block_load(p + i);
		uint64_t before = lines;
		lines = block_eq(b, '\n');
		begun += bits_set(block_eq(b, x) & shift_in(lines, before, 1));
	}
	if (i < n) {
		struct block b = block_load_part(p + i, n - i);
		uint64_t after = shift_in(block_eq(b, '\n'), lines, 1);
		begun += bits_set(block_eq(b, x) & after & bits_below(n - i));
	}
	return begun;
}

SIMD_KERNEL void scan_records(struct record_run *run, struct record_kind kind,
                              const unsigned char *p, size_t n)
{
	*run = record_run_edges(kind, p, n);
	if (kind.form == RECORDS_QUOTED)
		scan_quoted(run, kind.byte, p, n);
	else if (kind.form == RECORDS_PREFIXED)
		run->ends[RECORD_OUTSIDE] = prefixed_in(p, n, kind.byte);
	else
		run->ends[RECORD_OUTSIDE] = equal_in(p, n, kind.byte);
}

#endif
