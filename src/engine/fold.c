/* SPDX-License-Identifier: BSD-2-Clause */
/* The fold side of the owner's loop: merges results in order, reads streams in their turn, tells the client. */
#include "base/base.h"
#include "base/fd.h"
#include "engine/core.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

/*
 * Opens the operand whose turn has come. Where descriptors are few, other threads may hold all of
 * them for files of later turns: none of those tasks can be folded before this one, so they end.
 */
static int open_in_turn(struct engine *e, const char *name)
{
	for (;;) {
		/* Before the attempt: what is handed in during it leaves a descriptor for the next. */
		bool others = ledger_claimed(e->ledger) > 0;
		int fd = open_above_stdio(name, O_RDONLY | O_NOCTTY);
		if (fd >= 0 || (errno != EMFILE && errno != ENFILE) || !others)
			return fd;
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	}
}

/* Opens and reads the operand here and now, as it would be with one worker and no ledger. */
static void read_in_turn(struct engine *e, const struct operand *op, struct result *result)
{
	struct stat st;
	int fd = op->is_stdin ? STDIN_FILENO : open_in_turn(e, op->name);

	*result = (struct result){.kind = RESULT_COUNTED};
	if (fd < 0) {
		result->open_error = errno;
		return;
	}
	if (fstat(fd, &st) != 0)
		result->read_error = errno;
	else
		worker_do_stream(&e->owner, fd, &st, result);
	if (fd != STDIN_FILENO)
		close(fd);
}

/* A worker has left the task to us. */
static void do_deferred(struct engine *e, const struct job *job, const struct task *task,
                        struct result *result)
{
	if (task->kind == TASK_FILE)
		read_in_turn(e, job->op, result);
	else
		worker_do(&e->owner, task, result);
}

static void fold_result(struct engine *e, struct job *job, const struct result *result)
{
	struct result *total = &job->total;

	/* As if read from start to end: what lies behind a read error was never reached. */
	if (total->open_error || total->read_error || total->fault.cause != DECODE_OK || job->rest_done)
		return;
	tally_merge(e->config->counter->cs, &total->tally, &result->tally);
	total->open_error = result->open_error;
	total->read_error = result->read_error;
	total->fault = result->fault;
}

/*
 * A fault in a piece of compressed data: either the data is bad, or a header has lied about where its
 * member ends. From the piece's beginning, which all before it vouch for, the rest is decoded again
 * without such borders: what comes of that is what one worker would have found.
 */
static void redo_rest(struct engine *e, struct job *job, struct task *task, struct result *result)
{
	if (result->fault.cause == DECODE_OK || task->end == READER_TO_EOF || job->rest_done ||
	    job->total.read_error)
		return;
	task->end = READER_TO_EOF;
	worker_do(&e->owner, task, result);
	fold_result(e, job, result);
	job->rest_done = job->all_planned = true;
}

/* The job is complete: tells the client and forgets it. */
static void finish(struct engine *e, struct job *job)
{
	struct outcome outcome = {
		.counts = tally_finish(e->config->counter->cs, &job->total.tally),
		.open_error = job->total.open_error,
		.read_error = job->total.read_error,
		.fault = job->total.fault,
	};

	/* Standard input was read by pread: whoever shares it expects the offset at the end. */
	if (job->fd == STDIN_FILENO && job->op->is_stdin) {
		off_t end = (off_t)(job->begin + job->total.tally.bytes);
		(void)lseek(STDIN_FILENO, job->format == FORMAT_PLAIN ? end : job->st.st_size, SEEK_SET);
	}
	e->first = job->next;
	if (!e->first)
		e->last = NULL;
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
		read_in_turn(e, job->op, &job->total);
		finish(e, job);
		return true;
	}
	if (job->pending > 0) {
		if (!ledger_fold(e->ledger, &task, &result))
			return false;
		job->pending--;
		if (result.kind == RESULT_DEFERRED)
			do_deferred(e, job, &task, &result);
		redo_rest(e, job, &task, &result);
		fold_result(e, job, &result);
	}
	if (job->pending == 0 && job->all_planned)
		finish(e, job);
	return true;
}
