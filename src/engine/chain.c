/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chains: pieces of compressed data, each of which was entered by somebody who did not know what
 * precedes it. How far all is proven is a place; a piece counts if it goes on from there.
 *
 *      | piece 1     | piece 2     | piece 3     | piece 4     |       cut anywhere
 *      | unit | unit   | unit   | unit                 | unit  |
 *      '---- span 1 ---'------- span 2 ----------------' span 4'       piece 3 has none: it is void
 *
 * One that does not is done again from the place, by whoever knows it. What cannot be done unit by
 * unit, since it is damaged, cut short, followed by something else, or made to deceive, is decoded
 * from the place to the end of the file as one worker does.
 */
#include "base/base.h"
#include "engine/coordinator.h"

/* The first bit in which no unit of the task begins. */
static uint64_t end_bit(const struct task *task)
{
	uint64_t bytes = task->end - task->origin;

	return bytes > UINT64_MAX / 8 ? UINT64_MAX : 8 * bytes;
}

/* Is there nothing left to be done of the task's piece? */
static bool is_reached(const struct decode_place *place, const struct task *task)
{
	return place->ended || place->bit >= end_bit(task);
}

/*
 * Does the result go on from *place? Then that moves. Whatever went wrong may have done so because
 * the piece was entered at a wrong place, and a byte order mark must not end in a later one.
 */
static bool follows(struct decode_place *place, const struct task *task,
                    const struct result *result)
{
	return result->fault.cause == DECODE_OK && !result->read_error && !result->open_error &&
	       result->bom_length == 0 && decoder_chain(task->format, place, &result->span);
}

bool chain_is_long_work(const struct engine *e, const struct job *job)
{
	struct decode_place place = job->split->place;

	if (is_reached(&place, &e->task))
		return false;
	return !follows(&place, &e->task, &e->result) || !is_reached(&place, &e->task);
}

/* Merges the result if it goes on from where all is proven. */
static bool merge(struct engine *e, struct job *job)
{
	if (!follows(&job->split->place, &e->task, &e->result))
		return false;
	collector_merge(e, job, &e->result);
	return true;
}

/* All from the place on, as if it had been decoded from the start. */
static void resume(struct engine *e, struct job *job)
{
	e->task.entry = ENTRY_RESUME;
	e->task.place = job->split->place;
	e->task.end = READER_TO_EOF;
	/* A byte order mark that is not to come has been passed. */
	if (e->task.place.bit > 0)
		e->task.bom_length = 0;
	job->one_worker = ONE_WORKER_RESUMED;
	job->one_worker_from = job->split->place.bit / 8;
	collector_do_task(e, &e->task, &e->result);
	collector_merge(e, job, &e->result);
	job->split->place.ended = true;
}

void chain_collect(struct engine *e, struct job *job)
{
	const struct decode_place *place = &job->split->place;

	if (is_reached(place, &e->task))
		return;
	bool merged = merge(e, job);
	if (!merged && e->task.entry == ENTRY_SEARCH) {
		e->redone++;
		e->task.entry = ENTRY_PLACE;
		e->task.place = *place;
		collector_do_task(e, &e->task, &e->result);
		(void)merge(e, job);
	}
	if (!is_reached(place, &e->task))
		resume(e, job);
	if (place->ended)
		job->split->rest_done = job->all_planned = true;
}
