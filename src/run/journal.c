/* SPDX-License-Identifier: BSD-2-Clause */
/* The journal: reads what is there, answers what is known, appends what is new. */
#include "base/base.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/fd.h"
#include "base/quote.h"
#include "partial/collection.h"
#include "partial/lines.h"
#include "report/records.h"
#include "run/journal.h"
#include "run/partials.h"

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
	SAMPLES_MAX = 64, /* ranges looked at, of a file that has changed */
};

struct journal {
	const char *name;
	int fd;
	struct json *json;
	const struct charset *cs;
	struct partial_way way;
	struct collection *collection;
	uint64_t end; /* of its whole lines, in bytes */
	bool torn;    /* there is more, which is to be cut off */
	bool failed;  /* it could not be written, which is reported */
	/* Counted and not yet written. */
	bool is_pending;
	struct partial pending;
	int pending_fd;
	uint64_t line_ns; /* when the last line was written */
	uint64_t sync_ns;
};

static void report(const struct journal *j, int error, const char *why)
{
	char *name = quote_own_name(j->name), *text = quote_text(why ? why : "");

	diag_error(error, "journal %s%s%s", name, why ? ": " : "", text);
	quote_free(text);
	quote_free(name);
}

/* ---- reading ---- */

struct reading {
	const struct journal *journal;
	bool failed;
};

PRINTF_LIKE(3, 4) static void report_line(struct reading *r, uint64_t line, const char *fmt, ...)
{
	char why[PARTIAL_WHY_MAX + 64];
	va_list args;
	int n = snprintf(why, sizeof why, "line %llu: ", (unsigned long long)line);

	va_start(args, fmt);
	vsnprintf(why + n, sizeof why - (size_t)n, fmt, args);
	va_end(args);
	report(r->journal, 0, why);
	r->failed = true;
}

static void other_way(void *arg, const struct partial_problem *problem)
{
	report_line(arg, problem->a.line, "counted in another way than line %llu",
	            (unsigned long long)problem->b.line);
}

static void read_line(struct journal *j, struct reading *r, uint64_t number, const char *line,
                      size_t n)
{
	struct partial p;
	char why[PARTIAL_WHY_MAX];

	if (!partial_read(j->json, line, n, &p, why)) {
		report_line(r, number, "%s", why);
		return;
	}
	if (!collection_add_later(j->collection, &p, (struct partial_place){0, number})) {
		report(j, ENOMEM, NULL);
		r->failed = true;
	}
	partial_free(&p);
}

/* Is it the beginning of a line that was being written when the machine or we went down? */
static bool is_torn(const char *line, size_t n)
{
	static const char start[] = "{\"pcount_partial\":";

	return strncmp(line, start, min_u64(n, sizeof start - 1)) == 0;
}

/* Is there nothing but zeros from there on? So file systems may end a file after a crash. */
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
 * There is a line without an end. After whole lines, which say that the file is ours, it may be
 * torn, and is to be cut off. A file that begins so is anybody's.
 */
static void read_last(struct journal *j, struct reading *r, const struct lines *lines,
                      enum lines_status status, const char *line, size_t n)
{
	uint64_t number = lines_number(lines), begin = lines_begin(lines);

	if (number == 1)
		report_line(r, number, "not a whole line: this is no journal, and was left alone");
	else if ((status == LINES_TORN && is_torn(line, n)) || only_zeros(j->fd, begin))
		j->torn = true;
	else if (status == LINES_TORN)
		report_line(r, number, "not a partial count");
	else
		report_line(r, number, "longer than %d bytes: not a partial count",
		            LINES_LENGTH_MAX);
}

/* Reads all lines. False: reported. */
static bool read_all(struct journal *j, struct reading *r)
{
	struct lines *lines = lines_open(j->fd);
	enum lines_status status = LINES_FAILED;
	const char *line;
	size_t n = 0;

	while (lines && !r->failed && (status = lines_next(lines, &line, &n)) == LINES_ONE)
		read_line(j, r, lines_number(lines), line, n);
	if (!lines || status == LINES_FAILED) {
		report(j, errno, NULL);
		r->failed = true;
	} else if (!r->failed && status != LINES_END) {
		read_last(j, r, lines, status, line, n);
	}
	j->end = lines ? lines_begin(lines) : 0;
	lines_close(lines);
	return !r->failed;
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
	const struct timespec wait = {.tv_nsec = WAIT_NS};

	for (unsigned i = 0; fcntl(fd, F_SETLK, &(struct flock){.l_type = F_WRLCK}) != 0; i++) {
		if (i == TRIES || (errno != EAGAIN && errno != EACCES))
			return -1;
		(void)nanosleep(&wait, NULL);
	}
	return 0;
}

/* Opens it for us alone. False: reported. */
static bool open_file(struct journal *j)
{
	int fd = open(j->name, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
	              0666);
	struct stat st;

	j->fd = fd >= 0 && fd <= STDERR_FILENO ? fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : fd;
	if (fd >= 0 && fd != j->fd)
		close(fd);
	if (j->fd < 0 || fstat(j->fd, &st) != 0) {
		report(j, errno, NULL);
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		report(j, 0, "not a regular file");
		return false;
	}
	if (lock_file(j->fd) == 0)
		return true;
	bool in_use = errno == EAGAIN || errno == EACCES;
	report(j, in_use ? 0 : errno, in_use ? "in use by another run" : NULL);
	return false;
}

/* The first time that the file is changed: all of it has been read and is ours. False: reported. */
static bool cut_torn(struct journal *j)
{
	if (!j->torn || ftruncate(j->fd, (off_t)j->end) == 0)
		return true;
	report(j, errno, NULL);
	return false;
}

static void journal_free(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	if (j->json)
		json_close(j->json);
	collection_free(j->collection);
	free(j->pending.name);
	free(j);
}

struct journal *journal_open(const char *name, const struct partial_way *way,
                             const struct charset *cs)
{
	struct journal *j = calloc(1, sizeof *j);
	struct reading r = {.journal = j};

	if (!j) {
		diag_error(errno, "--journal");
		return NULL;
	}
	*j = (struct journal){.name = name, .fd = -1, .way = *way, .cs = cs};
	j->json = records_library("--journal");
	j->collection = collection_new(other_way, &r);
	if (j->json && !j->collection)
		report(j, ENOMEM, NULL);
	bool good = j->json && j->collection && open_file(j) && read_all(j, &r);
	const struct partial_way *its = good ? collection_way(j->collection) : NULL;
	if (its && !partial_way_same(its, way)) {
		report(j, 0, "counted in another way: version, charset or options differ");
		good = false;
	}
	if (!good || !cut_torn(j)) {
		journal_free(j);
		return NULL;
	}
	collection_sort(j->collection);
	return j;
}

/* ---- writing ---- */

static void sync_lines(struct journal *j)
{
	if (!j->failed && fdatasync(j->fd) != 0) {
		report(j, errno, NULL);
		j->failed = true;
	}
	j->sync_ns = clock_now_ns();
}

static void write_line(struct journal *j, const struct partial *p)
{
	char *line = j->failed ? NULL : partial_line(j->json, p);

	if (!j->failed && (!line || write_all(j->fd, line, strlen(line)) != 0)) {
		report(j, line ? errno : ENOMEM, NULL);
		j->failed = true; /* counting goes on, without it */
		/* What was written of the line would do no harm later, unless it is the first. */
		(void)!ftruncate(j->fd, (off_t)j->end);
	} else if (line) {
		j->end += strlen(line);
	}
	free(line);
	j->line_ns = clock_now_ns();
	if (j->line_ns - j->sync_ns >= SYNC_EVERY_NS)
		sync_lines(j);
}

static void flush(struct journal *j)
{
	struct partial *p = &j->pending;

	if (!j->is_pending)
		return;
	partial_normalize(&j->way, &p->tally);
	p->sampled = partial_sample(j->pending_fd, p->begin, p->end, &p->sample);
	write_line(j, p);
	free(p->name);
	p->name = NULL;
	j->is_pending = false;
}

/* An empty partial of the operand. */
static struct partial blank(const struct journal *j, const struct operand *op,
                            const struct counted *range)
{
	struct partial p = {
		.way = j->way,
		.name = op->implicit ? NULL : strdup(op->name),
		.operand = 1, /* the order is the command line's, not the journal's */
		.begin = range->begin,
		.end = range->begin,
	};

	partial_file_init(&p.file, range->st, range->format, range->origin);
	return p;
}

static bool is_same_operand(const struct partial *p, const struct operand *op)
{
	return op->implicit ? !p->name : p->name && strcmp(p->name, op->name) == 0;
}

void journal_counted(struct journal *j, const struct operand *op, int fd,
                     const struct counted *range)
{
	struct partial *p = &j->pending;

	if (j->is_pending &&
	    (!is_same_operand(p, op) || j->pending_fd != fd || p->end != range->begin))
		flush(j);
	if (!j->is_pending) {
		*p = blank(j, op, range);
		if (!op->implicit && !p->name)
			return;
		j->is_pending = true;
		j->pending_fd = fd;
	}
	tally_merge(j->cs, &p->tally, range->tally);
	p->end = range->end;
	if (clock_now_ns() - j->line_ns >= LINE_EVERY_NS)
		flush(j);
}

void journal_done(struct journal *j)
{
	flush(j);
}

void journal_close(struct journal *j)
{
	if (!j)
		return;
	flush(j);
	sync_lines(j);
	journal_free(j);
}

/* ---- what is known ---- */

/* Do samples of the ranges say that the file may have the same bytes where it was counted? */
static bool samples_agree(const struct partial_operand *operand, int fd)
{
	size_t n = operand->n_ranges, step = n / SAMPLES_MAX + 1;
	uint64_t sample;

	for (size_t i = 0; i < n; i = i + step < n || i == n - 1 ? i + step : n - 1) {
		const struct partial_range *range = &operand->range[i];
		if (!range->sampled || !partial_sample(fd, range->begin, range->end, &sample) ||
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
		return "has changed where it was counted";
	/* Nothing was appended; who only touched it has to bear it. */
	if (!same && file->size == now->size)
		return "may have changed where it was counted";
	return same || last_line_ended(j, operand, fd) ? NULL
	                                               : "goes on in a line that was counted";
}

static void forget(struct journal *j, const struct operand *op, const struct counted *range,
                   const char *why)
{
	struct partial p = blank(j, op, range);
	char *quoted = quote_own_name(op->implicit ? "standard input" : op->name);

	p.begin = p.end = range->origin;
	p.restart = true;
	diag_note("journal: %s %s: counting all of it again", quoted, why);
	quote_free(quoted);
	if (op->implicit || p.name)
		write_line(j, &p);
	free(p.name);
}

struct known_range *journal_known(struct journal *j, const struct operand *op, int fd,
                                  const struct counted *range, size_t *n)
{
	struct partial_operand *operand =
		collection_find(j->collection, op->implicit ? NULL : op->name);
	struct partial_file now;

	*n = 0;
	if (!operand || operand->n_ranges == 0)
		return NULL;
	partial_file_init(&now, range->st, range->format, range->origin);
	const char *why = why_void(j, operand, &now, fd);
	if (why) {
		operand->n_ranges = 0;
		forget(j, op, range, why);
		return NULL;
	}
	struct known_range *known = malloc(operand->n_ranges * sizeof *known);
	for (size_t i = 0; known && i < operand->n_ranges; i++) {
		const struct partial_range *r = &operand->range[i];
		if (r->begin >= range->begin && r->end <= range->end)
			known[(*n)++] = (struct known_range){
				.begin = r->begin, .end = r->end, .tally = r->tally};
	}
	return known;
}
