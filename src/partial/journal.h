/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --journal: what has been counted, range by range, in a file of partial lines, so that a run that
 * was killed goes on where it was, and a log that has grown costs its new end only.
 *
 * Lines are only ever appended, each by one write(2), and synced within a second or so. After whole
 * lines, a last one that was torn is cut off; a file that begins in any other way is not ours, and
 * never written to. The ranges of a file that is not what it was are not believed.
 *
 * A journal is for one process at a time, by a lock, and for one thread.
 */
#ifndef PCOUNT_PARTIAL_JOURNAL_H
#define PCOUNT_PARTIAL_JOURNAL_H

#include "base/base.h"
#include "partial/collection.h"
#include "partial/partial.h"

struct journal;

/* Why a journal cannot be used. */
struct journal_fault {
	int error;                      /* errno; 0: `why` says it all */
	char why[PARTIAL_WHY_MAX + 64]; /* in words, which may have text of others in them; or empty
	                                 */
};

/*
 * Opens the file, made if it is not there, and reads it. All that is pointed to must outlive the
 * journal. NULL: *fault says why.
 */
struct journal *journal_open(const char *name, struct json *json, const struct partial_mode *mode,
                             const struct charset *cs, struct journal_fault *fault);

/* A file that is counted. */
struct journal_operand {
	const char *name; /* NULL: standard input without a name */
	int fd;
	struct partial_file file; /* as it was when it was opened */
};

/*
 * What is known of the operand: [*n] ranges in order, none of which overlap, until the next call.
 * If something was known and is void, since the file is not what it was, *why says so in words;
 * else it is NULL.
 */
const struct partial_range *journal_find(struct journal *journal,
                                         const struct journal_operand *operand, size_t *n,
                                         const char **why);

/*
 * Ranges of the operand that were counted in other ways, whose points are of use: [*n], sorted, in
 * any case of the file as it is.
 */
const struct partial_range *journal_find_points(struct journal *journal,
                                                const struct journal_operand *operand, size_t *n);
/*
 * The point where one of these ranges ends. 0, or -1: there is none, or it is damaged, or cannot be
 * read.
 */
int journal_point(struct journal *journal, const struct partial_range *range,
                  struct decode_point *point);

/*
 * These return 0, or -1 and errno, once, when the journal cannot be written; the calls after that
 * do nothing.
 */

/* What was counted: bytes [begin, end). */
struct journal_range {
	uint64_t begin, end;
	uint64_t begin_bit;               /* see struct partial */
	const struct decode_point *point; /* where it ends; NULL: at none */
	const struct tally *tally;
};

/* Ranges of one operand come in order. */
int journal_append(struct journal *journal, const struct journal_operand *operand,
                   const struct journal_range *range);
/* All that is known of the operand, or has just been appended, is void. */
int journal_forget(struct journal *journal, const struct journal_operand *operand);
/* The operand of the last journal_append() is complete, and its descriptor about to be closed. */
int journal_flush(struct journal *journal);
/* Writes what is left, and frees the journal. NULL: nothing. */
int journal_close(struct journal *journal);

#endif
