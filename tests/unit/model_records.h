/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The oracle of records: works on the whole text, with what precedes and what follows at hand, and
 * knows of no runs, classes or states.
 */
#ifndef PCOUNT_TESTS_MODEL_RECORDS_H
#define PCOUNT_TESTS_MODEL_RECORDS_H

#include "base/base.h"
#include "tally/record_run.h"

#include <string.h>

/* Does p[i..n) begin with a line end, or end itself? */
static inline bool model_line_ends(const unsigned char *p, size_t n, size_t i)
{
	if (i < n && p[i] == '\r')
		i++;
	return i == n || p[i] == '\n';
}

static inline struct record_counts model_csv(unsigned char delimiter, const unsigned char *p,
                                             size_t n)
{
	struct record_counts counts = {0};
	size_t start = n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0, record = 0;
	bool quoted = false;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n' && !quoted) {
			counts.records++;
			record = i + 1;
		}
		if (p[i] != '"')
			continue;
		unsigned char near = '\n'; /* as at both ends of the text */
		if (!quoted && i > 0 && i != start)
			near = p[i - 1];
		else if (quoted && !model_line_ends(p, n, i + 1))
			near = p[i + 1];
		if (near != '\n' && near != '"' && near != delimiter && counts.strays++ == 0)
			counts.stray_at = i;
		quoted = !quoted;
	}
	counts.records += record < n;
	counts.unclosed = quoted;
	counts.utf16 = n >= 2 && (memcmp(p, "\xFE\xFF", 2) == 0 || memcmp(p, "\xFF\xFE", 2) == 0);
	return counts;
}

static inline struct record_counts model_records(struct record_kind kind, const unsigned char *p,
                                                 size_t n)
{
	struct record_counts counts = {0};

	if (kind.form == RECORDS_QUOTED)
		return model_csv(kind.byte, p, n);
	for (size_t i = 0; i < n; i++)
		if (kind.form == RECORDS_SEPARATED)
			counts.records += p[i] == kind.byte || i == n - 1;
		else
			counts.records += p[i] == kind.byte && (i == 0 || p[i - 1] == '\n');
	return counts;
}

#endif
