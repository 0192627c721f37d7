/* SPDX-License-Identifier: BSD-2-Clause */
/* The pages of --profile: one for each operand, and one of totals. */
#ifndef PCOUNT_REPORT_PAGE_H
#define PCOUNT_REPORT_PAGE_H

#include "base/base.h"
#include "report/text.h"
#include "tally/profile.h"

struct page_format {
	struct columns columns; /* which counts are told */
	bool any;               /* there has been a page: an empty line comes before the next */
};

/*
 * Prints a page by one write(2). `type`: of the file; "": not known, or not asked for. `name` NULL:
 * it has none. `profile` is finished. 0, or -1 and errno: it is not, or not completely, written.
 */
int page_operand(struct page_format *format, const struct counts *counts,
                 const struct profile *profile, const char *type, const char *name);
/* The same of totals, which have a profile. */
int page_total(struct page_format *format, const struct totals *totals);

#endif
