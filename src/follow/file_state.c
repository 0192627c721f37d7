/* SPDX-License-Identifier: BSD-2-Clause */
/* Operands of --follow: what their names lead to, and what is new in it. */
#include "base/base.h"
#include "base/diag.h"
#include "base/fd.h"
#include "base/quote.h"
#include "partial/partial.h"
#include "follow/end_signal.h"
#include "follow/file_state.h"
#include "report/quote_faults.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* ---- messages ---- */

static const char *name_of(const struct followed_file *f)
{
	return operand_title(f->op);
}

static void note(struct follow *fo, const struct followed_file *f, const char *what)
{
	char *quoted = quote_own_name(name_of(f));

	display_keep(&fo->display);
	diag_note("%s %s", quoted, what);
	quote_free(quoted);
}

/* An error of the operand; in JSON a record too. `what`: instead of errno's text; else NULL. */
static void fail(struct follow *fo, size_t i, int error, const char *what)
{
	struct followed_file *f = &fo->file[i];
	bool open = f->state == FILE_OPEN || f->state == FILE_STREAM;
	struct outcome outcome = {.open_error = open ? 0 : error, .read_error = open ? error : 0};
	struct record record = {
		.name = f->op->implicit ? NULL : f->op->name, .outcome = &outcome, .refused = what};
	char *quoted = quote_own_name(name_of(f));

	display_keep(&fo->display);
	if (report_operand(fo->setup->report, &record) != 0) {
		diag_error(errno, "write error");
		fo->no_output = true;
	}
	if (what)
		diag_error(0, "%s: %s", quoted, what);
	else
		diag_error(error, "%s", quoted);
	quote_free(quoted);
	fo->line[i].failed = true;
}

/* ---- what a name leads to ---- */

static uint64_t position(const struct followed_file *f)
{
	return f->origin + f->tally.bytes;
}

void file_state_close(struct followed_file *f)
{
	if (f->fd > STDERR_FILENO)
		close(f->fd);
	f->fd = -1;
}

/* Nothing more is expected of it; what was counted stands. */
void file_state_give_up(struct follow *fo, size_t i)
{
	file_state_close(&fo->file[i]);
	fo->file[i].state = FILE_OVER;
	file_watch_forget(fo->watch, i);
}

/* It does not exist, or cannot be read. While it is merely gone, what was counted stands. */
static void await(struct follow *fo, size_t i, int error)
{
	struct followed_file *f = &fo->file[i];

	if (f->state == FILE_OPEN && error == ENOENT) {
		if (!f->gone)
			note(fo, f,
			     "has disappeared: following what it was until another takes its "
			     "place");
		f->gone = true;
		return;
	}
	if (f->told != error)
		fail(fo, i, error, NULL);
	f->told = error;
	file_state_close(f);
	f->state = FILE_AWAITED;
	fo->line[i].counted = false;
	file_watch_opened(fo->watch, i, -1);
	if (f->op->is_stdin)
		file_state_give_up(fo, i);
}

/* The name leads to something other than a regular file. */
static void open_stream(struct follow *fo, size_t i, const struct stat *st)
{
	struct followed_file *f = &fo->file[i];

	file_state_close(f);
	if (!S_ISFIFO(st->st_mode) && !S_ISCHR(st->st_mode)) {
		fail(fo, i, S_ISDIR(st->st_mode) ? EISDIR : 0,
		     S_ISDIR(st->st_mode) ? NULL
		                          : "cannot be followed: not a regular file or stream");
		file_state_give_up(fo, i);
		return;
	}
	/* Does not wait for a writer of a FIFO. */
	int fd = open_above_stdio(f->op->name, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		await(fo, i, errno);
		return;
	}
	file_watch_forget(fo->watch, i);
	f->fd = fd;
	f->state = FILE_STREAM;
	f->tally = TALLY_EMPTY;
	fo->line[i].counted = true;
}

/* The name leads to a regular file; is it the one that is open? Else it is to be counted. */
static void check_file(struct follow *fo, size_t i, const struct stat *st)
{
	struct followed_file *f = &fo->file[i];
	bool same =
		f->state == FILE_OPEN && f->st.st_dev == st->st_dev && f->st.st_ino == st->st_ino;

	f->gone &= !same;
	if (same)
		return;
	if (f->state == FILE_OPEN)
		note(fo, f, "has been replaced: counting the new file from its start");
	file_state_close(f);
	f->gone = false;
	f->state = FILE_NEW;
	f->op->stat_known = f->op->regular = true;
	f->op->size = (uint64_t)st->st_size;
}

static void check_name(struct follow *fo, size_t i)
{
	struct stat st;

	if (stat(fo->file[i].op->name, &st) != 0)
		await(fo, i, errno);
	else if (S_ISREG(st.st_mode))
		check_file(fo, i, &st);
	else
		open_stream(fo, i, &st);
}

/* ---- what is new in a file ---- */

static int sample(struct followed_file *f, uint64_t end)
{
	f->sampled = end;
	return partial_sample(f->fd, f->origin, end, &f->sample);
}

/* Have the bytes that were counted stayed what they were, as far as samples tell? */
static bool is_unchanged(const struct followed_file *f)
{
	uint64_t now;

	return partial_sample(f->fd, f->origin, f->sampled, &now) == 0 && now == f->sample;
}

static bool same_times(const struct stat *a, const struct stat *b)
{
	return a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/*
 * Is its size, at which it is to be read on, not where it ends? Files of /proc say that they are
 * empty and are not; those of /sys may say that they are longer than they are. It is asked for
 * before and after, since the file may just be growing, or shrinking.
 */
static bool has_no_size(const struct followed_file *f)
{
	off_t end = (off_t)position(f);
	struct stat before, after;
	char byte;

	if (fstat(f->fd, &before) != 0)
		return false;
	ssize_t n = peek_file(f->fd, before.st_size == 0 ? 0 : (uint64_t)end, &byte, 1);
	if (n < 0 || fstat(f->fd, &after) != 0 || after.st_size != before.st_size)
		return false;
	return before.st_size == 0 ? end > 0 && n == 1 : before.st_size > end && n == 0;
}

/* What was counted stands, but nobody knows where to go on. */
static void refuse_size(struct follow *fo, size_t i)
{
	fail(fo, i, 0, "cannot be followed: its size is not known");
	file_state_give_up(fo, i);
}

/*
 * Counts what was appended to the open file, or all of it, if what was counted has changed.
 */
static void check_bytes(struct follow *fo, size_t i)
{
	struct followed_file *f = &fo->file[i];
	struct stat st;

	if (fstat(f->fd, &st) != 0) {
		await(fo, i, errno);
		return;
	}
	uint64_t size = (uint64_t)st.st_size;
	if (size == position(f) && size == f->sampled && same_times(&st, &f->st))
		return;
	f->st = st;
	bool truncated = size < position(f) || size < f->sampled;
	if (truncated || !is_unchanged(f)) {
		note(fo, f,
		     truncated ? "has been truncated: counting it from its start"
		               : "has changed in the part that was counted: counting all of it "
		                 "again");
		f->tally = TALLY_EMPTY;
		f->origin = min_u64(f->origin, size);
	}
	/* Before it is counted: if it is changed meanwhile, the next check will see that. */
	if (sample(f, size) != 0 ||
	    append_range(fo->append, f->fd, position(f), size, &f->tally) != 0)
		await(fo, i, errno);
	else if (has_no_size(f))
		refuse_size(fo, i);
	else if (f->op->is_stdin)
		(void)lseek(f->fd, (off_t)position(f), SEEK_SET);
}

void file_state_check(struct follow *fo, size_t i)
{
	file_watch_add(fo->watch, i);
	if (!fo->file[i].op->is_stdin)
		check_name(fo, i);
	if (fo->file[i].state == FILE_OPEN)
		check_bytes(fo, i);
}

/* ---- files that are counted from their start, by the engine ---- */

static size_t index_of(const struct follow *fo, const struct operand *op)
{
	size_t i = (size_t)op->record - 1;

	verify(i < fo->n && fo->file[i].op == op);
	return i;
}

/* The file is open: keeps it, and learns what it is like before it is counted. */
static void keep_open(struct follow *fo, const struct operand *op, int fd,
                      const struct counted *range)
{
	struct followed_file *f = &fo->file[index_of(fo, op)];

	f->fd = fd == STDIN_FILENO ? fd : fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	f->keep_error = f->fd < 0 ? errno : 0;
	f->origin = range->origin;
	f->st = *range->st;
	if (f->fd >= 0 && sample(f, max_u64(range->end, range->origin)) != 0)
		f->keep_error = errno;
}

static void new_counted(struct follow *fo, const struct operand *op, const struct outcome *outcome)
{
	size_t i = index_of(fo, op);
	struct followed_file *f = &fo->file[i];
	int error = outcome->open_error ? outcome->open_error : outcome->read_error;

	watch_hold(fo->setup->watch);
	fo->setup->watch->files++;
	if (!error && f->fd < 0)
		error = f->keep_error ? f->keep_error : ESTALE; /* it was no regular file for a
		                                                   moment */
	if (error) {
		await(fo, i, error); /* told only if it is not what was told before */
	} else {
		f->state = FILE_OPEN;
		if (f->told)
			note(fo, f, "has appeared");
		f->told = 0;
		f->tally = *outcome->counted.tally;
		fo->line[i].counted = true;
		fo->line[i].failed = false;
		file_watch_opened(fo->watch, i, f->fd);
		if (has_no_size(f))
			refuse_size(fo, i);
	}
	watch_release(fo->setup->watch);
}

/* The next operand that is NEW, from *from on; NULL: none is. */
static struct operand *next_new(const struct follow *fo, size_t *from)
{
	while (*from < fo->n && fo->file[*from].state != FILE_NEW)
		(*from)++;
	return *from < fo->n ? fo->file[(*from)++].op : NULL;
}

static void supply_new(const struct follow *fo, struct engine *e, size_t *from)
{
	struct operand *op = next_new(fo, from);

	if (!op) {
		engine_end_operands(e);
		return;
	}
	engine_add_operand(e, &(struct engine_operand){
				      .name = op->name,
				      .is_stdin = op->is_stdin,
				      .stat_known = op->stat_known,
				      .regular = op->regular,
				      .size = op->size,
				      .client = op,
			      });
}

static void pull(struct follow *fo, struct engine *e)
{
	struct engine_event event;
	size_t next = 0;

	for (;;) {
		switch (engine_next(e, &event)) {
		case ENGINE_NEED_OPERAND:
			supply_new(fo, e, &next);
			break;
		case ENGINE_FILE_OPENED:
			keep_open(fo, event.client, event.fd, event.range);
			break;
		case ENGINE_OPERAND_DONE:
			new_counted(fo, event.client, event.outcome);
			break;
		case ENGINE_END:
			return;
		default:
			break;
		}
	}
}

int file_state_count_new(struct follow *fo)
{
	const struct follow_setup *s = fo->setup;
	struct engine_stats stats;
	size_t first = 0;

	if (!next_new(fo, &first))
		return 0;
	end_signal_catch(false);
	watch_start(s->watch, s->options->progress, watch_wanted(s->options->progress));
	struct engine *e = engine_open(s->config);
	int error = errno;
	if (e) {
		pull(fo, e);
		engine_close(e, &stats);
		engine_stats_free(&stats);
	}
	watch_stop(s->watch);
	s->watch->amount = (struct amount){0};
	end_signal_catch(true);
	if (!e)
		diag_error(error, "cannot start counting");
	return e ? 0 : -1;
}

void file_state_check_quotes(struct follow *fo, size_t i)
{
	struct followed_file *f = &fo->file[i];
	struct record_counts records = fo->line[i].counts.records;
	bool strays = records.strays > 0;

	records.unclosed = 0;
	if (strays && !f->quotes_told) {
		display_keep(&fo->display);
		quote_faults_report(name_of(f), &records);
	}
	f->quotes_told = strays;
}

void file_state_read_stream(struct follow *fo, size_t i)
{
	struct followed_file *f = &fo->file[i];
	int status = append_stream(fo->append, f->fd, &f->tally);

	if (status < 0)
		fail(fo, i, errno, NULL);
	if (status <= 0)
		file_state_give_up(fo, i);
}

void file_state_begin_stdin(struct follow *fo, size_t i, bool taken)
{
	struct followed_file *f = &fo->file[i];
	struct stat st;

	if (fstat(STDIN_FILENO, &st) != 0) {
		fail(fo, i, errno, NULL);
		file_state_give_up(fo, i);
		return;
	}
	fo->line[i].counted = true;
	if (taken) {
		file_state_give_up(fo, i);
	} else if (S_ISREG(st.st_mode)) {
		f->state = FILE_NEW;
	} else {
		f->state = FILE_STREAM;
		f->fd = STDIN_FILENO;
		file_watch_forget(fo->watch, i);
	}
}
