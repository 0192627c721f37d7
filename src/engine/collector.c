/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The collector: takes results out of the ledger in order and merges them, reads what only the
 * coordinator may read, and has outcomes for the client.
 */
#include "base/base.h"
#include "base/fd.h"
#include "engine/coordinator.h"
#include "engine/relay.h"
#include "engine/seek.h"
#include "engine/turns.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- the coordinator's own work ---- */

void collector_do_task(struct engine *e, const struct task *task, struct result *result)
{
	if (e->executor.ops->do_task) {
		e->executor.ops->do_task(&e->executor, task, result);
		return;
	}
	e->scanner.slices = false;
	scan_task(&e->scanner, task, result);
	e->scanner.slices = true;
}

/* Counts a stream. Has it been left to be counted in turns, as may be if there are `turns`? */
static bool do_stream(struct engine *e, int fd, const struct stat *st, struct turns *turns,
                      struct result *result)
{
	if (!e->executor.ops->do_stream)
		return scan_stream(&e->scanner, fd, st, turns != NULL, result);
	e->executor.ops->do_stream(&e->executor, fd, st, result);
	return false;
}

/*
 * Opens an operand when all before it is done. Where descriptors are few, other threads may hold
 * all of them for later files: none of those tasks can be collected before this one, so they end.
 */
static int open_ordered(struct engine *e, const struct engine_operand *op)
{
	for (;;) {
		/*
		 * Before the attempt: what is handed in during it leaves a descriptor for the next.
		 */
		bool others = ledger_claimed(e->ledger) > 0;
		int fd = planner_open(op, O_RDONLY | O_NOCTTY);
		if (fd >= 0 || (errno != EMFILE && errno != ENFILE))
			return fd;
		if (e->executor.ops->free_descriptor) {
			int saved = errno;
			if (e->executor.ops->free_descriptor(&e->executor))
				continue;
			errno = saved;
			return -1;
		}
		if (!others)
			return fd;
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	}
}

/*
 * Opens and reads the operand in the coordinator, as with one worker and no ledger. If it is a pipe
 * and `may_share`, others may help: what is left of it is the job's split then.
 */
static void read_ordered(struct engine *e, struct job *job, bool may_share, struct result *result)
{
	int fd = job->op.is_stdin ? STDIN_FILENO : open_ordered(e, &job->op);
	struct turns *turns = NULL;

	*result = (struct result){.kind = RESULT_COUNTED};
	if (fd < 0) {
		result->open_error = errno;
		return;
	}
	job->opened = fstat(fd, &job->st) == 0;
	if (!job->opened)
		result->read_error = errno;
	else if (split_parts_wanted(e) && !S_ISDIR(job->st.st_mode))
		job->unsplittable = true;
	else {
		if (may_share && S_ISFIFO(job->st.st_mode) && turns_are_possible(e))
			turns = turns_new();
		if (do_stream(e, fd, &job->st, turns, result)) {
			turns_open(e, job, fd, turns);
			return;
		}
	}
	turns_free(turns);
	if (fd != STDIN_FILENO)
		close(fd);
}

/* ---- results ---- */

bool collector_has_ended(const struct result *total)
{
	return total->open_error || total->read_error || total->fault.cause != DECODE_OK;
}

/*
 * The first piece may hold less than a byte order mark, where members are tiny; then all is decoded
 * by one worker. Of a fault in a piece of compressed data: either the data is bad, or a header has
 * lied about where its member ends. From the piece's beginning, which all before it vouch for, the
 * rest is decoded again without such borders: what comes of that is what one worker would have
 * found. A part has a border where it ends, and no more is known of it than that there is a fault.
 */
static bool must_redo_rest(const struct engine *e, const struct job *job)
{
	bool unfinished = e->result.fault.cause != DECODE_OK || e->result.bom_length > 0;

	return unfinished && e->task.entry == ENTRY_MEMBER && e->task.kind == TASK_PIECE &&
	       e->task.end != READER_TO_EOF && !job->split->rest_done && !job->total.read_error &&
	       job->split->end == READER_TO_EOF;
}

/*
 * Has a relay come to what it cannot do, or what is wrong? Has a seek, which may have begun at a
 * point that is none?
 */
static bool must_redo_all(const struct engine *e, const struct job *job)
{
	bool failed = e->result.fault.cause != DECODE_OK || e->result.read_error;

	if (e->task.entry == ENTRY_SEEK)
		return failed && e->task.seek->inexact && !job->split->rest_done;
	return e->task.entry == ENTRY_RELAY && !job->split->rest_done &&
	       (e->result.bom_length > 0 || relay_has_failed(job->split->relay));
}

/*
 * Nothing that a relay has counted is proven before the members end, nor what a point says, and so
 * all of the file is decoded again in the ordinary way.
 */
static void redo_all(struct engine *e, struct job *job)
{
	struct split *s = job->split;

	job->one_worker = ONE_WORKER_AGAIN;
	job->points = 0;
	collector_forget(job);
	job->total.note = NOTE_NONE;
	e->task.entry = ENTRY_MEMBER;
	e->task.relay = NULL;
	e->task.seek = NULL;
	e->task.begin = s->begin;
	e->task.end = READER_TO_EOF;
	e->task.bom_length = s->bom_length;
	collector_do_task(e, &e->task, &e->result);
}

/* What the first bytes of the content have told of its encoding. */
static void copy_encoding(struct result *total, const struct result *result)
{
	total->as_bytes = result->as_bytes;
	total->form_told = result->form_told;
	total->form = result->form;
	total->bom_length = result->bom_length;
}

void collector_forget(struct job *job)
{
	job->total.tally = TALLY_EMPTY;
	if (job->profile)
		profile_clear(job->profile);
}

void collector_merge(struct engine *e, struct job *job, const struct result *result)
{
	struct result *total = &job->total;
	const struct charset *cs = e->config->scan.counter->cs;

	/* As if read from start to end: what lies after a read error was never reached. */
	if (collector_has_ended(total) || (job->split && job->split->rest_done))
		return;
	if (job->profile && result->profile)
		profile_merge(cs, job->profile, &total->tally, result->profile, &result->tally);
	if (job->split)
		tally_merge(cs, &total->tally, &result->tally);
	else
		total->tally = result->tally; /* all there is */
	total->open_error = result->open_error;
	total->read_error = result->read_error;
	total->fault = result->fault;
	if (result->note != NOTE_NONE)
		total->note = result->note;
	if (result->type[0] != '\0')
		memcpy(total->type, result->type, sizeof total->type);
	total->not_text |= result->not_text;
	if (result->form_told || result->as_bytes)
		copy_encoding(total, result);
}

/*
 * The content of what is to be cut up has been sniffed. Where it could not be, it is not counted:
 * what went wrong once pieces might not find again, and they would count it for something else. But
 * a fault of the data they find again, and what precedes it counts.
 */
static void take_sniffed(struct job *job, const struct result *result)
{
	enum decode_cause cause = result->fault.cause;
	bool found_again = cause != DECODE_NO_MEMORY && cause != DECODE_CRASHED &&
	                   cause != DECODE_NOT_ISOLATED;

	job->split->sniffing = false;
	job->total.open_error = result->open_error;
	job->total.read_error = result->read_error;
	if (!found_again || result->not_text)
		job->total.fault = result->fault;
	memcpy(job->total.type, result->type, sizeof job->total.type);
	job->total.not_text = result->not_text;
	copy_encoding(&job->total, result);
	job->split->form = result->form;
	job->split->bom_length = result->bom_length;
	job->all_planned =
		result->not_text || result->open_error || result->read_error || !found_again;
}

/* Is the client to be told of the piece that was collected, and is all well so far? */
static bool tell_counted(struct engine *e, struct job *job, struct engine_event *event)
{
	const struct task *task = &e->task;
	const struct result *result = &e->result;
	uint64_t end = task->end;

	if (!e->config->range.exact || !e->config->report_ranges || task->kind != TASK_PIECE ||
	    result->kind == RESULT_KNOWN || job->split->truncated || job->total.read_error ||
	    job->total.fault.cause != DECODE_OK ||
	    (task->entry == ENTRY_SEEK && job->split->rest_done))
		return false;
	if (end == READER_TO_EOF)
		end = task->format == FORMAT_PLAIN ? task->begin + result->tally.bytes
		                                   : (uint64_t)job->st.st_size;
	else if (task->format == FORMAT_PLAIN)
		job->split->truncated = result->met_end;
	if (job->split->truncated)
		return false;
	e->range = split_range(job, task->begin, end);
	e->range.tally = &result->tally;
	if (task->entry == ENTRY_SEEK)
		seek_rest(job, task, &e->range);
	else
		e->range.again = job->split->seeks;
	*event = (struct engine_event){
		.client = job->op.client, .fd = job->split->fd, .range = &e->range};
	return true;
}

/* ---- outcomes ---- */

/* What of the operand was counted; `st` NULL: nothing is known. */
static struct counted counted_of(const struct engine *e, const struct job *job)
{
	const struct tally *tally = &job->total.tally;
	const struct split *s = job->split;
	struct counted c = {.tally = tally};

	if (s)
		c.format = s->format;
	if (!e->config->range.exact)
		return c;
	c.st = job->opened ? &job->st : NULL;
	if (!s || s->turns) {
		c.end = tally->bytes;
		return c;
	}
	c.origin = s->origin;
	c.begin = s->begin;
	c.end = s->end;
	if (s->format != FORMAT_PLAIN) {
		c.end = min_u64(s->end, (uint64_t)job->st.st_size);
	} else if (scan_cuts_anywhere(e->config->scan.counter)) {
		c.end = s->begin + tally->bytes;
		c.truncated = s->end != READER_TO_EOF && c.end < s->end;
	} else if (c.end == READER_TO_EOF) {
		c.end = s->begin + tally->bytes;
	}
	return c;
}

/* What there is to say of the operand. What ends a file is not missing in a part of it. */
static enum note note_of(const struct job *job)
{
	bool part = job->split && job->split->end != READER_TO_EOF;

	return part && job->total.note == NOTE_NO_END_MARKER ? NOTE_NONE : job->total.note;
}

/* Streams are decoded, if at all, by the coordinator; small files too, if they are its input. */
static enum one_worker one_worker_of(const struct engine *e, const struct job *job)
{
	bool stream = job->ordered && !job->split && job->opened && !S_ISREG(job->st.st_mode) &&
	              job->total.note == NOTE_DECOMPRESSED;

	return stream && e->executor.workers > 1 ? ONE_WORKER_STREAM : job->one_worker;
}

static void set_outcome(struct engine *e, const struct job *job)
{
	const struct charset *cs = e->config->scan.counter->cs;

	e->outcome = (struct outcome){
		.counts = tally_finish(cs, &job->total.tally),
		.open_error = job->total.open_error,
		.read_error = job->total.read_error,
		.fault = job->total.fault,
		.note = note_of(job),
		.unsplittable = job->unsplittable,
		.one_worker = one_worker_of(e, job),
		.one_worker_from = job->one_worker_from,
		.points = job->points,
		.counted = counted_of(e, job),
		.not_text = job->total.not_text,
		.as_bytes = job->total.as_bytes,
		.form_told = job->total.form_told,
		.form = job->total.form,
		.bom_length = job->total.bom_length,
	};
	memcpy(e->outcome.type, job->total.type, sizeof e->outcome.type);
	if (job->profile) {
		e->outcome.profile = &e->profiles->finished;
		profile_copy(&e->profiles->finished, job->profile);
		profile_finish(cs, &e->profiles->finished, &job->total.tally);
	}
}

/* Standard input was read by pread: whoever shares it expects the offset at the end. */
static void leave_offset(const struct job *job)
{
	const struct split *s = job->split;

	if (!s || s->turns || !job->op.is_stdin)
		return;
	uint64_t end = s->format == FORMAT_PLAIN ? s->begin + job->total.tally.bytes
	                                         : min_u64(s->end, (uint64_t)job->st.st_size);
	(void)lseek(STDIN_FILENO, (off_t)end, SEEK_SET);
}

/* The first job is complete. */
static enum progress finish(struct engine *e, enum engine_event_kind *kind,
                            struct engine_event *event)
{
	struct job *job = e->first;

	align_end(job);
	set_outcome(e, job);
	leave_offset(job);
	e->unsized -= job->unsized;
	e->late = NULL; /* if it was one, it was the first */
	e->first = job->next;
	if (!e->first)
		e->last = NULL;
	engine_show_first(e); /* before this one's name goes */
	e->finished = job;
	e->unflushed = true;
	*kind = ENGINE_OPERAND_DONE;
	*event = (struct engine_event){.client = job->op.client, .outcome = &e->outcome};
	return PROGRESS_EVENT;
}

/* ---- the collector's step ---- */

static bool is_complete(const struct job *job)
{
	return job->pending == 0 && job->all_planned;
}

/* All that is to be counted of the job is merged. */
static enum progress conclude(struct engine *e, struct job *job, enum engine_event_kind *kind,
                              struct engine_event *event)
{
	if (!borders_rest(e, job, event))
		return finish(e, kind, event);
	*kind = ENGINE_PART_BEGINS;
	return PROGRESS_EVENT;
}

/* What was left to the coordinator. */
static void do_deferred(struct engine *e, struct job *job)
{
	if (e->task.kind == TASK_FILE)
		read_ordered(e, job, false, &e->result);
	else
		collector_do_task(e, &e->task, &e->result);
}

/* Does the piece that is being collected go on from those before it, or not? */
static bool is_chained(const struct engine *e, const struct job *job)
{
	return (e->task.entry == ENTRY_SEARCH || e->task.entry == ENTRY_PLACE) &&
	       !collector_has_ended(&job->total) && !job->split->rest_done;
}

/*
 * Empties the ledger, so that pieces of the first job can be added: what is in it is of files
 * behind that one, each a task, of unknown size.
 */
static void collect_ahead(struct engine *e)
{
	struct job *job = e->first->next;

	while (ledger_pending(e->ledger) > 0) {
		if (!ledger_collect(e->ledger, &e->task, &e->result)) {
			e->executor.ops->step(&e->executor);
			continue;
		}
		while (job->pending == 0)
			job = job->next;
		verify(e->task.kind == TASK_FILE);
		job->pending--;
		if (e->result.kind == RESULT_COUNTED)
			collector_merge(e, job, &e->result);
		else
			job->postponed = e->result.kind;
	}
}

/* What was collected ahead, and could not be merged, is collected now. */
static void take_postponed(struct engine *e, struct job *job)
{
	e->task = (struct task){.kind = TASK_FILE, .fd = -1};
	e->result = (struct result){.kind = job->postponed};
	job->postponed = RESULT_COUNTED;
	e->collecting = true;
}

/* The task that was taken out of the ledger becomes part of its job. */
static enum progress merge_task(struct engine *e, struct job *job, enum engine_event_kind *kind,
                                struct engine_event *event)
{
	e->collecting = false;
	if (e->task.kind == TASK_SNIFF) {
		take_sniffed(job, &e->result);
		return PROGRESS_MADE;
	}
	e->speculative += e->task.entry == ENTRY_SEARCH && e->result.span.entered;
	if (is_chained(e, job)) {
		chain_collect(e, job);
		return is_complete(job) ? finish(e, kind, event) : PROGRESS_MADE;
	}
	bool redo = must_redo_rest(e, job);
	if (redo) {
		e->task.end = READER_TO_EOF;
		collector_do_task(e, &e->task, &e->result);
	} else if (must_redo_all(e, job)) {
		redo = true;
		redo_all(e, job);
	}
	collector_merge(e, job, &e->result);
	/* As for one who reads from the start on: after the end that a read meets is nothing. */
	if (redo || (e->task.kind != TASK_FILE && e->result.met_end))
		job->split->rest_done = job->all_planned = true;
	if (tell_counted(e, job, event)) {
		*kind = ENGINE_RANGE_COUNTED;
		return PROGRESS_EVENT;
	}
	return is_complete(job) ? conclude(e, job, kind, event) : PROGRESS_MADE;
}

enum progress collector_step(struct engine *e, enum engine_event_kind *kind,
                             struct engine_event *event)
{
	struct job *job = e->first;

	if (!job)
		return PROGRESS_NONE;
	*kind = ENGINE_ABOUT_TO_WAIT;
	if (job->ordered && job->pending == 0) {
		if (engine_must_flush(e))
			return PROGRESS_EVENT;
		read_ordered(e, job, true, &job->total);
		if (job->profile && job->total.profile)
			profile_copy(job->profile, job->total.profile);
		return job->split ? PROGRESS_MADE : finish(e, kind, event);
	}
	if (!e->collecting && job->postponed != RESULT_COUNTED)
		take_postponed(e, job);
	if (!e->collecting && is_complete(job))
		return conclude(e, job, kind, event);
	if (!e->collecting && align_is_due(job)) {
		align_step(e, job);
		return PROGRESS_MADE;
	}
	if (!e->collecting && job->pending > 0) {
		if (!ledger_collect(e->ledger, &e->task, &e->result))
			return PROGRESS_NONE;
		job->pending--;
		e->collecting = true;
	}
	if (!e->collecting)
		return PROGRESS_MADE; /* the planner has something to add */
	bool long_work =
		e->result.kind == RESULT_DEFERRED || e->result.kind == RESULT_LARGE ||
		(is_chained(e, job) ? chain_is_long_work(e, job)
	                            : e->task.kind != TASK_SNIFF &&
	                                      (must_redo_rest(e, job) || must_redo_all(e, job)));
	if (long_work && engine_must_flush(e))
		return PROGRESS_EVENT;
	if (e->result.kind == RESULT_LARGE) {
		e->collecting = false;
		collect_ahead(e);
		planner_plan_again(e, job);
		return PROGRESS_MADE;
	}
	if (e->result.kind == RESULT_DEFERRED)
		do_deferred(e, job);
	if (borders_step(e, job, event)) {
		*kind = ENGINE_PART_BEGINS;
		return PROGRESS_EVENT;
	}
	return merge_task(e, job, kind, event);
}
