/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tally: all that is known about a run of bytes without knowing its surroundings.
 *
 * Fixed size, no pointers: the same bytes on a stack, in shared memory, in a message. Tallies are
 * a monoid: tally_merge() is associative, the empty tally is its identity, and it is NOT
 * commutative, because words, columns and characters straddle borders. So pieces may be counted
 * in any order by anybody, and are merged in the order they have in the file.
 *
 *      bytes    | head |            core            | tail |
 *               `------'----------------------------'------'
 *      head: up to 3 leading UTF-8 continuation bytes, which may end a character begun before us
 *      core: decided characters and encoding errors
 *      tail: a proper prefix of a character, which may be ended after us
 *
 * While the core is empty and there is no tail, all bytes are head. A merge decides the bytes that
 * meet (left's tail, right's head), so a cut may fall anywhere. In single-byte charsets there is
 * neither head nor tail; in CHARSET_MULTI there is no head: a piece starts at a character.
 */
#ifndef PCOUNT_TALLY_TALLY_H
#define PCOUNT_TALLY_TALLY_H

#include "base/base.h"
#include "tally/charset.h"
#include "tally/record_run.h"

enum {
	TALLY_HEAD_MAX = 3, /* a UTF-8 character has at most 3 continuation bytes */
	TALLY_TAIL_MAX = 7, /* UTF-8 needs 3; glibc's other charsets at most 3, TSCII and spare */
};

/*
 * Columns of a run of text without LF, CR or FF, composable without knowing the column it starts
 * at: a TAB goes to the next multiple of 8, so after the first TAB the start no longer matters.
 * The end column from start column s: without TAB s + before; with: next_stop(s + before) + after.
 */
struct width_run {
	uint64_t before; /* columns before the first TAB (all of them if there is none) */
	uint64_t after; /* columns from the first TAB's stop to the end; TABs within counted exactly
	                 */
	bool tab;       /* there is a TAB */
};

struct tally {
	uint64_t bytes;     /* all bytes, head and tail included */
	uint64_t lines;     /* LF */
	uint64_t chars;     /* characters decoded, head and tail not included */
	uint64_t errors;    /* bytes at which decoding failed, one each */
	uint64_t words;     /* word starts, the first character being taken to follow white space */
	uint64_t max_width; /* widest run between two breaks (LF CR FF), both inside; else 0 */
	struct width_run first; /* the run at the left edge; all the text if !broken */
	struct width_run last;  /* broken: the run after the last break */
	bool broken;            /* there is a LF, CR or FF */
	bool decided;           /* the core is not empty */
	bool starts_word;       /* decided: its first character is not white space */
	bool ends_word;         /* decided: its last character is not white space */
	uint8_t head_len;       /* 0 to TALLY_HEAD_MAX */
	uint8_t tail_len;       /* 0 to TALLY_TAIL_MAX */
	uint8_t head[TALLY_HEAD_MAX];
	uint8_t tail[TALLY_TAIL_MAX];
	struct record_run records; /* --records; empty if it is not given */
};

/* No file has more bytes, be they holes, and no stream will bring more. */
#define TALLY_BYTES_MOST ((uint64_t)INT64_MAX)

/*
 * Is it one that some text in this charset could have? So far as memory and sums depend on it: it
 * may have come from a process that was taken over.
 */
bool tally_is_sound(const struct charset *cs, const struct tally *t);

/*
 * A bool as it has arrived from elsewhere; what is neither 0 nor 1 must not be read as one. `byte`
 * is its address.
 */
static inline bool is_bool(const void *byte)
{
	return *(const unsigned char *)byte <= 1;
}

/* The empty run of bytes, the identity of tally_merge(). */
#define TALLY_EMPTY ((struct tally){0})

/* What a finished tally says: the five numbers wc prints, the errors, and the records. */
struct counts {
	uint64_t lines, words, chars, bytes;
	uint64_t width;  /* columns of the widest line */
	uint64_t errors; /* bytes that are part of no character */
	struct record_counts records;
};

/*
 * left := left followed by right. Sums of bytes cannot overflow (a file is below 2^63 bytes, and a
 * stream of 2^64 takes 18 years at 32 GB/s), so neither can the others.
 */
void tally_merge(const struct charset *cs, struct tally *left, const struct tally *right);

/* The counts of a whole operand: nothing precedes, nothing follows, column 0 at the start. */
struct counts tally_finish(const struct charset *cs, const struct tally *t);

/*
 * Append one unit to the core: the steps the scalar kernel is made of, and with which SIMD kernels
 * enter and leave a block. They do not touch `bytes`, head and tail.
 */
void tally_add_char(const struct charset *cs, struct tally *t, char32_t c);      /* UTF8, MULTI */
void tally_add_byte(const struct charset *cs, struct tally *t, unsigned char b); /* SINGLE, ASCII */
void tally_add_error(struct tally *t);

/* Append one byte of UTF-8 text: head, core and tail. Touches `bytes` too. */
void tally_push_utf8(const struct charset *cs, struct tally *t, unsigned char b);

/* Turn the tail's bytes into errors: what follows does not continue them. */
void tally_drop_tail(struct tally *t);

/* next := run followed by next, as one run. */
struct width_run width_run_join(struct width_run run, struct width_run next);

/* The end column of a run that starts at column 0, which is also the largest column in it. */
static inline uint64_t width_run_end(struct width_run run)
{
	return run.tab ? (run.before & ~UINT64_C(7)) + 8 + run.after : run.before;
}

/* The run a kernel is in: the one to which the next column is added. */
static inline struct width_run *tally_open_run(struct tally *t)
{
	return t->broken ? &t->last : &t->first;
}

/* Columns and TABs and breaks of the open run. */
static inline void tally_add_columns(struct tally *t, uint64_t columns)
{
	struct width_run *run = tally_open_run(t);
	*(run->tab ? &run->after : &run->before) += columns;
}

void tally_add_tab(struct tally *t);
void tally_add_break(struct tally *t);

/* A character (or error) that is part of a word, or white space, joins the core. */
static inline void tally_add_class(struct tally *t, bool word)
{
	t->words += word & !(t->decided & t->ends_word);
	if (!t->decided) {
		t->decided = true;
		t->starts_word = word;
	}
	t->ends_word = word;
}

#endif
