/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --journal: what has been counted, range by range, in a file of partial lines, so that a run that
 * was killed goes on where it was, and a log that has grown costs its new end only.
 *
 * Lines are only ever appended, each by one write(2), and synced within a second or so. A last line
 * that was torn is cut off. The ranges of a file that is not what it was are not believed.
 */
#ifndef PCOUNT_RUN_JOURNAL_H
#define PCOUNT_RUN_JOURNAL_H

#include "base/base.h"
#include "engine/engine.h"
#include "partial/partial.h"

struct journal;

/*
 * Opens the file, made if it is not there, and reads it. `cs` must outlive it. NULL: reported, and
 * nothing is to be counted.
 */
struct journal *journal_open(const char *name, const struct partial_way *way,
                             const struct charset *cs);
/* Writes what is left. */
void journal_close(struct journal *journal);

/* See struct engine_client. */
struct known_range *journal_known(struct journal *journal, const struct operand *op, int fd,
                                  const struct counted *range, size_t *n);
void journal_counted(struct journal *journal, const struct operand *op, int fd,
                     const struct counted *range);
/* The operand of the last journal_counted() is complete, and its descriptor about to be closed. */
void journal_done(struct journal *journal);

#endif
