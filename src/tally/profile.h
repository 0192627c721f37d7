/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The profile: what --profile tells of a run of bytes beyond its counts. It stands beside the tally
 * of the same bytes and, like it, is a monoid: fixed size, no pointers, profile_merge() is
 * associative, all zero is its identity, and it is NOT commutative: lines, CR LF and characters
 * straddle borders, and the numbers and offsets of what is on the right move by what is on the
 * left.
 *
 *      bytes   |  first  LF  inner CR LF  inner LF  last |
 *              `-----------------------------------------'
 *
 * A line is ended by LF, or by CR LF; its length is in bytes, without these. Bytes after the last
 * LF are a line too, and a CR at their end is one of them. Only inner lines are measured before
 * profile_finish(): where the first begins and the last ends is not known.
 *
 * Lengths are kept in a log-linear histogram ("HDR"): exact below PROFILE_EXACT, above in
 * PROFILE_STEPS classes for each power of two, so that none is wider than a 32nd of its lengths.
 */
#ifndef PCOUNT_TALLY_PROFILE_H
#define PCOUNT_TALLY_PROFILE_H

#include "base/base.h"
#include "tally/tally.h"

enum {
	PROFILE_STEPS = 32,
	PROFILE_EXACT = 2 * PROFILE_STEPS,
	/* Powers from 2^6 to 2^63. */
	PROFILE_LENGTHS = PROFILE_EXACT + 58 * PROFILE_STEPS,
};

struct profile_line {
	uint64_t length; /* bytes */
	uint64_t number; /* from 1 on, in the run; 0: nobody knows, as of a sum */
	uint64_t offset; /* of its first byte, in the run */
};

struct profile {
	uint64_t bytes;    /* as they are counted: those of a transcoded text are UTF-8 */
	uint64_t lines;    /* LF */
	uint64_t crlf;     /* LF with CR before it */
	uint64_t first;    /* bytes before the first LF; all, if there is none */
	uint64_t last;     /* bytes after the last LF; 0, if there is none */
	uint64_t unended;  /* finished: lines that no LF ends: 0 or 1; in a sum, the number of files
	                      with one */
	uint64_t shortest; /* least length, if any is in length[] */
	struct profile_line longest; /* the first of that length */
	uint64_t error_at; /* has_error: offset of the first byte at which decoding failed,
	                      undecided edges aside */
	bool has_error;
	bool first_cr; /* the first LF has CR before it */
	bool ends_cr;  /* the last byte is CR */
	uint32_t top;  /* length[i] is 0 from here on, and before it is not; 0: there is no line */
	uint64_t byte[256];
	uint64_t length[PROFILE_LENGTHS]; /* lines by profile_class_of() their length */
};

/* Kinds of bytes; each is one of them. */
enum profile_kind {
	PROFILE_LETTERS, /* A-Z a-z */
	PROFILE_SPACE,   /* SPACE and 09-0D: TAB LF VT FF CR */
	PROFILE_PUNCTUATION,
	PROFILE_DIGITS,
	PROFILE_CONTROL,   /* 00-1F but those of space, and 7F */
	PROFILE_NON_ASCII, /* 80-FF */
	PROFILE_KINDS,
};

/* Bytes of it that say anything, from its beginning on. */
static inline size_t profile_size(const struct profile *p)
{
	return offsetof(struct profile, length) + p->top * sizeof p->length[0];
}
/* Makes it empty. */
void profile_clear(struct profile *p);
/* *to := *from, as little of it as says anything. */
void profile_copy(struct profile *to, const struct profile *from);

/*
 * left := left followed by right. Their tallies, which know what is undecided at the edges, are not
 * yet merged.
 */
void profile_merge(const struct charset *cs, struct profile *left, const struct tally *left_tally,
                   const struct profile *right, const struct tally *right_tally);

/* Nothing precedes, nothing follows: measures the first and the last line. */
void profile_finish(const struct charset *cs, struct profile *p, const struct tally *tally);

/*
 * sum := the sum of finished profiles, as of a total. Its longest line keeps its length only: it
 * has neither number nor offset, and errors have none.
 */
void profile_add(struct profile *sum, const struct profile *finished);

/* ---- appending: the steps of a kernel ---- */

/*
 * Where a length belongs in the histogram: itself, as long as it has no more than 6 bits, else its
 * 6 first.
 */
static inline unsigned profile_class_of(uint64_t length)
{
	unsigned shift = 58 - (unsigned)__builtin_clzll(length | PROFILE_STEPS);

	return shift * PROFILE_STEPS + (unsigned)(length >> shift);
}

/* The least and the greatest length of a class. */
uint64_t profile_class_least(unsigned class);
uint64_t profile_class_most(unsigned class);

/* Measures an inner line. */
static inline void profile_add_line(struct profile *p, uint64_t length, uint64_t number,
                                    uint64_t offset)
{
	unsigned class = profile_class_of(length);
	bool only = p->top == 0;

	p->length[class]++;
	if (UNLIKELY(class >= p->top))
		p->top = class + 1;
	if (UNLIKELY(only || length > p->longest.length))
		p->longest = (struct profile_line){length, number, offset};
	if (UNLIKELY(only || length < p->shortest))
		p->shortest = length;
}

/*
 * Appends bytes[n] but for their histogram: its LFs are at[lines], offsets from `bytes` on; `cr`:
 * there may be CRs.
 */
void profile_add_breaks(struct profile *p, const unsigned char *bytes, size_t n, const uint32_t *at,
                        size_t lines, bool cr);

/* ---- what a finished profile says ---- */

/* Lines: those that LF ends, and others. */
static inline uint64_t profile_lines(const struct profile *p)
{
	return p->lines + p->unended;
}

/*
 * The length that this percentage of the lines does not exceed, at most a 32nd too large; 0, if
 * there are none.
 */
uint64_t profile_percentile(const struct profile *p, unsigned percent);
/* The mean length; 0, if there is no line. */
double profile_mean(const struct profile *p);
/* Lines of a length from `least` to `most`, both borders of classes. */
uint64_t profile_lines_of(const struct profile *p, uint64_t least, uint64_t most);
uint64_t profile_kind(const struct profile *p, enum profile_kind kind);
/* Of the bytes, each by itself: bits a byte, from 0 to 8. */
double profile_entropy(const struct profile *p);

#endif
