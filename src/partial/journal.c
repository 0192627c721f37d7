/* SPDX-License-Identifier: BSD-2-Clause */
/* The journal: reads what is there, answers what is known, appends what is new. */
#include "base/base.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/fd.h"
#include "partial/journal.h"
#include "partial/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	LINE_EVERY_NS = 100000000, /* pieces that follow each other within that time share a line */
	SYNC_EVERY_NS = 1000000000,
	SAMPLES_MAX = 64, /* ranges that are sampled again, of a file that has changed */
};

struct journal {
	int fd;
	struct json *json;
	const struct charset *cs;
	struct partial_mode mode;
	struct collection *collection;
	struct collection *points; /* lines of other modes, for their points */
	uint64_t end;              /* of its whole lines, in bytes */
	bool torn;                 /* there is more, which is to be cut off */
	bool failed;               /* it could not be written: nothing is any more */
	int untold;                /* errno of that, if the caller does not know yet */
	/* Counted and not yet written. */
	bool is_pending;
	struct partial pending;
	int pending_fd;
	bool has_point; /* the range ends at this, which is packed when the line is written */
	struct decode_point point;
	struct window_packer packer;
	uint64_t line_ns; /* when the last line was written */
	uint64_t sync_ns;
};

/* ---- reading ---- */

struct reading {
	struct journal_fault *fault;
	bool failed; /* *fault says why */
	bool points; /* there are some */
	/* The first line, and the first that was counted in another way. */
	struct partial_mode first;
	uint64_t other;
};

PRINTF_LIKE(3, 4) static void wrong(struct reading *r, int error, const char *fmt, ...)
{
	va_list args;

	r->failed = true;
	r->fault->error = error;
	va_start(args, fmt);
	vsnprintf(r->fault->why, sizeof r->fault->why, fmt, args);
	va_end(args);
}

/* Modes are compared before. */
static void no_problem(void *arg UNUSED, const struct partial_problem *problem UNUSED)
{
}

/*
 * A line may be of another mode than ours, as long as the same files are decompressed in the same
 * way: then its points are of use.
 */
static int add_line(struct journal *j, struct reading *r, struct partial *p,
                    struct partial_place place)
{
	bool ours = partial_mode_same(&p->mode, &j->mode);

	if (place.line == 1)
		r->first = p->mode;
	else if (r->other == 0 && !partial_mode_same(&p->mode, &r->first))
		r->other = place.line;
	r->points |= p->point && strcmp(p->mode.program, j->mode.program) == 0 &&
	             p->mode.decompress == j->mode.decompress;
	if (ours && collection_add_later(j->collection, p, place) != 0)
		return -1;
	/* What is void is so for all. */
	p->mode = j->mode;
	return (!ours || p->restart) ? collection_add_later(j->points, p, place) : 0;
}

/* Lines of several modes, or of another than ours, are wrong but for points. */
static void check_modes(const struct journal *j, struct reading *r, uint64_t lines)
{
	if (lines == 0 || r->points)
		return;
	if (r->other > 0)
		wrong(r, 0, "line %llu: not compatible with line 1", (unsigned long long)r->other);
	else if (!partial_mode_same(&r->first, &j->mode))
		wrong(r, 0, "not compatible with this run: version, charset or options differ");
}

static void read_line(struct journal *j, struct reading *r, struct partial_place place,
                      const char *line, size_t n)
{
	struct partial p;
	char why[PARTIAL_WHY_MAX];

	if (partial_read(j->json, line, n, &p, why) != 0) {
		wrong(r, 0, "line %llu: %s", (unsigned long long)place.line, why);
		return;
	}
	if (add_line(j, r, &p, place) != 0)
		wrong(r, ENOMEM, "%s", "");
	partial_free(&p);
}

/* Is it the beginning of a line that was being written when the machine or we went down? */
static bool is_torn(const char *line, size_t n)
{
	static const char start[] = "{\"pcount_partial\":";

	return strncmp(line, start, min_size(n, sizeof start - 1)) == 0;
}

/* Is there nothing but zeros from there on? File systems may leave a file like that after a crash.
 */
static bool only_zeros(int fd, uint64_t from)
{
	char block[4096];
	ssize_t n;

	while ((n = pread(fd, block, sizeof block, (off_t)from)) > 0) {
		for (ssize_t i = 0; i < n; i++)
			if (block[i] != '\0')
				return false;
		from += (uint64_t)n;
	}
	return n == 0;
}

/*
 * The last line has no newline. After whole lines, which show that the file is a journal, it may be
 * torn, and is to be cut off. A file that begins with such a line may be anything, and is left
 * alone.
 */
static void read_last(struct journal *j, struct reading *r, const struct lines *lines,
                      enum lines_status status, const char *line, size_t n)
{
	unsigned long long number = lines_number(lines);

	if (number == 1)
		wrong(r, 0, "line 1: incomplete: not a journal; the file was not changed");
	else if ((status == LINES_TORN && is_torn(line, n)) ||
	         only_zeros(j->fd, lines_begin(lines)))
		j->torn = true;
	else if (status == LINES_TORN)
		wrong(r, 0, "line %llu: not a partial count", number);
	else
		wrong(r, 0, "line %llu: longer than %d bytes: not a partial count", number,
		      LINES_LENGTH_MAX);
}

static void read_all(struct journal *j, struct reading *r)
{
	struct lines *lines = lines_open(j->fd);
	enum lines_status status = LINES_FAILED;
	const char *line;
	size_t n = 0;

	while (lines && !r->failed && (status = lines_next(lines, &line, &n)) == LINES_ONE)
		read_line(j, r,
		          (struct partial_place){.line = lines_number(lines),
		                                 .offset = lines_begin(lines)},
		          line, n);
	if (!lines || status == LINES_FAILED) {
		wrong(r, errno, "%s", "");
	} else if (!r->failed && status != LINES_END) {
		read_last(j, r, lines, status, line, n);
	}
	j->end = lines ? lines_begin(lines) : 0;
	if (!r->failed)
		check_modes(j, r, j->end);
	lines_close(lines);
}

/*
 * Takes the file for us alone, by a lock that dies with this process: one of flock(2) would live on
 * in workers that are on their way out after their coordinator was killed. Who counts the journal
 * itself loses the lock when that is closed; lines are still appended whole. Whoever holds the lock
 * is given a second. 0, or -1 and errno.
 */
static int lock_file(int fd)
{
	enum { TRIES = 100, WAIT_NS = 10000000 };

	for (unsigned i = 0; fcntl(fd, F_SETLK, &(struct flock){.l_type = F_WRLCK}) != 0; i++) {
		if (i == TRIES || (errno != EAGAIN && errno != EACCES))
			return -1;
		(void)clock_ppoll(NULL, 0, clock_now_ns() + WAIT_NS, NULL);
	}
	return 0;
}

static void refuse_lock(struct reading *r, int error)
{
	if (error == EAGAIN || error == EACCES)
		wrong(r, 0, "in use by another run");
	else
		wrong(r, error, "%s", "");
}

/* Opens it for us alone. */
static void open_file(struct journal *j, const char *name, struct reading *r)
{
	int fd = open(name, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
	struct stat st;

	j->fd = fd >= 0 && fd <= STDERR_FILENO ? fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : fd;
	int error = errno;
	if (fd >= 0 && fd != j->fd)
		close(fd);
	if (j->fd < 0)
		wrong(r, error, "%s", "");
	else if (fstat(j->fd, &st) != 0)
		wrong(r, errno, "%s", "");
	else if (!S_ISREG(st.st_mode))
		wrong(r, 0, "not a regular file");
	else if (lock_file(j->fd) != 0)
		refuse_lock(r, errno);
}

/* The first time that the file is changed: all of it has been read, and is ours. */
static void cut_torn(struct journal *j, struct reading *r)
{
	if (j->torn && ftruncate(j->fd, (off_t)j->end) != 0)
		wrong(r, errno, "%s", "");
}

static void journal_free(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	collection_free(j->collection);
	collection_free(j->points);
	free(j->pending.name);
	free(j);
}

static void open_journal(struct journal *j, const char *name, struct reading *r)
{
	j->collection = collection_new(no_problem, NULL);
	j->points = collection_new(no_problem, NULL);
	if (!j->collection || !j->points)
		wrong(r, ENOMEM, "%s", "");
	else
		open_file(j, name, r);
	if (!r->failed)
		read_all(j, r);
	if (!r->failed)
		cut_torn(j, r);
}

struct journal *journal_open(const char *name, struct json *json, const struct partial_mode *mode,
                             const struct charset *cs, struct journal_fault *fault)
{
	struct journal *j = calloc(1, sizeof *j);
	struct reading r = {.fault = fault};

	if (!j) {
		wrong(&r, errno, "%s", "");
		return NULL;
	}
	*j = (struct journal){.fd = -1, .json = json, .mode = *mode, .cs = cs};
	open_journal(j, name, &r);
	if (r.failed) {
		journal_free(j);
		return NULL;
	}
	collection_sort(j->collection);
	collection_sort(j->points);
	return j;
}

/* ---- writing ---- */

/* Gives up writing. 0 if that was reported before, else -1, with errno as it is. */
static int give_up(struct journal *j)
{
	bool told = j->failed;

	j->failed = true;
	return told ? 0 : -1;
}

static int sync_lines(struct journal *j)
{
	j->sync_ns = clock_now_ns();
	return !j->failed && fdatasync(j->fd) != 0 ? give_up(j) : 0;
}

static int write_text(struct journal *j, const char *line)
{
	FAULT("line");
	if (write_all(j->fd, line, strlen(line)) == 0) {
		FAULT("written");
		j->end += strlen(line);
		return 0;
	}
	/* What was written of the line would do no harm later, unless it is the first. */
	int saved = errno;
	(void)!ftruncate(j->fd, (off_t)j->end);
	errno = saved;
	return give_up(j);
}

static int write_line(struct journal *j, const struct partial *p)
{
	if (j->failed)
		return 0;
	char *line = partial_line(j->json, p);
	if (!line) {
		errno = ENOMEM;
		return give_up(j);
	}
	int status = write_text(j, line), error = errno;
	free(line);
	j->line_ns = clock_now_ns();
	errno = error;
	return status == 0 && j->line_ns - j->sync_ns >= SYNC_EVERY_NS ? sync_lines(j) : status;
}

int journal_flush(struct journal *j)
{
	struct partial *p = &j->pending;

	if (j->untold) {
		errno = j->untold;
		j->untold = 0;
		return -1;
	}
	if (!j->is_pending)
		return 0;
	partial_normalize(&j->mode, &p->tally);
	p->sampled = partial_sample(j->pending_fd, p->begin, p->end, &p->sample) == 0;
	p->point = j->has_point ? partial_point_pack(&j->packer, &j->point) : NULL;
	bool complete = !j->has_point || p->point;
	errno = ENOMEM;
	int status = complete ? write_line(j, p) : give_up(j), error = errno;
	partial_free(p);
	j->is_pending = false;
	errno = error;
	return status;
}

static bool is_same_operand(const struct journal *j, const struct journal_operand *op)
{
	const char *name = j->pending.name;

	return j->pending_fd == op->fd &&
	       (op->name && name ? strcmp(name, op->name) == 0 : !op->name && !name);
}

/* Begins a line of the operand, of no bytes yet. 0, or -1 and errno. */
static int begin_line(struct journal *j, const struct journal_operand *op,
                      const struct journal_range *range)
{
	j->pending = (struct partial){
		.mode = j->mode,
		.name = op->name ? strdup(op->name) : NULL,
		.operand = 1, /* the order is the command line's, not the journal's */
		.file = op->file,
		.begin = range->begin,
		.end = range->begin,
		.begin_bit = range->begin_bit,
	};
	if (op->name && !j->pending.name)
		return give_up(j);
	j->is_pending = true;
	j->pending_fd = op->fd;
	return 0;
}

int journal_append(struct journal *j, const struct journal_operand *op,
                   const struct journal_range *range)
{
	if (j->is_pending && (!is_same_operand(j, op) || j->pending.end != range->begin) &&
	    journal_flush(j) != 0)
		return -1;
	if (!j->is_pending && begin_line(j, op, range) != 0)
		return -1;
	if (!j->is_pending)
		return 0;
	tally_merge(j->cs, &j->pending.tally, range->tally);
	j->pending.end = range->end;
	j->has_point = range->point;
	if (range->point)
		j->point = *range->point;
	bool due = FAULT_FORCED("line") || clock_now_ns() - j->line_ns >= LINE_EVERY_NS;
	return due ? journal_flush(j) : 0;
}

int journal_close(struct journal *j)
{
	if (!j)
		return 0;
	int status = journal_flush(j);
	if (sync_lines(j) != 0)
		status = -1;
	int error = errno;
	journal_free(j);
	errno = error;
	return status;
}

/* ---- what is known ---- */

/* Do samples of the ranges say that the file may have the same bytes where it was counted? */
static bool samples_agree(const struct partial_operand *operand, int fd)
{
	size_t n = operand->n_ranges, step = n / SAMPLES_MAX + 1;
	uint64_t sample;

	for (size_t i = 0; i < n; i = i + step < n || i == n - 1 ? i + step : n - 1) {
		const struct partial_range *range = &operand->range[i];
		if (!range->sampled || partial_sample(fd, range->begin, range->end, &sample) != 0 ||
		    sample != range->sample)
			return false;
	}
	return true;
}

/*
 * In multibyte charsets a range stands for the lines that begin in it: is the last of them all
 * there, now that something was appended?
 */
static bool last_line_ended(const struct journal *j, const struct partial_operand *operand, int fd)
{
	uint64_t size = operand->file.size;
	char last;

	return j->cs->class != CHARSET_MULTI || size == 0 ||
	       (pread(fd, &last, 1, (off_t)(size - 1)) == 1 && last == '\n');
}

/* Why nothing that is known of the file can be believed; NULL: it can. */
static const char *why_void(const struct journal *j, const struct partial_operand *operand,
                            const struct partial_file *now, int fd)
{
	const struct partial_file *file = &operand->file;
	bool same = partial_file_same(file, now) && strcmp(file->device, now->device) == 0;

	if (!partial_file_grown(file, now) || !samples_agree(operand, fd))
		return "has changed in the part that was counted";
	/* Nothing was appended: it may have been touched, or overwritten. */
	if (!same && file->size == now->size)
		return "may have changed in the part that was counted";
	return same || last_line_ended(j, operand, fd) ? NULL
	                                               : "has grown in a line that was counted";
}

/*
 * Records that all that was known of the operand is void. 0, or -1 and errno: nothing is written
 * afterwards, and the next run finds out by itself.
 */
static int write_restart(struct journal *j, const struct journal_operand *op)
{
	struct partial restart = {
		.mode = j->mode,
		.name = (char *)(uintptr_t)op->name,
		.operand = 1,
		.file = op->file,
		.begin = op->file.origin,
		.end = op->file.origin,
		.restart = true,
	};

	return write_line(j, &restart);
}

int journal_forget(struct journal *j, const struct journal_operand *op)
{
	struct collection *both[] = {j->collection, j->points};

	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		struct partial_operand *known = collection_find(both[i], op->name);
		if (known)
			known->n_ranges = 0;
	}
	return journal_flush(j) == 0 ? write_restart(j, op) : -1;
}

const struct partial_range *journal_find(struct journal *j, const struct journal_operand *op,
                                         size_t *n, const char **why)
{
	struct partial_operand *known = collection_find(j->collection, op->name);

	*n = 0;
	*why = NULL;
	if (!known || known->n_ranges == 0)
		return NULL;
	*why = why_void(j, known, &op->file, op->fd);
	if (*why) {
		known->n_ranges = 0;
		if (write_restart(j, op) != 0)
			j->untold = errno;
		return NULL;
	}
	*n = known->n_ranges;
	return known->range;
}

const struct partial_range *journal_find_points(struct journal *j, const struct journal_operand *op,
                                                size_t *n)
{
	const struct partial_operand *known = collection_find(j->points, op->name);
	bool same = known && partial_file_same(&known->file, &op->file) &&
	            strcmp(known->file.device, op->file.device) == 0;

	*n = same ? known->n_ranges : 0;
	return same ? known->range : NULL;
}

int journal_point(struct journal *j, const struct partial_range *range, struct decode_point *point)
{
	char *line = malloc(LINES_LENGTH_MAX), why[PARTIAL_WHY_MAX];
	ssize_t n = line ? pread(j->fd, line, LINES_LENGTH_MAX, (off_t)range->place.offset) : -1;
	const char *end = n > 0 ? memchr(line, '\n', (size_t)n) : NULL;
	struct partial p;
	int status = -1;

	if (end && partial_read(j->json, line, (size_t)(end - line), &p, why) == 0) {
		if (p.point && p.end == range->end && p.point->place.bit == range->end_bit)
			status = partial_point_unpack(p.point, point);
		partial_free(&p);
	}
	free(line);
	return status;
}
