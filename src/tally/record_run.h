/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run of records: what --records counts of a run of bytes without knowing its surroundings. It is
 * a part of the tally of the same bytes, and a monoid like it: all zero is its identity, and
 * record_run_merge() is associative.
 *
 * Whether a newline of CSV ends a record depends on the quotes before it, which another may be
 * counting. So a run keeps two answers, one for each state that it may begin in, and the parity of
 * its quotes, which says in which state it ends; a merge chooses the answer, so that a cut may fall
 * anywhere:
 *
 *      bytes            a,"b LF c",d LF e "
 *      begins outside   ends 1, of the second newline; ends inside
 *      begins inside    ends 1, of the first; ends outside
 *
 * A quote is in its place if it opens a field or doubles a quote, or if it closes one; else it is
 * stray. That takes the byte before it, or the two after it. Of the quotes near a border, which
 * have not all of these, merges decide:
 *
 *      | head: 6 classes |          core          | tail: 2 classes |
 *        0 1 2 3: quotes here are decided by what comes before
 *
 * Four, since a byte order mark may precede the first field.
 */
#ifndef PCOUNT_TALLY_RECORD_RUN_H
#define PCOUNT_TALLY_RECORD_RUN_H

#include "base/base.h"
#include "tally/record_kind.h"

enum {
	RECORD_OPEN = 4,  /* quotes before this offset are undecided */
	RECORD_REACH = 2, /* bytes after a quote that may decide on it */
	RECORD_HEAD = RECORD_OPEN + RECORD_REACH,
	RECORD_TAIL = 2,
};

/* What a byte is to a kind of records. */
enum record_class {
	RECORD_OTHER,
	RECORD_END, /* a separator; newline, for PREFIXED and QUOTED */
	RECORD_PREFIX,
	/* QUOTED. */
	RECORD_QUOTE,
	RECORD_DELIMITER,
	RECORD_CR,
	RECORD_BOM_1, /* EF BB BF, the byte order mark of UTF-8 */
	RECORD_BOM_2,
	RECORD_BOM_3,
	RECORD_FE, /* FE FF or FF FE, that of UTF-16 */
	RECORD_FF,
	RECORD_CLASSES,
};

/* A state of RECORDS_QUOTED; other forms are always outside. */
enum { RECORD_OUTSIDE, RECORD_INSIDE, RECORD_STATES };

struct record_run {
	uint64_t bytes; /* as they are counted: those of a transcoded text are UTF-8 */
	/* By the state in which the run begins. */
	uint64_t ends[RECORD_STATES];     /* ends of records; of PREFIXED: beginnings, that of the
	                                     first byte not included */
	uint64_t strays[RECORD_STATES];   /* stray quotes, as far as they are decided */
	uint64_t stray_at[RECORD_STATES]; /* offset of the first of them; 0 if there is none */
	uint8_t form;                     /* enum record_form; RECORDS_NONE if there are no bytes */
	bool odd;                  /* an odd number of quotes: it does not end as it begins */
	uint8_t head[RECORD_HEAD]; /* enum record_class of the first bytes, as many as there are */
	uint8_t tail[RECORD_TAIL]; /* and of the last; with fewer bytes, the first ones are 0 */
};

/* What a whole text says of its records. */
struct record_counts {
	uint64_t records;
	uint64_t strays;   /* quotes that neither open nor close a field, nor are doubled */
	uint64_t stray_at; /* offset of the first of them; in a sum, 0 */
	uint32_t unclosed; /* quoted fields that the text ends in: 0 or 1; in a sum, any number */
	bool utf16;        /* it begins with the byte order mark of UTF-16 */
};

/* left := left followed by right. */
void record_run_merge(struct record_run *left, const struct record_run *right);

/* Nothing precedes, nothing follows. */
struct record_counts record_run_finish(const struct record_run *run);

/* Can it come of some bytes, so far as memory and sums depend on it? It may be from elsewhere. */
bool record_run_is_sound(const struct record_run *run);
bool record_run_same(const struct record_run *a, const struct record_run *b);

/* ---- the steps of kernels ---- */

enum record_class record_class_of(struct record_kind kind, unsigned char byte);
/* A run of p[0..n) with all but ends, strays and odd, which are 0. */
struct record_run record_run_edges(struct record_kind kind, const unsigned char *p, size_t n);
/* The quote at `at` is stray if the run begins in `state`. Call it in the order of the quotes. */
static inline void record_run_add_stray(struct record_run *run, unsigned state, uint64_t at)
{
	if (run->strays[state]++ == 0)
		run->stray_at[state] = at;
}

#endif
