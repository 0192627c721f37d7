/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of formats, and what they have in common. */
#include "base/base.h"
#include "report/formatter.h"

/* The first row all of whose forms are asked for: the more a row asks for, the earlier it is. */
static const struct formatter *const formatters[] = {
	&formatter_partial, &formatter_json_summary, &formatter_json_borders, &formatter_json,
	&formatter_page,    &formatter_summary,      &formatter_borders,      &formatter_text,
};

bool record_has_failed(const struct record *record)
{
	const struct outcome *o = record->outcome;

	return record->refused || record->refused_error || o->open_error || o->read_error ||
	       o->fault.cause != DECODE_OK;
}

int report_open(struct report *r)
{
	size_t i = 0;

	while ((formatters[i]->forms & r->forms) != formatters[i]->forms)
		i++;
	r->formatter = formatters[i];
	return r->formatter->open ? r->formatter->open(r) : 0;
}

int report_operand(struct report *r, const struct record *record)
{
	const struct formatter *f = r->formatter;
	int (*print)(struct report *, const struct record *) = record->counts ? f->line : f->error;

	r->counted += record->counts != NULL;
	r->failed += record_has_failed(record);
	if (!print || (f->total && r->total == TOTAL_ONLY))
		return 0;
	return print(r, record);
}

int report_part(struct report *r, const struct part *part)
{
	return r->formatter->part(r, part);
}

int report_end(struct report *r)
{
	return r->formatter->end ? r->formatter->end(r) : 0;
}

bool report_total_due(const struct report *r, uint64_t names)
{
	return r->formatter->total && totals_due(r->total, names);
}

int report_total(struct report *r, const struct totals *totals, int error)
{
	return r->formatter->total(r, totals, error);
}

void report_close(struct report *r)
{
	if (r->formatter && r->formatter->close)
		r->formatter->close(r);
}
