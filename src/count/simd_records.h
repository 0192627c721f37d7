/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: records. Of CSV, by masks with a bit for each byte:
 *
 *      bytes                  a , " b LF " , " c " x LF
 *      quotes                 0 0 1 0 0  1 0 1 0 1 0 0
 *      before                 0 0 0 1 1  1 0 0 1 1 0 0    inside quotes before the byte, if the
 *                                                         run begins outside; else its complement
 *      lines & ~before        0 0 0 0 0  0 0 0 0 0 0 1    ends of records
 *      faults & ~before       0 0 0 0 0  0 0 0 0 0 1 0    bytes that show that a quote is stray
 *
 * `before` is the exclusive-or of all quotes so far. Which quotes are stray is seen in bytes that
 * follow, so that only the past is needed: in the quote itself, if it opens a field where none
 * begins; in the byte after it, if it closes a field that does not end there; or in the one after
 * that, if CR is between.
 *
 * The masks of a batch of blocks are written to memory, and then taken as vectors of 64-bit words,
 * of which `before` takes six shifts. Block by block, with a carry-less multiplication for each, it
 * takes a quarter longer, since all that follows is done with one word at a time.
 */
#ifndef PCOUNT_COUNT_SIMD_RECORDS_H
#define PCOUNT_COUNT_SIMD_RECORDS_H

#include "count/recorder.h"
#include "count/simd_equal.h"

#include <string.h>

enum {
	BATCH = 32,            /* blocks: all masks of them are in the first cache */
	LANES = VEC_BYTES / 8, /* words in a vector */
	AHEAD = 4096,          /* bytes: while masks are worked on, no text is read */
	/* Masks to be made. */
	READ_QUOTES = 1, /* and lines */
	READ_BORDERS = 2,
};

/* Before a loop over the masks of a batch, one by one; and over all of them as vectors. */
#define EACH_MASK  _Pragma("GCC unroll 8") for (size_t i = LANES; i < LANES + BATCH; i++)
#define EACH_LANES _Pragma("GCC unroll 8") for (size_t i = 0; i < BATCH; i += LANES)
/* Before a loop over the whole blocks of p[0..n), i the place of their masks. */
#define EACH_WHOLE_BLOCK _Pragma("GCC unroll 4") for (; n >= BLOCK; p += BLOCK, n -= BLOCK, i++)

typedef uint64_t lanes __attribute__((vector_size(VEC_BYTES)));

/* A mask of each block, from [LANES] on. Before them is that of the block before the batch. */
struct masks {
	uint64_t of[LANES + BATCH];
};

struct batch {
	struct masks quotes;
	struct masks borders;        /* what may stand before and after the quotes of a field */
	struct masks quoted_returns; /* CR after a quote */
	struct masks lines, returns;
	struct masks inside, before; /* inside quotes after the byte, and before it */
	struct masks faults;         /* of the quote itself, or of that before */
	struct masks late_faults;    /* of the quote two bytes before */
	/* Is there any ... */
	uint64_t any_quotes, any_late, any_outside, any_within, any_lines_within;
};

/* What is known of the run so far. */
struct quoted {
	uint64_t inside;      /* all ones: the run ends inside quotes, if it begins outside */
	uint64_t lines, ends; /* LFs; those of them outside */
};

/* ---- masks as vectors ---- */

SIMD_FN lanes lanes_load(const struct masks *m, size_t i)
{
	lanes v;

	memcpy(&v, m->of + LANES + i, sizeof v);
	return v;
}

SIMD_FN void lanes_store(struct masks *m, size_t i, lanes v)
{
	memcpy(m->of + LANES + i, &v, sizeof v);
}

/* Each mask one byte later; its first bit is from the block before. */
SIMD_FN lanes lanes_later(const struct masks *m, size_t i)
{
	lanes before;

	memcpy(&before, m->of + LANES + i - 1, sizeof before);
	return lanes_load(m, i) << 1 | before >> 63;
}

SIMD_FN uint64_t lanes_any(lanes v)
{
	uint64_t any = 0;

	for (int i = 0; i < LANES; i++)
		any |= v[i];
	return any;
}

SIMD_FN uint64_t bits_in(const struct masks *m)
{
	uint64_t bits = 0;

	EACH_MASK
	bits += bits_set(m->of[i]);
	return bits;
}

SIMD_FN uint64_t bits_in_both(const struct masks *a, const struct masks *b)
{
	uint64_t bits = 0;

	EACH_MASK
	bits += bits_set(a->of[i] & b->of[i]);
	return bits;
}

/* The last mask of a batch becomes that before the first of the next. */
SIMD_FN void masks_next(struct masks *m)
{
	m->of[LANES - 1] = m->of[LANES + BATCH - 1];
}

/* ---- a batch: p[0..n), n at most BATCH * BLOCK ---- */

/* The i-th mask of each kind that is asked for. */
SIMD_FN void block_masks(struct batch *m, size_t i, struct block b, unsigned char delimiter,
                         unsigned which)
{
	if (which & READ_QUOTES) {
		m->quotes.of[i] = block_eq(b, '"');
		m->lines.of[i] = block_eq(b, '\n');
		m->any_quotes |= m->quotes.of[i];
	}
	if (which & READ_BORDERS) {
		m->borders.of[i] = block_eq(b, delimiter);
		m->returns.of[i] = block_eq(b, '\r');
	}
}

/* Reads the text. `which` is a constant. */
SIMD_FN void batch_read(struct batch *m, const unsigned char *p, size_t n, unsigned char delimiter,
                        unsigned which)
{
	size_t i = LANES, last = LANES + (n - 1) / BLOCK;
	uint64_t there = bits_below(n - (n - 1) / BLOCK * BLOCK);

	EACH_WHOLE_BLOCK
	{
		if (which & READ_QUOTES)
			__builtin_prefetch(p + AHEAD);
		block_masks(m, i, block_load(p), delimiter, which);
	}
	if (n > 0)
		block_masks(m, i++, block_load_part(p, n), delimiter, which);
	for (; i < LANES + BATCH; i++)
		block_masks(m, i, block_zero(), delimiter, which);
	if (!(which & READ_BORDERS))
		return;
	/* Bytes that are not there are as good as borders. */
	m->borders.of[last] |= ~there;
	for (i = last + 1; i < LANES + BATCH; i++)
		m->borders.of[i] = ~UINT64_C(0);
}

/* What has been found at the end of a batch precedes the next. */
SIMD_FN void batch_next(struct batch *m)
{
	masks_next(&m->quotes);
	masks_next(&m->borders);
	masks_next(&m->quoted_returns);
	m->any_quotes = 0;
}

/* Where it is inside quotes. */
SIMD_FN void batch_states(struct batch *m, struct quoted *q)
{
	uint64_t inside = q->inside;

	EACH_LANES
	{
		lanes x = lanes_load(&m->quotes, i);
		for (unsigned k = 1; k < BLOCK; k *= 2)
			x ^= x << k;
		lanes_store(&m->inside, i, x);
	}
	EACH_MASK
	{
		m->before.of[i] = inside;
		inside ^= (uint64_t)((int64_t)m->inside.of[i] >> 63);
	}
	EACH_LANES
	lanes_store(&m->before, i,
	            lanes_load(&m->before, i) ^ lanes_load(&m->inside, i) ^
	                    lanes_load(&m->quotes, i));
	q->inside = inside;
}

SIMD_FN void batch_faults(struct batch *m)
{
	/* So far these are delimiters. */
	EACH_LANES
	lanes_store(&m->borders, i,
	            lanes_load(&m->borders, i) | lanes_load(&m->quotes, i) |
	                    lanes_load(&m->lines, i));
	EACH_LANES
	{
		lanes after_quote = lanes_later(&m->quotes, i),
		      returns = lanes_load(&m->returns, i);
		lanes self = lanes_load(&m->quotes, i) & ~lanes_later(&m->borders, i);
		lanes next = after_quote & ~(lanes_load(&m->borders, i) | returns);
		lanes_store(&m->quoted_returns, i, returns & after_quote);
		lanes_store(&m->faults, i, self | next);
	}
}

/* Quotes in the first bytes of the run are not decided here. */
SIMD_FN void leave_open(struct batch *m)
{
	/* Of the quote at the last of these, the fault is in the byte after it. */
	uint64_t first = bits_below(RECORD_OPEN), after = bits_below(RECORD_OPEN + 1);

	m->faults.of[LANES] &= ~after | (m->quotes.of[LANES] & ~first);
	m->quoted_returns.of[LANES] &= ~after;
}

/* After CR at the end of the run there is no byte. */
SIMD_FN void close_end(struct batch *m, size_t n)
{
	m->quoted_returns.of[LANES + (n - 1) / BLOCK] &= ~(UINT64_C(1) << (n - 1) % BLOCK);
}

/* What there is at all: most of it need not be counted. */
SIMD_FN void batch_any(struct batch *m)
{
	lanes late = {0}, outside = {0}, within = {0}, lines = {0};

	EACH_LANES
	{
		lanes before = lanes_load(&m->before, i), faults = lanes_load(&m->faults, i);
		lanes late_faults = lanes_later(&m->quoted_returns, i) & ~lanes_load(&m->lines, i);
		lanes_store(&m->late_faults, i, late_faults);
		late |= late_faults;
		outside |= faults & ~before;
		within |= faults & before;
		lines |= lanes_load(&m->lines, i) & before;
	}
	m->any_late = lanes_any(late);
	m->any_outside = lanes_any(outside);
	m->any_within = lanes_any(within);
	m->any_lines_within = lanes_any(lines);
}

/* The rare cases: the first stray quote of a state, and CR after a quote without LF after it. */
SIMD_APART void note_strays(struct record_run *run, const struct batch *m, unsigned state,
                            uint64_t offset)
{
	for (size_t i = LANES; i < LANES + BATCH; i++, offset += BLOCK) {
		uint64_t here = state == RECORD_OUTSIDE ? ~m->before.of[i] : m->before.of[i];
		uint64_t early = m->faults.of[i] & here, late = m->late_faults.of[i] & here;
		if (run->strays[state] == 0 && (early | late)) {
			uint64_t first = trailing_zeros(early | late), bit = UINT64_C(1) << first;
			uint64_t back = bit & late ? 2 : bit & m->quotes.of[i] ? 0 : 1;
			run->stray_at[state] = offset + first - back;
		}
		run->strays[state] += bits_set(early) + bits_set(late);
	}
}

/* The batch is `offset` bytes into the run. */
SIMD_FN void batch_count(struct record_run *run, struct quoted *q, const struct batch *m,
                         uint64_t offset)
{
	uint64_t lines = bits_in(&m->lines);
	/* In well-formed text, from one of the states there is no fault. */
	unsigned state = m->any_within ? RECORD_INSIDE : RECORD_OUTSIDE;

	q->lines += lines;
	q->ends += lines;
	if (m->any_lines_within)
		q->ends -= bits_in_both(&m->lines, &m->before);
	bool mixed = m->any_outside && m->any_within, any = m->any_outside || m->any_within;
	if (UNLIKELY(m->any_late || mixed || (any && run->strays[state] == 0))) {
		note_strays(run, m, RECORD_OUTSIDE, offset);
		note_strays(run, m, RECORD_INSIDE, offset);
	} else {
		run->strays[state] += bits_in(&m->faults);
	}
}

/* ---- all of it ---- */

/* Are there quotes in the batch, or any just before it on which it decides? */
SIMD_FN bool has_quotes(const struct batch *m)
{
	return m->any_quotes ||
	       (m->quotes.of[LANES - 1] | m->quoted_returns.of[LANES - 1]) >> (BLOCK - 1);
}

/* A batch without quotes, which ends in the byte `last`: the state of all of it is known. */
SIMD_FN void batch_unquoted(struct quoted *q, struct batch *m, unsigned char last,
                            unsigned char delimiter)
{
	const size_t end = LANES + BATCH - 1;
	uint64_t lines = bits_in(&m->lines);

	q->lines += lines;
	q->ends += lines & ~q->inside;
	/* All that the next batch asks for. */
	m->borders.of[end] = (uint64_t)(last == '\n' || last == delimiter) << (BLOCK - 1);
	m->quoted_returns.of[end] = 0;
}

SIMD_FN void batch_quoted(struct record_run *run, struct quoted *q, struct batch *m, size_t offset,
                          size_t n)
{
	batch_states(m, q);
	batch_faults(m);
	if (offset == 0)
		leave_open(m);
	if (n < BATCH * BLOCK)
		close_end(m, n);
	batch_any(m);
	batch_count(run, q, m, offset);
}

SIMD_FN void scan_quoted(struct record_run *run, unsigned char delimiter, const unsigned char *p,
                         size_t n)
{
	struct quoted q = {0};
	struct batch m;
	bool quoted = true; /* the batch before was: so is this one, as a rule */

	/* Nothing precedes. */
	m.quotes.of[LANES + BATCH - 1] = m.borders.of[LANES + BATCH - 1] = 0;
	m.quoted_returns.of[LANES + BATCH - 1] = 0;
	for (size_t i = 0, taken; i < n; i += taken) {
		taken = n - i < BATCH * BLOCK ? n - i : BATCH * BLOCK;
		batch_next(&m);
		if (quoted)
			batch_read(&m, p + i, taken, delimiter, READ_QUOTES | READ_BORDERS);
		else
			batch_read(&m, p + i, taken, delimiter, READ_QUOTES);
		bool read = quoted;
		quoted = has_quotes(&m);
		if (quoted && !read)
			batch_read(&m, p + i, taken, delimiter, READ_BORDERS);
		if (quoted)
			batch_quoted(run, &q, &m, i, taken);
		else
			batch_unquoted(&q, &m, p[i + taken - 1], delimiter);
	}
	run->odd = q.inside != 0;
	run->ends[RECORD_OUTSIDE] = q.ends;
	run->ends[RECORD_INSIDE] = q.lines - q.ends;
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
