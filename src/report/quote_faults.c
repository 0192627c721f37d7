/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages about the quotes of CSV. */
#include "base/base.h"
#include "base/diag.h"
#include "base/quote.h"
#include "report/quote_faults.h"

void quote_faults_report(const char *title, const struct record_counts *n)
{
	char *quoted = quote_own_name(title);

	if (n->utf16)
		diag_note("%s seems to be UTF-16: records need --encoding=UTF-16", quoted);
	if (n->strays == 1)
		diag_error(0, "%s: 1 stray quote, at byte %llu: records follow quote parity",
		           quoted, (unsigned long long)n->stray_at);
	else if (n->strays > 1)
		diag_error(0,
		           "%s: %llu stray quotes, the first at byte %llu: records follow quote "
		           "parity",
		           quoted, (unsigned long long)n->strays, (unsigned long long)n->stray_at);
	if (n->unclosed > 0)
		diag_error(0, "%s: the last quoted field is not closed", quoted);
	quote_free(quoted);
}
