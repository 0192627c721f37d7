/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The planner: takes operands from the client and turns them into tasks.
 *
 * Regular files may be opened early, since nobody can tell. Anything else may block (a FIFO, a
 * terminal) or be stolen from another (standard input given twice, /dev/stdin), so it is a barrier:
 * it is opened when all before it is counted and reported, and nothing after it is touched earlier.
 */
#include "base/base.h"
#include "base/clock.h"
#include "base/cpus.h"
#include "base/fd.h"
#include "engine/coordinator.h"
#include "engine/seek.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Files open at one time for being cut up, beyond one a worker. */
enum { SPLIT_OPEN_SPARE = 4 };

/* ---- jobs ---- */

void job_free(struct engine *e, struct job *job)
{
	split_close(e, job);
	if (job == &e->spare)
		return;
	job->next = e->free_jobs;
	e->free_jobs = job;
}

void planner_free_jobs(struct engine *e)
{
	while (e->free_jobs) {
		struct job *next = e->free_jobs->next;
		free(e->free_jobs);
		e->free_jobs = next;
	}
}

/* Memory for a job and its profile: that of one that has ended, if there is one. */
static struct job *job_memory(struct engine *e)
{
	struct job *job = e->free_jobs;

	if (!job)
		return calloc(1, sizeof *job + (e->profiles ? sizeof *job->profile : 0));
	e->free_jobs = job->next;
	return job;
}

/* A job for the operand to come; NULL: no memory now, but some will be freed. */
static struct job *new_job(struct engine *e)
{
	struct job *job = job_memory(e);
	struct profile *profile = job && e->profiles ? (struct profile *)(job + 1) : NULL;

	if (!job && !e->first) {
		job = &e->spare;
		profile = e->profiles ? &e->profiles->spare : NULL;
	}
	if (!job)
		return NULL;
	*job = (struct job){.profile = profile};
	if (profile)
		profile_clear(profile);
	return job;
}

static void append_job(struct engine *e, struct job *job)
{
	if (e->last)
		e->last->next = job;
	else
		e->first = job;
	e->last = job;
	if (e->first == job)
		engine_show_first(e);
	e->taken++;
}

void planner_add_task(struct engine *e, struct job *job, const struct task *task)
{
	ledger_add(e->ledger, task);
	e->unannounced = true;
	job->pending++;
}

/* ---- regular files ---- */

int planner_open(const struct engine_operand *op, int flags)
{
	return op->is_long ? open_long_above_stdio(op->name, flags)
	                   : open_above_stdio(op->name, flags);
}

void planner_grow(struct engine *e, const char *why)
{
	e->may_grow = false;
	if (e->config->crew.ask_quota && cpus_usable() < e->executor.workers)
		engine_set_workers(e, cpus_usable());
	if (e->executor.workers == 1)
		return;
	e->executor.ops = e->config->crew.more;
	e->why = why;
	e->executor.ops->start(&e->executor);
}

enum split_try { SPLIT_DONE, SPLIT_NOT_WORTH_IT, SPLIT_NO_MEMORY };

/*
 * Cuts up the open file from offset `begin`, if it is large enough or an exact range is wanted;
 * else it is left as it is.
 */
static enum split_try try_split(struct engine *e, struct job *job, int fd, const struct stat *st,
                                uint64_t begin)
{
	uint64_t size = (uint64_t)st->st_size - min_u64(begin, (uint64_t)st->st_size);
	enum format format;
	if (scan_sniff_file(&e->scanner, fd, begin, &format, &job->total.note) != 0)
		return split_open_unreadable(e, job, fd, st, begin, errno) == 0 ? SPLIT_DONE
		                                                                : SPLIT_NO_MEMORY;
	bool packed = format != FORMAT_PLAIN;

	if (e->may_grow && packed && plan_packed_worth_sharing(size))
		planner_grow(e, "a large compressed file");
	bool worth = !e->may_grow && size > (packed ? e->plan.split_packed : e->plan.split_above);
	if (!worth && !e->config->range.exact)
		return SPLIT_NOT_WORTH_IT;
	return split_open(e, job, fd, st, begin, format) == 0 ? SPLIT_DONE : SPLIT_NO_MEMORY;
}

enum planned { PLANNED, PLANNED_NOT_NOW };

/* Opens a regular file and cuts it up. `*whole`: it need not be, or is not what it was. */
static enum planned plan_split(struct engine *e, struct job *job, bool *whole)
{
	struct stat st;
	enum split_try tried = SPLIT_NOT_WORTH_IT;
	int fd = planner_open(&job->op, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	*whole = false;
	if (fd < 0 && (errno == EMFILE || errno == ENFILE) && job != e->first)
		return PLANNED_NOT_NOW;
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		tried = try_split(e, job, fd, &st, 0);
	if (tried == SPLIT_DONE)
		return PLANNED;
	if (fd >= 0)
		close(fd);
	/* What it is, and why it cannot be opened, is seen when all before it is done. */
	if (tried == SPLIT_NO_MEMORY || e->config->range.exact)
		return PLANNED_NOT_NOW;
	*whole = true;
	return PLANNED;
}

/* A regular file that has been stat()ed. */
static enum planned plan_regular(struct engine *e, struct job *job)
{
	const struct engine_operand *op = &job->op;
	bool inside = e->config->scan.decompress != FORMAT_PLAIN, exact = e->config->range.exact;
	bool unknown = op->size == SIZE_UNKNOWN;
	uint64_t size = unknown ? 0 : op->size;
	/* Sizes that are believed are no work. */
	bool believed = e->config->scan.only_bytes && !inside;
	bool whole = true;

	if (e->may_grow && plan_worth_sharing(&e->plan, believed ? 0 : size, e->taken))
		planner_grow(e, size > e->plan.split_above ? "a large file" : "many files");
	uint64_t split_above = inside ? e->plan.split_packed : e->plan.split_above;
	if ((exact || (size > split_above && (inside || !e->may_grow))) &&
	    plan_split(e, job, &whole) == PLANNED_NOT_NOW)
		return PLANNED_NOT_NOW;
	if (!whole)
		return PLANNED;
	struct task task = {.kind = TASK_FILE,
	                    .path = op->name,
	                    .fd = -1,
	                    .size = op->size,
	                    .large = e->plan.split_above};
	job->unsized = unknown;
	e->unsized += unknown;
	planner_add_task(e, job, &task);
	job->all_planned = true;
	return PLANNED;
}

/* ---- operands of all kinds ---- */

/*
 * Can the sizes of regular files be left to those who open them? They ask for less than half of
 * what stat(2) by name takes. Not where a size decides how a file is opened.
 */
static bool sizes_can_wait(const struct engine *e)
{
	const struct scan_config *scan = &e->config->scan;

	return scan->decompress == FORMAT_PLAIN && !scan->types && !e->config->range.exact &&
	       !e->plan.uncached;
}

/* Asks the file system, where the client has not, whether the operand is a regular file. */
static void learn_kind(struct engine *e, struct engine_operand *op)
{
	bool known = op->stat_known && (op->size != SIZE_UNKNOWN || sizes_can_wait(e));
	struct stat st;

	if (known || op->is_stdin)
		return;
	op->stat_known = true;
	op->regular = folder_stat(&e->scanner.files.folder, op->name, &st, clock_now_ns()) == 0 &&
	              S_ISREG(st.st_mode);
	op->size = op->regular ? (uint64_t)st.st_size : 0;
}

static bool is_barrier(const struct engine *e, const struct engine_operand *op)
{
	if (op->is_stdin || op->is_long || !op->regular)
		return true;
	/* A shared ledger has room for PATH_MAX; open() refuses longer names, and says so. */
	return e->executor.ops->shared && strlen(op->name) >= PATH_MAX;
}

/* A regular standard input large enough is cut up too, once all before it is done. */
static bool split_stdin(struct engine *e, struct job *job)
{
	struct stat st;

	/* Who else reads it wants it in one piece. */
	if (e->config->scan.pass || fstat(STDIN_FILENO, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	off_t at = lseek(STDIN_FILENO, 0, SEEK_CUR);
	if (at < 0 || (at >= st.st_size && !e->config->range.exact))
		return false;
	uint64_t left = at < st.st_size ? (uint64_t)(st.st_size - at) : 0;
	if (e->may_grow && plan_worth_sharing(&e->plan, left, 0))
		planner_grow(e, "a large file");
	return try_split(e, job, STDIN_FILENO, &st, (uint64_t)at) == SPLIT_DONE;
}

/*
 * An ordered job is the first now: can it be cut up after all? A regular file for which there was
 * no descriptor, or which was none a moment ago, or whose name no worker could open.
 */
static bool plan_late(struct engine *e, struct job *job)
{
	struct stat st;
	bool whole;

	if (job->op.is_stdin)
		return split_stdin(e, job);
	if (job->op.is_long)
		return e->config->range.exact && plan_split(e, job, &whole) == PLANNED;
	return e->config->range.exact && stat(job->op.name, &st) == 0 && S_ISREG(st.st_mode) &&
	       plan_regular(e, job) == PLANNED;
}

/* Plans a new job as far as can be now. */
static void plan_job(struct engine *e, struct job *job)
{
	if (job->op.skip) {
		job->all_planned = true;
		return;
	}
	learn_kind(e, &job->op);
	/* Behind what may be found to be large nothing is cut up: see collect_ahead(). */
	job->waiting = e->unsized > 0 && job != e->late && job->op.size != SIZE_UNKNOWN;
	if (job->waiting)
		return;
	job->ordered = is_barrier(e, &job->op) || plan_regular(e, job) == PLANNED_NOT_NOW;
}

void engine_add_operand(struct engine *e, const struct engine_operand *operand)
{
	struct job *job = e->incoming;

	verify(e->asked && job);
	e->asked = false;
	e->incoming = NULL;
	job->op = *operand;
	append_job(e, job);
	plan_job(e, job);
}

void planner_plan_again(struct engine *e, struct job *job)
{
	e->late = job;
	e->unsized--;
	job->unsized = job->all_planned = job->op.stat_known = false;
	plan_job(e, job);
}

void engine_end_operands(struct engine *e)
{
	e->supply_ended = true;
}

void engine_add_known(struct engine *e, struct known_range *known, size_t n)
{
	struct split *s = e->last ? e->last->split : NULL;

	verify(s && !s->known);
	s->known = known;
	s->n_known = n;
}

void engine_add_points(struct engine *e, const struct decode_point *point, size_t n, bool joined)
{
	struct job *job = e->last;

	verify(job && job->split && job->split->seeks);
	seek_add_points(e, job, point, n, joined);
	job->points = n;
	e->points += n;
}

/* ---- the planner's step ---- */

/* May the last job be followed by another? */
static bool may_take_more(const struct engine *e)
{
	if (e->supply_ended || e->late || !ledger_has_room(e->ledger))
		return false;
	if (!e->last)
		return true;
	if (e->executor.ops->one_by_one)
		return false;
	if (e->last->ordered || !e->last->all_planned || e->last->op.is_stdin)
		return false;
	return e->split_open < e->executor.workers + SPLIT_OPEN_SPARE;
}

/* Is the client to be told that the job's file is open? */
static bool tell_opened(struct engine *e, struct job *job, struct engine_event *event)
{
	if (!job->split->to_be_told)
		return false;
	job->split->to_be_told = false;
	uint64_t stop = min_u64(job->split->end, (uint64_t)job->st.st_size);
	e->range = split_range(job, job->split->begin, stop);
	e->range.points = seek_points_wanted(e, job->split->seeks);
	*event = (struct engine_event){
		.client = job->op.client, .fd = job->split->fd, .range = &e->range};
	return true;
}

/* Is the client to be asked for another operand? */
static bool ask(struct engine *e, struct engine_event *event)
{
	if (!may_take_more(e))
		return false;
	if (e->asked) {
		e->asked = false;     /* it had none without waiting; later, then */
		planner_free_jobs(e); /* what it lacks may be memory */
		return false;
	}
	if (!e->incoming)
		e->incoming = new_job(e);
	e->asked = e->incoming;
	/* If nothing is under way it may block. */
	*event = (struct engine_event){.may_block = !e->first};
	return e->asked;
}

enum progress planner_step(struct engine *e, enum engine_event_kind *kind,
                           struct engine_event *event)
{
	struct job *job = e->late ? e->late : e->last;

	if (job && job->waiting && e->unsized == 0)
		plan_job(e, job);
	*kind = ENGINE_FILE_OPENED;
	if (job && job->split) {
		split_add_pieces(e, job);
		if (tell_opened(e, job, event))
			return PROGRESS_EVENT;
	}
	if (!job && engine_must_flush(e)) {
		*kind = ENGINE_ABOUT_TO_WAIT;
		return PROGRESS_EVENT;
	}
	if (ask(e, event)) {
		*kind = ENGINE_NEED_OPERAND;
		return PROGRESS_EVENT;
	}
	/* Only now, with all before it done, may it be opened. The collector reads streams. */
	if (job && job == e->first && job->ordered && plan_late(e, job)) {
		job->ordered = false;
		if (job->split && tell_opened(e, job, event))
			return PROGRESS_EVENT;
	}
	if (e->unannounced)
		ledger_announce(e->ledger);
	e->unannounced = false;
	return PROGRESS_NONE;
}
