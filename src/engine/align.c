/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts that begin and end where lines or records do. Without that, part k of N would begin at the
 * same share of the size of the file; it begins with the first record from there on:
 *
 *      | 1/3        | 2/3        | 3/3        |     cuts, by size alone
 *      '----.-------'---.--------'-----.------'     records
 *       1/3             | 2/3          | 3/3        aligned
 *
 * So parts may be empty, and those who count different parts agree on them without talking. Where a
 * record of CSV begins depends on all the quotes before it: these are counted first, by whoever
 * counts, and then only can the part be planned. For other kinds it takes a look at a few bytes.
 */
#include "base/base.h"
#include "engine/coordinator.h"

#include <errno.h>

uint64_t align_cut(const struct split *s, uint64_t size, uint64_t k, uint64_t parts)
{
	return s->origin + share_of(size - s->origin, k, parts, false);
}

enum record_start align_find(struct engine *e, const struct job *job, uint64_t from, uint64_t limit,
                             uint64_t *at)
{
	const struct split *s = job->split;
	const struct record_kind kind = e->config->range.align;
	const struct record_search search = {
		.fd = s->fd,
		.before = s->before,
		.sparse = s->sparse,
		.size = (uint64_t)job->st.st_size,
		.origin = s->origin,
		.kind = kind,
		.inside = kind.form == RECORDS_QUOTED && job->total.tally.records.odd,
		.from = from,
		.limit = limit,
	};

	return record_start_find(&e->scanner, &search, at);
}

/*
 * *at := where the first record from `from` on begins; the end of the file if none does. 0, or -1:
 * it cannot be read.
 */
static int find_or_end(struct engine *e, struct job *job, uint64_t from, uint64_t *at)
{
	uint64_t size = max_u64((uint64_t)job->st.st_size, job->split->origin);

	switch (align_find(e, job, min_u64(from, size), size, at)) {
	case RECORD_START_FOUND:
		return 0;
	case RECORD_START_NONE:
		*at = size;
		return 0;
	case RECORD_START_ERROR:
		break;
	}
	job->total.read_error = errno;
	return -1;
}

/* The part begins at `begin`: it ends at its cut, or after it, or it is empty. */
static void begin_part(struct engine *e, struct job *job, uint64_t begin)
{
	const struct engine_range *r = &e->config->range;
	struct split *s = job->split;
	uint64_t size = max_u64((uint64_t)job->st.st_size, s->origin);

	s->begin = begin;
	s->end = max_u64(align_cut(s, size, r->part, r->parts), begin);
	s->stage = s->end == begin || s->end == size ? SPLIT_RANGE : SPLIT_TO_END;
}

int align_set_range(struct engine *e, struct job *job, uint64_t size)
{
	const struct engine_range *r = &e->config->range;
	struct split *s = job->split;
	uint64_t cut = align_cut(s, size, r->part - 1, r->parts);

	if (r->align.form != RECORDS_QUOTED) {
		if (find_or_end(e, job, cut, &s->begin) == 0 &&
		    find_or_end(e, job, align_cut(s, size, r->part, r->parts), &s->end) == 0)
			return 0;
		s->begin = s->end = s->origin;
		return -1;
	}
	s->stage = SPLIT_BEFORE;
	s->end = cut;
	if (cut == s->origin)
		begin_part(e, job, cut);
	return 0;
}

bool align_is_due(const struct job *job)
{
	const struct split *s = job->split;

	return s && s->stage != SPLIT_RANGE && !job->all_planned && job->pending == 0 &&
	       !s->sniffing && s->planned == s->end;
}

void align_step(struct engine *e, struct job *job)
{
	struct split *s = job->split;
	uint64_t at, from = s->begin + job->total.tally.bytes;

	if (collector_has_ended(&job->total) || find_or_end(e, job, from, &at) != 0) {
		job->all_planned = true;
		return;
	}
	if (s->stage == SPLIT_BEFORE) {
		collector_forget(job);
		begin_part(e, job, at);
		s->planned = at;
	} else {
		s->end = at;
		s->stage = SPLIT_RANGE;
	}
	job->all_planned = s->stage == SPLIT_RANGE && s->planned == s->end;
}

void align_end(struct job *job)
{
	struct split *s = job->split;

	if (!s || s->stage != SPLIT_BEFORE)
		return;
	s->begin += job->total.tally.bytes;
	collector_forget(job);
}
