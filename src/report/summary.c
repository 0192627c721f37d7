/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of --type=summary: one for each type, and the totals. */
#include "base/base.h"
#include "base/size.h"
#include "report/text.h"

#include <stdio.h>
#include <string.h>

static int add_operand(struct report *r, const struct record *record)
{
	types_add(&r->sums, record->outcome->type, record->counts);
	return 0;
}

static uint64_t largest(const struct columns *c, const struct counts *n)
{
	uint64_t most = c->lines ? n->lines : 0;

	most = max_u64(most, c->records ? n->records.records : 0);
	most = max_u64(most, c->words ? n->words : 0);
	most = max_u64(most, c->chars ? n->chars : 0);
	most = max_u64(most, c->bytes ? n->bytes : 0);
	return max_u64(most, c->width ? n->width : 0);
}

/* All rows are known: each column is as wide as its widest row, the totals included. */
static void fit_columns(struct report *r)
{
	struct totals totals = {0};
	uint64_t types = 1; /* columns: that of the totals is "-" */

	for (size_t i = 0; i < r->sums.n; i++) {
		totals_add(&totals, &r->sums.sum[i].totals.sum);
		types = max_u64(types, strlen(r->sums.sum[i].type));
	}
	r->width = number_digits(largest(&r->columns, &totals.sum));
	r->type_width = (unsigned)types;
}

/* "(3 files)", with something before it. */
static int print_row(struct report *r, const struct counts *counts, const char *type,
                     const char *name, uint64_t files)
{
	char text[64];

	snprintf(text, sizeof text, "%s(%llu file%s)", name, (unsigned long long)files,
	         files == 1 ? "" : "s");
	return text_line(r, counts, type, text);
}

static int print_type(void *arg, const struct type_sum *sum)
{
	return print_row(arg, &sum->totals.sum, sum->type, "", sum->files);
}

static int print_types(struct report *r)
{
	fit_columns(r);
	return types_each(&r->sums, print_type, r);
}

static int print_total(struct report *r, const struct totals *totals, int error)
{
	if (r->total == TOTAL_ONLY)
		return formatter_text.total(r, totals, error);
	return print_row(r, &totals->sum, "", "total ", r->counted);
}

static void close_summary(struct report *r)
{
	types_free(&r->sums);
}

const struct formatter formatter_summary = {
	.forms = FORM_SUMMARY,
	.line = add_operand,
	.end = print_types,
	.total = print_total,
	.close = close_summary,
};
