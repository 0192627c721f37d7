/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts summed up by type, for --type=summary. */
#ifndef PCOUNT_REPORT_TYPES_H
#define PCOUNT_REPORT_TYPES_H

#include "base/base.h"
#include "report/text.h"

/* Starts as all zero. */
struct types {
	struct type_sum *sum; /* [n], in the order in which they were met */
	size_t n, room;
	bool incomplete; /* for want of memory */
};

/* Adds the counts of one operand of that type. */
void types_add(struct types *types, const char *type, const struct counts *counts);

/*
 * Prints a line for each type, the one with the most bytes first: counts, type, and how many files
 * there were, in the form of text_line(). 0, or -1 and errno.
 */
int types_print(struct types *types, const struct text_format *format);

void types_free(struct types *types);

#endif
