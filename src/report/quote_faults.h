/* SPDX-License-Identifier: BSD-2-Clause */
/* What is wrong with the quotes of CSV, as messages. */
#ifndef PCOUNT_REPORT_QUOTE_FAULTS_H
#define PCOUNT_REPORT_QUOTE_FAULTS_H

#include "base/base.h"
#include "tally/record_run.h"

/* Is there anything to report? */
static inline bool quote_faults_any(const struct record_counts *n)
{
	return n->strays > 0 || n->unclosed > 0 || n->utf16;
}

/* Reports it of an operand; `title` is quoted if it has to be. Stray quotes are errors. */
void quote_faults_report(const char *title, const struct record_counts *n);

#endif
