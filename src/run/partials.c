/* SPDX-License-Identifier: BSD-2-Clause */
/* Outcomes as partials. */
#include "base/base.h"
#include "run/partials.h"

unsigned partials_counts(const struct columns *c)
{
	return (c->lines ? PARTIAL_LINES : 0u) | (c->records ? PARTIAL_RECORDS : 0u) |
	       (c->words ? PARTIAL_WORDS : 0u) | (c->chars ? PARTIAL_CHARS : 0u) |
	       (c->bytes ? PARTIAL_BYTES : 0u) | (c->width ? PARTIAL_WIDTH : 0u);
}

struct columns partials_columns(unsigned counts)
{
	return (struct columns){
		.lines = counts & PARTIAL_LINES,
		.records = counts & PARTIAL_RECORDS,
		.words = counts & PARTIAL_WORDS,
		.chars = counts & PARTIAL_CHARS,
		.bytes = counts & PARTIAL_BYTES,
		.width = counts & PARTIAL_WIDTH,
	};
}

int partials_make(struct partial *p, const struct partial_mode *mode, const struct operand *op,
                  uint64_t number, const struct outcome *outcome)
{
	const struct counted *c = &outcome->counted;

	if (op->skip || outcome->open_error || outcome->read_error || outcome->unsplittable ||
	    outcome->fault.cause != DECODE_OK || !c->st || c->truncated)
		return -1;
	*p = (struct partial){
		.mode = *mode,
		.name = op->implicit ? NULL : (char *)(uintptr_t)op->name,
		.operand = number,
		.begin = c->begin,
		.end = c->end,
		.tally = *c->tally,
	};
	partial_file_init(&p->file, c->st, c->format, c->origin);
	partial_normalize(mode, &p->tally);
	return 0;
}
