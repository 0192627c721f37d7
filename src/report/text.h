/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines that wc prints, for formatters that use them. */
#ifndef PCOUNT_REPORT_TEXT_H
#define PCOUNT_REPORT_TEXT_H

#include "base/base.h"
#include "report/formatter.h"

/*
 * Prints a line of counts and the name, if not NULL, by one write(2), alone or among others. A name
 * with a newline is shell-quoted. If types are wanted, the type stands between them, flush right,
 * so that what precedes and what follows it can be told apart as ever; it is one word; "": there is
 * none, and "-" is printed. 0, or -1 and errno: lines are not, or not completely, written.
 */
int text_line(struct report *r, const struct counts *counts, const char *type, const char *name);

/* text_line() of a part: where it begins, its bytes, and the counts of what precedes it. */
int text_part_line(struct report *r, const struct part *part);

#endif
