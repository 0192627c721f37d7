/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fold side of the owner's loop: merges results in order, reads streams in their turn, tells
 * the client.
 */
#include "base/base.h"
#include "base/fd.h"
#include "engine/core.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * Opens the operand whose turn has come. Where descriptors are few, other threads may hold all of
 * them for files of later turns: none of those tasks can be folded before this one, so they end.
 */
static int open_in_turn(struct engine *e, const char *name)
{
	for (;;) {
		/*
		 * Before the attempt: what is handed in during it leaves a descriptor for the next.
		 */
		bool others = ledger_claimed(e->ledger) > 0;
		int fd = open_above_stdio(name, O_RDONLY | O_NOCTTY);
		if (fd >= 0 || (errno != EMFILE && errno != ENFILE) || !others)
			return fd;
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	}
}

/* Opens and reads the operand here and now, as it would be with one worker and no ledger. */
static void read_in_turn(struct engine *e, struct job *job, struct result *result)
{
	const struct operand *op = job->op;
	int fd = op->is_stdin ? STDIN_FILENO : open_in_turn(e, op->name);

	*result = (struct result){.kind = RESULT_COUNTED};
	if (fd < 0) {
		result->open_error = errno;
		return;
	}
	job->opened = fstat(fd, &job->st) == 0;
	if (!job->opened)
		result->read_error = errno;
	else if (engine_wants_part(e) && !S_ISDIR(job->st.st_mode))
		job->uncuttable = true;
	else
		engine_do_stream(e, fd, &job->st, result);
	if (fd != STDIN_FILENO)
		close(fd);
}

/* A worker has left the task to us. */
static void do_deferred(struct engine *e, struct job *job, const struct task *task,
                        struct result *result)
{
	(void)engine_settle(e);
	if (task->kind == TASK_FILE)
		read_in_turn(e, job, result);
	else if (task->kind == TASK_KNOWN)
		*result = (struct result){.kind = RESULT_COUNTED,
		                          .tally = job->known[task->origin].tally};
	else
		engine_do(e, task, result);
}

static void fold_result(struct engine *e, struct job *job, const struct result *result)
{
	struct result *total = &job->total;

	/* As if read from start to end: what lies behind a read error was never reached. */
	if (total->open_error || total->read_error || total->fault.cause != DECODE_OK ||
	    job->rest_done)
		return;
	if (job->profile && result->profile)
		profile_merge(e->config->counter->cs, job->profile, &total->tally, result->profile,
		              &result->tally);
	tally_merge(e->config->counter->cs, &total->tally, &result->tally);
	total->open_error = result->open_error;
	total->read_error = result->read_error;
	total->fault = result->fault;
	if (result->type[0] != '\0')
		memcpy(total->type, result->type, sizeof total->type);
	total->not_text |= result->not_text;
}

/*
 * The content of what is to be cut up is known. Where it could not be looked at it is not counted:
 * what went wrong once pieces might not find again, and they would count it for something else. But
 * a fault of the data they find again, and what precedes it counts.
 */
static void fold_look(struct job *job, const struct result *result)
{
	enum decode_cause cause = result->fault.cause;
	bool found_again = cause != DECODE_NO_MEMORY && cause != DECODE_CRASHED;

	job->looking = false;
	job->total.open_error = result->open_error;
	job->total.read_error = result->read_error;
	if (!found_again || result->not_text)
		job->total.fault = result->fault;
	memcpy(job->total.type, result->type, sizeof job->total.type);
	job->total.not_text = result->not_text;
	job->form = result->form;
	job->mark = result->mark;
	job->all_planned =
		result->not_text || result->open_error || result->read_error || !found_again;
}

/* Tells the client of a piece that has been counted, if it wants to know and all is well so far. */
static void tell_counted(struct engine *e, struct job *job, const struct task *task,
                         const struct result *result)
{
	uint64_t end = task->end;

	if (!e->config->range.exact || !e->client->counted || task->kind != TASK_PIECE ||
	    job->short_of || job->total.read_error || job->total.fault.cause != DECODE_OK)
		return;
	if (end == READER_TO_EOF)
		end = task->format == FORMAT_PLAIN ? task->begin + result->tally.bytes
		                                   : (uint64_t)job->st.st_size;
	else if (task->format == FORMAT_PLAIN && worker_cuts_anywhere(e->config->counter))
		job->short_of = result->tally.bytes < end - task->begin;
	if (job->short_of)
		return;
	struct counted counted = engine_range_of(job, task->begin, end);
	counted.tally = &result->tally;
	e->client->counted(e->client->arg, job->op, job->fd, &counted);
}

/*
 * A fault in a piece of compressed data: either the data is bad, or a header has lied about where
 * its member ends. From the piece's beginning, which all before it vouch for, the rest is decoded
 * again without such borders: what comes of that is what one worker would have found. A part has a
 * border where it ends, and no more is known of it than that there is a fault.
 */
static void redo_rest(struct engine *e, struct job *job, struct task *task, struct result *result)
{
	if (result->fault.cause == DECODE_OK || task->end == READER_TO_EOF || job->rest_done ||
	    job->total.read_error || job->end != READER_TO_EOF)
		return;
	task->end = READER_TO_EOF;
	(void)engine_settle(e);
	engine_do(e, task, result);
	fold_result(e, job, result);
	job->rest_done = job->all_planned = true;
}

/* What of the operand was counted; `st` NULL: nothing is known. */
static struct counted counted_of(const struct engine *e, const struct job *job)
{
	const struct tally *tally = &job->total.tally;
	struct counted c = {.format = job->format, .tally = tally};

	if (!e->config->range.exact)
		return c;
	c.st = job->opened ? &job->st : NULL;
	c.origin = job->origin;
	c.begin = job->begin;
	c.end = job->end;
	if (job->fd < 0) {
		c.end = tally->bytes;
	} else if (job->format != FORMAT_PLAIN) {
		c.end = min_u64(job->end, (uint64_t)job->st.st_size);
	} else if (worker_cuts_anywhere(e->config->counter)) {
		c.end = job->begin + tally->bytes;
		c.short_of = job->end != READER_TO_EOF && c.end < job->end;
	} else if (c.end == READER_TO_EOF) {
		c.end = job->begin + tally->bytes;
	}
	return c;
}

/* The job is complete: tells the client and forgets it. */
static void finish(struct engine *e, struct job *job)
{
	struct outcome outcome = {
		.counts = tally_finish(e->config->counter->cs, &job->total.tally),
		.open_error = job->total.open_error,
		.read_error = job->total.read_error,
		.fault = job->total.fault,
		.uncuttable = job->uncuttable,
		.counted = counted_of(e, job),
		.not_text = job->total.not_text,
	};
	memcpy(outcome.type, job->total.type, sizeof outcome.type);
	if (job->profile) {
		outcome.profile = &e->profiles->finished;
		profile_copy(&e->profiles->finished, job->profile);
		profile_finish(e->config->counter->cs, &e->profiles->finished, &job->total.tally);
	}

	/* Standard input was read by pread: whoever shares it expects the offset at the end. */
	if (job->fd == STDIN_FILENO && job->op->is_stdin) {
		uint64_t size = (uint64_t)job->st.st_size;
		uint64_t end = job->format == FORMAT_PLAIN ? job->begin + job->total.tally.bytes
		                                           : min_u64(job->end, size);
		(void)lseek(STDIN_FILENO, (off_t)end, SEEK_SET);
	}
	e->first = job->next;
	if (!e->first)
		e->last = NULL;
	engine_show_first(e); /* before this one's name goes */
	if (!e->client->done(e->client->arg, job->op, &outcome))
		e->stopped = true;
	job_free(e, job);
}

bool engine_fold(struct engine *e)
{
	struct job *job = e->first;
	struct task task;
	struct result result;

	if (!job)
		return false;
	if (job->in_turn && job->pending == 0) {
		if (!engine_settle(e))
			return false;
		read_in_turn(e, job, &job->total);
		if (job->profile && job->total.profile)
			profile_copy(job->profile, job->total.profile);
		finish(e, job);
		return true;
	}
	if (job->pending > 0) {
		if (!ledger_fold(e->ledger, &task, &result))
			return false;
		job->pending--;
		if (result.kind == RESULT_DEFERRED)
			do_deferred(e, job, &task, &result);
		if (task.kind == TASK_LOOK) {
			fold_look(job, &result);
		} else {
			redo_rest(e, job, &task, &result);
			fold_result(e, job, &result);
			tell_counted(e, job, &task, &result);
		}
	}
	if (job->pending == 0 && job->all_planned)
		finish(e, job);
	return true;
}
