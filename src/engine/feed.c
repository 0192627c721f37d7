/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plan side of the owner's loop: takes operands from the client and turns them into tasks.
 *
 * Regular files may be opened before their turn, since nobody can tell. Anything else may block
 * (a FIFO, a terminal) or be stolen from another (standard input given twice, /dev/stdin), so it is
 * a barrier: it is opened when all before it is printed, and nothing behind it is touched earlier.
 */
#include "base/base.h"
#include "base/fd.h"
#include "engine/core.h"
#include "engine/cpus.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Files open at one time for being cut up, beyond one a worker. */
enum { SPLIT_OPEN_SPARE = 4 };

/* What follows a byte that is not in the page cache, so far, is not asked about: bytes. */
enum { COLD_RANGE = 16 << 20 };

void job_free(struct engine *e, struct job *job)
{
	if (job->fd >= 0) {
		if (job->fd != STDIN_FILENO)
			close(job->fd);
		e->split_open--;
	}
	free(job->known);
	if (job != &e->spare)
		free(job);
}

/* A job for the operand to come; NULL: no memory now, but some will be freed. */
static struct job *new_job(struct engine *e)
{
	struct job *job = calloc(1, sizeof *job + (e->profiles ? sizeof *job->profile : 0));
	struct profile *profile = job && e->profiles ? (struct profile *)(job + 1) : NULL;

	if (!job && !e->first) {
		job = &e->spare;
		if (e->profiles) {
			profile = &e->profiles->spare;
			profile_clear(profile);
		}
	}
	if (job)
		*job = (struct job){.fd = -1, .profile = profile};
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

static void add_task(struct engine *e, struct job *job, const struct task *task)
{
	engine_keep_place(e, ledger_add(e->ledger, task), job->op->name, task->fd);
	job->pending++;
}

/* The next range that is known, if it lies where the plan has got to or behind; NULL: none is. */
static const struct known_range *next_known(struct job *job)
{
	while (job->known_planned < job->n_known &&
	       job->known[job->known_planned].begin < job->planned)
		job->known_planned++;
	return job->known_planned < job->n_known ? &job->known[job->known_planned] : NULL;
}

/*
 * The end of the next piece; that of the job: it is the last. Without an exact range the size is a
 * hint, and the last piece goes to the end of the file, wherever it is.
 */
static uint64_t piece_end(const struct engine *e, struct job *job, uint64_t chunk)
{
	uint64_t size = (uint64_t)job->st.st_size;
	uint64_t stop = min_u64(job->end, size);
	const struct known_range *known = next_known(job);
	unsigned unit = encoding_unit(job->form);

	/* Encodings that are decoded from the start on, and units that a member may end in. */
	if (unit == 0 || (unit > 1 && job->format != FORMAT_PLAIN))
		return job->end;
	if (unit > 1)
		chunk += (unit - chunk % unit) % unit;
	if (job->format == FORMAT_PLAIN) {
		bool last = stop < job->planned || chunk >= stop - job->planned;
		uint64_t end = last ? job->end : job->planned + chunk;
		return known && known->begin > job->planned ? min_u64(end, known->begin) : end;
	}
	/* Characters of other charsets are decided from the start on, and so by one worker. */
	if (!worker_cuts_anywhere(e->config->counter))
		return job->end;
	uint64_t end = decoder_border(job->format, job->fd, job->planned, job->chunk, size);
	return end >= stop ? job->end : end; /* no border, too */
}

/*
 * Is the next piece not in the page cache? One answer holds for a while: the question may set
 * readahead going.
 */
static bool is_cold(struct job *job)
{
	if (job->planned >= job->cold_end && !reader_is_cached(job->fd, job->planned))
		job->cold_end = job->planned + COLD_RANGE;
	return job->planned < job->cold_end;
}

/* Adds what is known from here on, in place of a piece. False: nothing is. */
static bool add_known(struct engine *e, struct job *job)
{
	const struct known_range *known = next_known(job);
	uint64_t stop = min_u64(job->end, max_u64((uint64_t)job->st.st_size, job->begin));

	if (!known || known->begin != job->planned || known->end > stop)
		return false;
	struct task task = {.kind = TASK_KNOWN,
	                    .fd = -1,
	                    .begin = known->begin,
	                    .origin = job->known_planned++,
	                    .end = known->end == stop ? job->end : known->end};
	job->all_planned = task.end == job->end;
	job->planned = task.end;
	add_task(e, job, &task);
	return true;
}

/* Adds pieces of the open file until it is used up or the ledger is full. */
static void add_pieces(struct engine *e, struct job *job)
{
	uint64_t size = (uint64_t)job->st.st_size;

	while (!job->all_planned && !job->looking && ledger_has_room(e->ledger)) {
		if (add_known(e, job))
			continue;
		uint64_t chunk = is_cold(job) ? job->cold_chunk : job->chunk;
		struct task task = {
			.kind = TASK_PIECE,
			.path = job->op->is_stdin ? NULL : job->op->name,
			.fd = job->fd,
			.dev = job->st.st_dev,
			.ino = job->st.st_ino,
			.begin = job->planned,
			.origin = job->origin,
			.end = piece_end(e, job, chunk),
			.size = size,
			.format = job->format,
			.form = job->form,
			.mark = job->planned == job->origin ? job->mark : 0,
		};
		/*
		 * What has no borders keeps one worker busy; the others' processors may help if
		 * they are idle.
		 */
		bool alone = job == e->first && ledger_pending(e->ledger) == 0;
		if (job->format != FORMAT_PLAIN && alone && e->ops->kind == ENGINE_THREADS &&
		    task.end == job->end)
			task.threads = e->workers;
		job->all_planned = task.end == job->end;
		job->planned = task.end;
		add_task(e, job, &task);
		/* The next border may be far. */
		if (job->format != FORMAT_PLAIN)
			ledger_announce(e->ledger);
	}
}

/* Before any piece, a task that looks at the content: the owner itself parses nothing. */
static void add_look(struct engine *e, struct job *job)
{
	struct task task = {
		.kind = TASK_LOOK,
		.path = job->op->is_stdin ? NULL : job->op->name,
		.fd = job->fd,
		.dev = job->st.st_dev,
		.ino = job->st.st_ino,
		.begin = job->origin,
		.origin = job->origin,
		.end = READER_TO_EOF,
		.size = (uint64_t)job->st.st_size,
		.format = job->format,
	};
	job->looking = true;
	add_task(e, job, &task);
}

/* The open regular file is to be cut up; the operand begins at offset `origin`. */
static void split(struct engine *e, struct job *job, int fd, const struct stat *st, uint64_t origin,
                  enum format format)
{
	job->fd = fd;
	job->st = *st;
	job->opened = true;
	job->format = format;
	job->origin = origin;
	e->split_open++;
	if (!engine_range_set(e, job, fd) || job->begin == job->end) {
		job->all_planned = true;
		return;
	}
	uint64_t stop = min_u64(job->end, (uint64_t)st->st_size);
	uint64_t size = stop - min_u64(job->begin, stop);
	job->planned = job->begin;
	job->chunk = format == FORMAT_PLAIN ? plan_chunk(&e->plan, size)
	                                    : plan_packed_chunk(&e->plan, size);
	job->cold_chunk = plan_chunk_cold(&e->plan, size);
	if (e->config->remote && format == FORMAT_PLAIN) {
		/* Stripes of a parallel file system are not shared by two hosts. */
		uint64_t stripe = st->st_blksize > 0 ? (uint64_t)st->st_blksize : 1;
		job->chunk += (stripe - job->chunk % stripe) % stripe;
		job->cold_chunk = job->chunk;
	}
	e->stats->chunk_size = max_u64(e->stats->chunk_size, job->chunk);
	job->form = e->owner.form_of_all;
	if (e->config->range.exact && e->client->known) {
		struct counted range = engine_range_of(job, job->begin, stop);
		job->known = e->client->known(e->client->arg, job->op, fd, &range, &job->n_known);
	}
	if (e->owner.look_size > 0)
		add_look(e, job);
	add_pieces(e, job);
}

/*
 * The work is worth threads: from serial to those, if the control group grants more than one CPU.
 */
static void start_threads(struct engine *e, const char *why)
{
	e->may_grow = false;
	if (e->config->jobs == 0 && cpus_usable() < e->workers)
		engine_set_workers(e, cpus_usable());
	if (e->workers == 1)
		return;
	e->ops = &engine_threads;
	e->stats->why = why;
	e->ops->start(e);
}

/* The open file cannot be read where it begins, so there is nothing to be planned. */
static void unreadable(struct engine *e, struct job *job, int fd, const struct stat *st,
                       uint64_t begin, int error)
{
	job->fd = fd;
	job->st = *st;
	job->opened = job->all_planned = true;
	job->origin = job->begin = job->end = begin;
	job->total.read_error = error;
	e->split_open++;
}

/*
 * Cuts up the open file from offset `begin`, if it is large enough or an exact range is wanted;
 * else it is left as it is.
 */
static bool try_split(struct engine *e, struct job *job, int fd, const struct stat *st,
                      uint64_t begin)
{
	uint64_t size = (uint64_t)st->st_size - min_u64(begin, (uint64_t)st->st_size);
	enum format format;
	if (!worker_sniff_file(&e->owner, fd, begin, &format)) {
		unreadable(e, job, fd, st, begin, errno);
		return true;
	}
	bool packed = format != FORMAT_PLAIN;

	if (e->may_grow && packed && plan_packed_worth_sharing(size))
		start_threads(e, "a large compressed file");
	bool worth = !e->may_grow && size > (packed ? e->plan.split_packed : e->plan.split_above);
	if (!worth && !e->config->range.exact)
		return false;
	split(e, job, fd, st, begin, format);
	return true;
}

/* A regular file that has been stat()ed. False: no descriptor is left for it now. */
static bool plan_regular(struct engine *e, struct job *job)
{
	struct operand *op = job->op;

	/* Sizes that are believed are no work. */
	bool believed = e->config->only_bytes && e->config->decompress == FORMAT_PLAIN;

	if (e->may_grow && plan_worth_sharing(&e->plan, believed ? 0 : op->size, e->taken))
		start_threads(e, op->size > e->plan.split_above ? "a large file" : "many files");
	bool look = e->config->decompress != FORMAT_PLAIN, exact = e->config->range.exact;
	uint64_t split_above = look ? e->plan.split_packed : e->plan.split_above;
	if (exact || (op->size > split_above && (look || !e->may_grow))) {
		struct stat st;
		int fd = open_above_stdio(op->name, O_RDONLY | O_NONBLOCK | O_NOCTTY);
		if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		    try_split(e, job, fd, &st, 0))
			return true;
		if (fd >= 0)
			close(fd); /* it is smaller or of another kind than thought: as a whole,
			              then */
		else if ((errno == EMFILE || errno == ENFILE) && job != e->first)
			return false;
		if (exact)
			return false; /* what it is, and why it cannot be opened, is seen in its
			                 turn */
	}
	struct task task = {.kind = TASK_FILE, .path = op->name, .fd = -1, .size = op->size};
	add_task(e, job, &task);
	job->all_planned = true;
	return true;
}

/* Asks the file system, where the client has not, whether the operand is a regular file. */
static void learn_kind(struct operand *op)
{
	struct stat st;

	if (op->stat_known || op->is_stdin)
		return;
	op->stat_known = true;
	op->regular = stat(op->name, &st) == 0 && S_ISREG(st.st_mode);
	op->size = op->regular ? (uint64_t)st.st_size : 0;
}

static bool must_wait_its_turn(const struct engine *e, const struct operand *op)
{
	if (op->is_stdin || !op->regular)
		return true;
	/* A shared ledger has room for PATH_MAX; open() refuses longer names, and says so. */
	return e->ops->shared && strlen(op->name) >= PATH_MAX;
}

/* A regular standard input large enough is cut up too, once its turn has come. */
static bool split_stdin(struct engine *e, struct job *job)
{
	struct stat st;

	if (!job->op->is_stdin || fstat(STDIN_FILENO, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	off_t at = lseek(STDIN_FILENO, 0, SEEK_CUR);
	if (at < 0 || (at >= st.st_size && !e->config->range.exact))
		return false;
	uint64_t left = at < st.st_size ? (uint64_t)(st.st_size - at) : 0;
	if (e->may_grow && plan_worth_sharing(&e->plan, left, 0))
		start_threads(e, "a large file");
	return try_split(e, job, STDIN_FILENO, &st, (uint64_t)at);
}

/* A regular file for which there was no descriptor, or which was none a moment ago. */
static bool split_late(struct engine *e, struct job *job)
{
	struct operand *op = job->op;
	struct stat st;

	if (op->is_stdin)
		return split_stdin(e, job);
	return e->config->range.exact && stat(op->name, &st) == 0 && S_ISREG(st.st_mode) &&
	       plan_regular(e, job);
}

/* Plans a new job as far as can be now. */
static void plan_job(struct engine *e, struct job *job)
{
	struct operand *op = job->op;

	if (op->skip) {
		job->all_planned = true;
		return;
	}
	learn_kind(op);
	if (!must_wait_its_turn(e, op) && plan_regular(e, job))
		return;
	job->in_turn = true;
}

/* May the job behind all others be followed by another? */
static bool may_take_more(const struct engine *e)
{
	if (e->supply_ended || e->stopped || !ledger_has_room(e->ledger))
		return false;
	if (!e->last)
		return true;
	if (e->ops->kind == ENGINE_SERIAL)
		return false; /* nothing is gained by looking ahead */
	if (e->last->in_turn || !e->last->all_planned || e->last->op->is_stdin)
		return false;
	return e->split_open < e->workers + SPLIT_OPEN_SPARE;
}

/* Takes the next operand and plans it. False: there is none now. */
static bool take_operand(struct engine *e)
{
	struct job *job = !e->first && !engine_settle(e) ? NULL : new_job(e);

	if (!job)
		return false;
	/* Nothing is waiting to be printed: then it may block. */
	enum supply supply = e->client->next(e->client->arg, !e->first, &job->op);
	if (supply == SUPPLY_ONE) {
		append_job(e, job);
		plan_job(e, job);
		return true;
	}
	e->supply_ended = supply == SUPPLY_NONE;
	job_free(e, job);
	return false;
}

void engine_feed(struct engine *e)
{
	uint64_t before = ledger_pending(e->ledger);
	struct job *job = e->last;

	if (job && job->fd >= 0)
		add_pieces(e, job);
	while (may_take_more(e) && take_operand(e))
		continue;
	/* Its turn has come: only now may it be opened. The fold side reads streams. */
	job = e->last;
	if (job && job == e->first && job->in_turn && split_late(e, job))
		job->in_turn = false;
	if (ledger_pending(e->ledger) > before)
		ledger_announce(e->ledger);
}
