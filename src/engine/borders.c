/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --borders: where each of N parts begins, and what precedes it, found in the one pass that counts
 * the file.
 *
 * Pieces are cut where parts would begin if they were not aligned. So when such a piece is to be
 * merged, all before it is merged: how many lines or records that is, and whether it ends inside
 * quotes. What is left is to read on to the end of that line or record, and to count that. If it is
 * longer than the piece, the tally of the piece says so, and the search goes on at the next one.
 */
#include "base/base.h"
#include "count/recorder.h"
#include "engine/coordinator.h"

#include <errno.h>

static bool wanted(const struct engine *e)
{
	return e->config->range.borders > 0;
}

uint64_t borders_piece_end(const struct engine *e, const struct job *job, uint64_t end)
{
	const struct split *s = job->split;
	uint64_t parts = e->config->range.borders, size = (uint64_t)job->st.st_size;

	if (!wanted(e) || s->planned >= size)
		return end;
	/* The first part whose cut lies after `planned`, by the inverse of align_cut(). */
	uint64_t past = s->planned - s->origin + 1;
	uint64_t k = share_of(parts, past, size - s->origin, true);
	return min_u64(end, align_cut(s, size, k, parts));
}

/* How many of the lines or records that parts are aligned to end, or begin, in these bytes. */
static uint64_t borders_in(const struct engine *e, const struct tally *tally)
{
	const struct recorder *r = e->config->scan.counter->recorder;
	bool records = r && record_kind_same(r->kind, e->config->range.align);

	return records ? tally->records.ends[RECORD_OUTSIDE] : tally->lines;
}

/* The next part begins at `at`. */
static void tell(struct engine *e, struct job *job, uint64_t at, struct engine_event *event)
{
	struct split_borders *b = &job->split->borders;

	b->last = at;
	e->unflushed = true;
	e->range = split_range(job, at, at);
	e->range.tally = &b->before;
	*event = (struct engine_event){.client = job->op.client,
	                               .fd = job->split->fd,
	                               .range = &e->range,
	                               .part = b->next++};
}

/* Is there another part to be found, and can it be? Then *cut is where it would begin. */
static bool is_sought(const struct engine *e, const struct job *job, uint64_t *cut)
{
	const struct split *s = job->split;
	uint64_t parts = e->config->range.borders;

	if (!wanted(e) || !s || s->borders.next == parts || collector_has_ended(&job->total) ||
	    job->total.not_text)
		return false;
	*cut = align_cut(s, max_u64((uint64_t)job->st.st_size, s->origin), s->borders.next, parts);
	return true;
}

/* Is it empty, so that it begins where the one before it does? */
static bool follows_empty(const struct job *job, uint64_t cut)
{
	return job->split->borders.next > 0 && cut <= job->split->borders.last;
}

/* What precedes `at`, which lies in the collected piece. 0, or -1: it is no longer there. */
static int count_before(struct engine *e, const struct job *job, uint64_t at, struct tally *before)
{
	struct task task = e->task;
	struct result result;

	*before = job->total.tally;
	if (at == task.begin)
		return 0;
	task.end = at;
	collector_do_task(e, &task, &result);
	tally_merge(e->config->scan.counter->cs, before, &result.tally);
	return result.tally.bytes == at - task.begin ? 0 : -1;
}

bool borders_step(struct engine *e, struct job *job, struct engine_event *event)
{
	uint64_t cut, at, begin = e->task.begin, end = begin + e->result.tally.bytes;

	if (e->task.kind != TASK_PIECE || !is_sought(e, job, &cut) || job->split->rest_done)
		return false;
	if (follows_empty(job, cut)) {
		tell(e, job, job->split->borders.last, event);
		return true;
	}
	struct tally after = job->total.tally;
	tally_merge(e->config->scan.counter->cs, &after, &e->result.tally);
	bool here = borders_in(e, &after) > borders_in(e, &job->total.tally);
	/* One that ends the piece before this has been found there. */
	if (cut > begin || (cut < begin && !here))
		return false;
	enum record_start found = align_find(e, job, begin, here ? end : begin, &at);
	if (found == RECORD_START_FOUND &&
	    count_before(e, job, at, &job->split->borders.before) == 0) {
		tell(e, job, at, event);
		return true;
	}
	if (found == RECORD_START_ERROR)
		job->total.read_error = errno;
	/* The file is not what was counted a moment ago. If it has shrunk, that is noticed now. */
	if (found == RECORD_START_FOUND || (found == RECORD_START_NONE && here))
		collector_do_task(e, &e->task, &e->result);
	return false;
}

bool borders_rest(struct engine *e, struct job *job, struct engine_event *event)
{
	struct split *s = job->split;
	uint64_t cut;

	if (!is_sought(e, job, &cut))
		return false;
	uint64_t end = s->begin + job->total.tally.bytes;
	if (s->end != READER_TO_EOF && end < s->end)
		return false; /* it has shrunk */
	if (!follows_empty(job, cut))
		s->borders.before = job->total.tally;
	tell(e, job, follows_empty(job, cut) ? s->borders.last : end, event);
	return true;
}
