/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts summed up by type, for --type=summary. */
#ifndef PCOUNT_REPORT_TYPES_H
#define PCOUNT_REPORT_TYPES_H

#include "base/base.h"
#include "report/totals.h"

struct type_sum {
	char *type; /* "": not known */
	uint64_t files;
	struct totals totals;
};

/* Starts as all zero. */
struct types {
	struct type_sum *sum; /* [n], in the order of their first operands */
	size_t n, room;
	bool incomplete; /* for want of memory */
};

/* Adds the counts of one operand of that type. */
void types_add(struct types *types, const char *type, const struct counts *counts);

/*
 * Calls print() for each type, the one with the most bytes first, until one returns other than 0.
 * 0, or -1 and errno: that of print(), or ENOMEM.
 */
int types_each(struct types *types, int (*print)(void *arg, const struct type_sum *sum), void *arg);

void types_free(struct types *types);

#endif
