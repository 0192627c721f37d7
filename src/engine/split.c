/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that are cut up: which bytes of them are to be counted, in pieces of which size.
 *
 * The borders of parts follow from the size of the file, the number of parts and the unit of
 * cutting alone, so that those who count different parts agree on them without talking:
 *
 *      | 1/4 | 2/4 | 3/4 | 4/4 .. |        border k of N = units * k / N, in whole units
 *      '-----'-----'-----'-----'--'        the last part has what is left of a unit
 *
 * Compressed files are cut there too, and each cut is moved on to the next border between members;
 * or if members can be entered, they are cut anywhere: see chain.c.
 * Parts that are aligned to lines or records are the business of align.c.
 */
#include "base/base.h"
#include "base/fd.h"
#include "engine/coordinator.h"
#include "engine/relay.h"
#include "engine/seek.h"
#include "engine/turns.h"
#include "scan/files.h"
#include "source/holes.h"
#include "source/page_cache.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Without asking again, this much after a byte that is not in the page cache is not in it. */
enum { COLD_RANGE = 16 << 20 };

/* ---- the range ---- */

bool split_parts_wanted(const struct engine *e)
{
	const struct engine_range *r = &e->config->range;

	return r->parts > 1 || r->some || r->borders > 0;
}

/* Where part `k` of the data ends, which is `size` bytes long; 0 for k = 0. */
static uint64_t part_border(const struct engine *e, uint64_t size, uint64_t k)
{
	uint64_t parts = e->config->range.parts, unit = plan_part_unit(&e->plan);

	if (k == parts)
		return size;
	return share_of(size / unit, k, parts, false) * unit;
}

/*
 * The border between members at `at` or after it; DECODER_NO_BORDER, DECODER_UNREAD: none can be
 * told.
 */
static uint64_t member_border(const struct split *s, uint64_t at, uint64_t size)
{
	if (at <= s->origin || at >= size)
		return at;
	return decoder_border(s->format, s->fd, s->origin, at - s->origin, size);
}

/*
 * Moves the cuts of a compressed file to where it can be cut. -1: it cannot be, or it cannot be
 * read, which is job->total.read_error: whoever counts the neighbouring part may have been able to.
 */
static int move_to_members(const struct engine *e, struct job *job, uint64_t size)
{
	struct split *s = job->split;

	if (!scan_cuts_anywhere(e->config->scan.counter))
		return -1;
	uint64_t first = decoder_border(s->format, s->fd, s->origin, 1, size);
	if (first == DECODER_NO_BORDER)
		return -1;
	if (first != DECODER_UNREAD)
		s->begin = member_border(s, s->begin, size);
	if (first != DECODER_UNREAD && s->begin != DECODER_UNREAD)
		s->end = member_border(s, s->end, size);
	if (first == DECODER_UNREAD || s->begin == DECODER_UNREAD || s->end == DECODER_UNREAD) {
		job->total.read_error = errno;
		s->begin = s->end = s->origin;
		return -1;
	}
	/*
	 * What cannot be followed to its end has a fault, which whoever decodes it will find.
	 */
	if (s->begin == DECODER_NO_BORDER)
		s->begin = size;
	if (s->end == DECODER_NO_BORDER || s->end >= size)
		s->end = s->begin < size ? READER_TO_EOF : size;
	return 0;
}

/* Sets the range of a split whose format and origin are known. -1 as move_to_members(). */
static int set_range(struct engine *e, struct job *job)
{
	const struct engine_range *r = &e->config->range;
	struct split *s = job->split;
	uint64_t size = max_u64((uint64_t)job->st.st_size, s->origin), left = size - s->origin;

	s->begin = s->origin;
	s->end = READER_TO_EOF;
	if (!r->exact)
		return 0;
	if (r->parts > 0 && r->align.form != RECORDS_NONE && size > 0)
		return align_set_range(e, job, size);
	if (r->parts > 0) {
		s->begin += part_border(e, left, r->part - 1);
		s->end = s->origin + part_border(e, left, r->part);
	} else if (r->some) {
		s->begin += min_u64(r->offset, left);
		s->end = s->begin + min_u64(r->length, size - s->begin);
	} else {
		s->end = size;
	}
	if (s->format != FORMAT_PLAIN) {
		if (split_parts_wanted(e))
			return move_to_members(e, job, size);
		s->end = READER_TO_EOF;
	}
	/* Files of /proc say that they have no size: all is in the last part. */
	if (size == 0 && r->part == r->parts && !r->some)
		s->end = READER_TO_EOF;
	return 0;
}

struct counted split_range(const struct job *job, uint64_t begin, uint64_t end)
{
	return (struct counted){.st = &job->st,
	                        .format = job->split->format,
	                        .origin = job->split->origin,
	                        .begin = begin,
	                        .end = end};
}

/* ---- pieces ---- */

/* The next range that is known, if it does not lie before what is planned; NULL: none is. */
static const struct known_range *next_known(struct split *s)
{
	while (s->known_planned < s->n_known && s->known[s->known_planned].begin < s->planned)
		s->known_planned++;
	return s->known_planned < s->n_known ? &s->known[s->known_planned] : NULL;
}

/* Why the file must not be entered in the middle of a member; NOT: it may. */
static enum one_worker one_worker(const struct engine *e, const struct split *s)
{
	if (split_parts_wanted(e) || e->config->report_ranges)
		return ONE_WORKER_RANGES;
	if (!scan_cuts_anywhere(e->config->scan.counter))
		return ONE_WORKER_CHARSET;
	return encoding_unit(s->form) == 1 ? ONE_WORKER_NOT : ONE_WORKER_ENCODING;
}

/* What the end of a gzip file says of the length of its last member, modulo 2^32. */
static uint64_t text_size(const struct split *s, uint64_t size)
{
	unsigned char bytes[4] = {0};

	if (size >= sizeof bytes)
		(void)peek_file(s->fd, size - sizeof bytes, bytes, sizeof bytes);
	return bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 |
	       (uint64_t)bytes[3] << 24;
}

/* Why a gzip file cannot be decoded by a relay; NOT: it can, in pieces of *chunk. */
static enum one_worker one_worker_of_gzip(struct engine *e, const struct job *job, uint64_t *chunk)
{
	uint64_t size = (uint64_t)job->st.st_size;
	enum one_worker why = one_worker(e, job->split);

	if (why != ONE_WORKER_NOT)
		return why;
	if (!e->executor.ops->lends_threads)
		return ONE_WORKER_PROCESSES;
	*chunk = plan_relay_chunk(&e->plan, engine_processors(e), size - job->split->begin,
	                          text_size(job->split, size));
	return *chunk == 0 ? ONE_WORKER_SMALL : ONE_WORKER_NOT;
}

/* A gzip file whose members do not tell where they end can be decoded by several threads. */
static void choose_relay(struct engine *e, struct job *job)
{
	struct split *s = job->split;
	uint64_t size = (uint64_t)job->st.st_size, chunk;

	if (s->format != FORMAT_GZIP || e->executor.workers == 1 ||
	    decoder_border(s->format, s->fd, s->begin, 1, size) != DECODER_NO_BORDER)
		return;
	job->one_worker = one_worker_of_gzip(e, job, &chunk);
	if (job->one_worker != ONE_WORKER_NOT)
		return;
	s->relay = relay_new(s->begin, e->executor.workers);
	if (s->relay)
		s->chunk = s->cold_chunk = chunk;
}

/* Before the first piece, and after the content has been sniffed. */
static void choose_chain(const struct engine *e, struct job *job)
{
	struct split *s = job->split;

	/*
	 * By one worker nothing is gained, but pieces of a size that the user has asked for are
	 * made so all the same.
	 */
	if (!decoder_can_enter(s->format) ||
	    (e->executor.workers == 1 && e->config->chunk_size == 0))
		return;
	job->one_worker = one_worker(e, s);
	s->chained = job->one_worker == ONE_WORKER_NOT;
}

/*
 * The end of the next piece; that of the split: it is the last. Without an exact range the size is
 * a hint, and the last piece goes to the end of the file, wherever it is.
 */
static uint64_t piece_end(const struct engine *e, struct job *job, uint64_t chunk)
{
	struct split *s = job->split;
	uint64_t size = (uint64_t)job->st.st_size;
	uint64_t stop = min_u64(s->end, size);
	const struct known_range *known = next_known(s);
	unsigned unit = encoding_unit(s->form);

	/* Pieces end where reads do. */
	if (e->plan.uncached && s->format == FORMAT_PLAIN && e->plan.chunk_size == 0)
		chunk = UNCACHED_UNIT - s->planned % UNCACHED_UNIT;
	if (s->sparse)
		chunk = max_u64(chunk, holes_data_from(s->fd, s->planned) - s->planned);
	/* Nobody else can know where a byte order mark that is cut ends. */
	if (s->planned == s->origin)
		chunk = max_u64(chunk, s->bom_length);
	/* Encodings that are decoded from the start on, and units that a member may end in. */
	if (unit == 0 || (unit > 1 && s->format != FORMAT_PLAIN))
		return s->end;
	if (unit > 1)
		chunk += (unit - chunk % unit) % unit;
	if (s->format == FORMAT_PLAIN || s->chained || s->relay) {
		bool last = stop < s->planned || chunk >= stop - s->planned;
		uint64_t end = borders_piece_end(e, job, last ? s->end : s->planned + chunk);
		return known && known->begin > s->planned ? min_u64(end, known->begin) : end;
	}
	/* Characters of other charsets are decided from the start on, and so by one worker. */
	if (!scan_cuts_anywhere(e->config->scan.counter))
		return s->end;
	uint64_t end = decoder_border(s->format, s->fd, s->planned, s->chunk, size);
	return end >= stop ? s->end : end; /* no border, too */
}

/*
 * Is the next piece not in the page cache? One answer holds for a while: the question may set
 * readahead going.
 */
static bool is_cold(struct split *s)
{
	if (uncached_is_wanted())
		return true; /* the question itself may bring it in */
	if (s->planned >= s->cold_end && !page_cache_has(s->fd, s->planned))
		s->cold_end = s->planned + COLD_RANGE;
	return s->planned < s->cold_end;
}

/* What all tasks of the file have in common. */
static struct task task_of(const struct job *job, enum task_kind kind, uint64_t begin)
{
	return (struct task){
		.kind = kind,
		.path = job->op.is_stdin || job->op.is_long ? NULL : job->op.name,
		.fd = job->split->fd,
		.dev = job->st.st_dev,
		.ino = job->st.st_ino,
		.mtime_ns = files_mtime_ns(&job->st),
		.begin = begin,
		.origin = job->split->origin,
		.end = READER_TO_EOF,
		.size = (uint64_t)job->st.st_size,
		.before = job->split->before,
		.sparse = job->split->sparse,
		.format = job->split->format,
	};
}

/* The ledger has all up to `end`. */
static void set_planned(struct job *job, uint64_t end)
{
	job->all_planned = end == job->split->end && job->split->stage == SPLIT_RANGE;
	job->split->planned = end;
}

/* Is a range known from here on? Then it is added, done, in place of a piece. */
static bool add_known(struct engine *e, struct job *job)
{
	struct split *s = job->split;
	const struct known_range *known = next_known(s);
	uint64_t stop = min_u64(s->end, max_u64((uint64_t)job->st.st_size, s->begin));

	if (!known || known->begin != s->planned || known->end > stop)
		return false;
	struct task task = task_of(job, TASK_PIECE, known->begin);
	const struct result result = {.kind = RESULT_KNOWN, .tally = known->tally};
	task.end = known->end == stop ? s->end : known->end;
	s->known_planned++;
	set_planned(job, task.end);
	ledger_add_done(e->ledger, &task, &result);
	job->pending++;
	return true;
}

/* Before any piece, a task that sniffs the content: the coordinator itself parses nothing. */
static void add_sniff(struct engine *e, struct job *job)
{
	struct task task = task_of(job, TASK_SNIFF, job->split->origin);

	job->split->sniffing = true;
	planner_add_task(e, job, &task);
}

static void add_piece(struct engine *e, struct job *job)
{
	struct split *s = job->split;
	struct task task = task_of(job, TASK_PIECE, s->planned);
	bool first = s->planned == s->begin;

	if (first && s->seeks) {
		bool alone = job->points == 0 && e->executor.workers > 1;
		job->one_worker = alone ? ONE_WORKER_RANGES : ONE_WORKER_NOT;
	} else if (first) {
		choose_chain(e, job);
		choose_relay(e, job);
	}
	if (first)
		e->chunk_size = max_u64(e->chunk_size, s->chunk);
	task.end = s->seeks ? seek_plan(job, &task)
	                    : piece_end(e, job, is_cold(s) ? s->cold_chunk : s->chunk);
	task.form = s->form;
	task.bom_length = s->planned == s->origin ? s->bom_length : 0;
	s->chained &= !(first && task.end == s->end);
	if (s->chained)
		task.entry = first ? ENTRY_PLACE : ENTRY_SEARCH;
	if (s->relay) {
		task.entry = ENTRY_RELAY;
		task.relay = s->relay;
		task.piece = s->pieces++;
	}
	/*
	 * What has no borders keeps one worker busy; the others' processors may help if they are
	 * idle.
	 */
	bool alone = job == e->first && ledger_pending(e->ledger) == 0;
	if (s->format != FORMAT_PLAIN && alone && e->executor.ops->lends_threads &&
	    task.end == s->end)
		task.threads = e->executor.workers;
	set_planned(job, task.end);
	planner_add_task(e, job, &task);
	/* The next border may be far. */
	if (s->format != FORMAT_PLAIN && !s->chained && !s->relay)
		ledger_announce(e->ledger);
}

void split_add_pieces(struct engine *e, struct job *job)
{
	struct split *s = job->split;

	if (s->turns) {
		turns_add_pieces(e, job);
		return;
	}
	/* An aligned part is planned on when what is planned is counted: align_step(). */
	while (!job->all_planned && s->planned != s->end && !s->to_be_told && !s->sniffing &&
	       ledger_has_room(e->ledger))
		if (!add_known(e, job))
			add_piece(e, job);
}

/*
 * Can the client be told of points inside the members? Workers must see what a seek has; where
 * members tell where they end, that will do.
 */
static bool has_points(const struct engine *e, const struct job *job)
{
	const struct split *s = job->split;
	const struct executor_ops *ops = e->executor.ops;
	uint64_t size = (uint64_t)job->st.st_size;

	return e->config->points && s->to_be_told && !split_parts_wanted(e) &&
	       decoder_has_points(s->format) && !ops->shared && !ops->isolated && !ops->remote &&
	       !e->scanner.counter.profiler && e->scanner.sniffer.size == 0 &&
	       scan_cuts_anywhere(e->config->scan.counter) && encoding_unit(s->form) == 1 &&
	       decoder_border(s->format, s->fd, s->begin, 1, size) == DECODER_NO_BORDER;
}

/* ---- opening and closing ---- */

/* -1: no memory now, but some will be freed. */
static int new_split(struct engine *e, struct job *job, int fd, const struct stat *st,
                     uint64_t origin, enum format format)
{
	job->split = malloc(sizeof *job->split);
	if (!job->split && job == e->first)
		job->split = &e->spare_split;
	if (!job->split)
		return -1;
	*job->split = (struct split){
		.fd = fd,
		.format = format,
		.origin = origin,
		.before = uncached_survey(fd, (uint64_t)st->st_size),
		.sparse = format == FORMAT_PLAIN && holes_are_in(st),
	};
	job->st = *st;
	job->opened = true;
	e->split_open++;
	return 0;
}

static void choose_chunks(struct engine *e, struct job *job, uint64_t size)
{
	struct split *s = job->split;

	s->chunk = s->format == FORMAT_PLAIN ? plan_chunk(&e->plan, size)
	                                     : plan_packed_chunk(&e->plan, size);
	/* Compressed files that are cut anywhere are read page by page, not by bulks. */
	s->cold_chunk = e->plan.uncached && s->format != FORMAT_PLAIN
	                        ? s->chunk
	                        : plan_chunk_cold(&e->plan, size);
	if (e->executor.ops->remote && s->format == FORMAT_PLAIN) {
		/* Stripes of a parallel file system are not shared by two hosts. */
		uint64_t stripe = job->st.st_blksize > 0 ? (uint64_t)job->st.st_blksize : 1;
		s->chunk += (stripe - s->chunk % stripe) % stripe;
		s->cold_chunk = s->chunk;
	}
}

int split_open(struct engine *e, struct job *job, int fd, const struct stat *st, uint64_t origin,
               enum format format)
{
	if (new_split(e, job, fd, st, origin, format) != 0)
		return -1;
	struct split *s = job->split;
	if (set_range(e, job) != 0) {
		job->unsplittable = !job->total.read_error;
		job->all_planned = true;
		return 0;
	}
	if (s->begin == s->end) {
		job->all_planned = true;
		return 0;
	}
	uint64_t stop = s->stage == SPLIT_RANGE ? min_u64(s->end, (uint64_t)st->st_size)
	                                        : (uint64_t)st->st_size;
	choose_chunks(e, job, stop - min_u64(s->begin, stop));
	s->planned = s->begin;
	s->form = e->scanner.text.default_form;
	s->to_be_told = e->config->range.exact && e->config->report_ranges;
	if (has_points(e, job))
		seek_open(e, job);
	if (e->scanner.sniffer.size > 0)
		add_sniff(e, job);
	split_add_pieces(e, job);
	return 0;
}

int split_open_unreadable(struct engine *e, struct job *job, int fd, const struct stat *st,
                          uint64_t origin, int error)
{
	if (new_split(e, job, fd, st, origin, FORMAT_PLAIN) != 0)
		return -1;
	job->split->begin = job->split->end = origin;
	job->total.read_error = error;
	job->all_planned = true;
	return 0;
}

void split_open_stream(struct engine *e, struct job *job, int fd, struct turns *turns)
{
	const struct stat st = job->st;

	/* It cannot fail: the job is the first. */
	verify(new_split(e, job, fd, &st, 0, FORMAT_PLAIN) == 0);
	job->split->turns = turns;
	job->split->end = READER_TO_EOF;
	job->ordered = false;
}

void split_close(struct engine *e, struct job *job)
{
	struct split *s = job->split;

	if (!s)
		return;
	uncached_sweep(s->fd, s->begin, s->end, s->before);
	if (s->fd != STDIN_FILENO)
		close(s->fd);
	free(s->known);
	relay_free(s->relay);
	seek_close(s->seeks);
	turns_free(s->turns);
	if (s != &e->spare_split)
		free(s);
	job->split = NULL;
	e->split_open--;
}
