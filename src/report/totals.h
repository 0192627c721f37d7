/* SPDX-License-Identifier: BSD-2-Clause */
/* Which counts are reported, and their sums over all operands. */
#ifndef PCOUNT_REPORT_TOTALS_H
#define PCOUNT_REPORT_TOTALS_H

#include "base/base.h"
#include "tally/profile.h"
#include "tally/tally.h"

/* Which counts to print; the order is always this. */
struct columns {
	bool lines, records, words, chars, bytes, width;
};

unsigned columns_count(struct columns columns);

/* When to print totals. */
enum total_when {
	TOTAL_AUTO, /* after more than one name */
	TOTAL_ALWAYS,
	TOTAL_ONLY, /* and nothing else */
	TOTAL_NEVER,
};

/* Sums over all operands; the width is their maximum. Starts as all zero. */
struct totals {
	struct counts sum;
	struct columns overflowed; /* this sum did not fit and is UINT64_MAX */
	struct profile *profile;   /* the caller's, for profile_add(); NULL: not wanted */
};

void totals_add(struct totals *totals, const struct counts *counts);

/* Are totals to be printed after `names` names? */
bool totals_due(enum total_when when, uint64_t names);
/* A diagnostic for each sum that did not fit: those printed, and bytes. */
void totals_report(const struct totals *totals, const struct columns *printed);

#endif
