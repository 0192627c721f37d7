/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines that wc prints, and the totals. */
#ifndef PCOUNT_REPORT_TEXT_H
#define PCOUNT_REPORT_TEXT_H

#include "base/base.h"
#include "tally/profile.h"
#include "tally/tally.h"

#include <limits.h>

/* Which counts to print; the order is always this. */
struct columns {
	bool lines, words, chars, bytes, width;
};

/* When to print a line of totals. */
enum total_when {
	TOTAL_AUTO, /* after more than one name */
	TOTAL_ALWAYS,
	TOTAL_ONLY, /* and nothing else */
	TOTAL_NEVER,
};

unsigned columns_count(struct columns columns);

/* Whole lines that are not written yet: no more than a pipe takes at once and never tears. */
struct text_lines {
	size_t used;
	char bytes[PIPE_BUF];
};

/* How lines are printed on standard output. */
struct text_format {
	struct columns columns;
	unsigned width;           /* of each number, at least; 1 to 20 */
	bool types;               /* there is a column for types, between the counts and the name */
	struct text_lines *lines; /* kept for text_flush(); NULL: each is written at once */
};

/*
 * May lines be joined without anybody noticing? Not where a reader sees what one write(2) has
 * brought.
 */
bool text_may_join(int fd);

/* Writes the lines that are kept. 0, or -1 and errno: they are not, or not completely, written. */
int text_flush(const struct text_format *format);

/*
 * Prints a line of counts and the name, if not NULL, by one write(2), alone or among others. A name
 * with a newline is shell-quoted. 0, or -1 and errno: lines are not, or not completely, written.
 */
int text_line(const struct text_format *format, const struct counts *counts, const char *name);

/*
 * The same with a type in the column for types, flush right, so that what is in front of it and
 * what is behind it can be taken apart as ever. It is one word; "": there is none, and "-" is
 * printed.
 */
int text_line_typed(const struct text_format *format, const struct counts *counts, const char *type,
                    const char *name);

/* Sums over all operands; the width is their maximum. Starts as all zero. */
struct totals {
	struct counts sum;
	struct columns overflowed; /* this sum did not fit and is UINT64_MAX */
	struct profile *profile;   /* the owner's, for profile_add(); NULL: not wanted */
};

void totals_add(struct totals *totals, const struct counts *counts);

/* Are totals to be printed after `names` names? */
bool totals_due(enum total_when when, uint64_t names);
/* A diagnostic for each sum that did not fit: those printed, and bytes. */
void totals_report(const struct totals *totals, const struct columns *printed);

/* Prints the line of totals. 0, or -1 and errno as text_line(). */
int text_total(const struct text_format *format, enum total_when when, const struct totals *totals);

#endif
