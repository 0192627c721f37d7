/* SPDX-License-Identifier: BSD-2-Clause */
/* Sums of counts over all operands. */
#include "base/base.h"
#include "report/totals.h"

#include "base/diag.h"

#include <errno.h>

unsigned columns_count(struct columns columns)
{
	return (unsigned)columns.lines + columns.records + columns.words + columns.chars +
	       columns.bytes + columns.width;
}

/* Offsets are of one file each. */
static void add_records(struct totals *totals, const struct record_counts *records)
{
	struct record_counts *sum = &totals->sum.records;

	totals->overflowed.records |= add_overflows(&sum->records, records->records);
	sum->strays += records->strays;
	sum->unclosed += records->unclosed;
}

void totals_add(struct totals *totals, const struct counts *counts)
{
	struct counts *sum = &totals->sum;
	struct columns *overflowed = &totals->overflowed;

	overflowed->lines |= add_overflows(&sum->lines, counts->lines);
	if (counts->records.records > 0)
		add_records(totals, &counts->records);
	overflowed->words |= add_overflows(&sum->words, counts->words);
	overflowed->chars |= add_overflows(&sum->chars, counts->chars);
	overflowed->bytes |= add_overflows(&sum->bytes, counts->bytes);
	sum->errors += counts->errors;
	sum->width = max_u64(sum->width, counts->width);
}

static void overflow_report(bool overflowed, const char *what)
{
	if (overflowed)
		diag_error(EOVERFLOW, "total %s", what);
}

bool totals_due(enum total_when when, uint64_t names)
{
	return when != TOTAL_NEVER && (when != TOTAL_AUTO || names > 1);
}

void totals_report(const struct totals *totals, const struct columns *printed)
{
	const struct columns *overflowed = &totals->overflowed;

	/* Bytes are summed whatever is printed, and GNU wc tells of their overflow whatever is. */
	overflow_report(overflowed->lines && printed->lines, "lines");
	overflow_report(overflowed->records && printed->records, "records");
	overflow_report(overflowed->words && printed->words, "words");
	overflow_report(overflowed->chars && printed->chars, "characters");
	overflow_report(overflowed->bytes, "bytes");
}
