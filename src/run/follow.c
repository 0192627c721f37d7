/* SPDX-License-Identifier: BSD-2-Clause */
/* --follow: waits, looks, prints, until there is an end to it. */
#include "base/base.h"
#include "base/clock.h"
#include "base/diag.h"
#include "run/ending.h"
#include "run/follow.h"
#include "run/followed.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define SECOND UINT64_C(1000000000)
/* Looks without having been told, nanoseconds: what mmap(2) writes is never told. */
#define LOOK_ANYWAY (10 * SECOND)
/* And where changes are not told at all: as often as is printed, but no more often than this. */
#define POLL_LEAST (SECOND / 10)

/* ---- rounds ---- */

/* Looks at what may have changed, and prints what has. False: it is over. */
static bool go_round(struct follow *fo)
{
	for (size_t i = 0; i < fo->n; i++) {
		struct followed *f = &fo->file[i];
		if (f->state != FOLLOWED_STREAM && f->state != FOLLOWED_OVER &&
		    notify_is_suspect(fo->notify, i))
			followed_look(fo, i);
	}
	if (!followed_count_fresh(fo))
		return false;
	for (size_t i = 0; i < fo->n; i++) {
		struct round_line *line = &fo->line[i];
		if (!line->counted)
			continue;
		line->counts = tally_finish(fo->setup->config->counter->cs, &fo->file[i].tally);
		if (fo->setup->chars_are_bytes)
			line->counts.chars = line->counts.bytes;
	}
	if (!fo->no_output && round_print(&fo->round, fo->line, fo->n) != 0) {
		diag_error(errno, "write error");
		fo->no_output = true;
	}
	return !fo->no_output;
}

static bool any_left(const struct follow *fo)
{
	for (size_t i = 0; i < fo->n; i++)
		if (fo->file[i].state != FOLLOWED_OVER)
			return true;
	return false;
}

/* Whoever reads our lines has gone, or never was there. */
static void output_gone(struct follow *fo, int revents)
{
	fo->no_output = true;
	if (!(revents & POLLNVAL))
		raise(SIGPIPE);
	diag_error(revents & POLLNVAL ? EBADF : EPIPE, "write error"); /* the signal is ignored */
}

enum { POLL_OUTPUT, POLL_NOTIFY, POLL_STREAMS };

/*
 * Waits until `until`, or until there is something to be looked at, if `look`; reads streams. True:
 * time is up, or there is.
 */
static bool wait_for_news(struct follow *fo, struct pollfd *polled, uint64_t until, bool look)
{
	sigset_t set, before;

	polled[POLL_OUTPUT] = (struct pollfd){.fd = STDOUT_FILENO};
	polled[POLL_NOTIFY] =
		(struct pollfd){.fd = look ? notify_fd(fo->notify) : -1, .events = POLLIN};
	for (size_t i = 0; i < fo->n; i++)
		polled[POLL_STREAMS + i] = (struct pollfd){
			.fd = fo->file[i].state == FOLLOWED_STREAM ? fo->file[i].fd : -1,
			.events = POLLIN};
	/* So that a signal is either seen here or ends the waiting. */
	ending_set(&set);
	sigprocmask(SIG_BLOCK, &set, &before);
	int n = ending_signal() ? -1 : clock_ppoll(polled, POLL_STREAMS + fo->n, until, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (n <= 0)
		return true;
	if (polled[POLL_OUTPUT].revents) {
		output_gone(fo, polled[POLL_OUTPUT].revents);
		return true;
	}
	bool streams = false;
	for (size_t i = 0; i < fo->n; i++)
		if (polled[POLL_STREAMS + i].revents) {
			followed_read(fo, i);
			streams = true;
		}
	return polled[POLL_NOTIFY].revents || (streams && look);
}

static bool goes_on(const struct follow *fo)
{
	return !ending_signal() && !fo->no_output && any_left(fo);
}

static void loop(struct follow *fo, struct pollfd *polled)
{
	uint64_t every = fo->setup->options->follow_ns, looked = clock_now_ns();

	while (goes_on(fo)) {
		/* First what was printed stands for a while, whatever happens. */
		uint64_t due = clock_now_ns() + every;
		while (clock_now_ns() < due && goes_on(fo))
			(void)wait_for_news(fo, polled, due, false);
		uint64_t patience =
			notify_is_sure(fo->notify) ? LOOK_ANYWAY : max_u64(every, POLL_LEAST);
		while (goes_on(fo) && !wait_for_news(fo, polled, looked + patience, true))
			continue;
		notify_take(fo->notify);
		if (ending_signal() || clock_now_ns() >= looked + patience) {
			notify_suspect_all(fo->notify);
			looked = clock_now_ns();
		}
		if (fo->no_output || !go_round(fo))
			return;
	}
}

/* ---- setting up ---- */

static bool append_operand(struct follow *fo, size_t *room, struct operand *op)
{
	if (fo->n == *room) {
		size_t more = *room * 2 + 16;
		struct followed *file = reallocarray(fo->file, more, sizeof *file);
		if (!file)
			return false;
		fo->file = file;
		*room = more;
	}
	fo->file[fo->n++] = (struct followed){.op = op, .fd = -1};
	return true;
}

/* All operands, and what goes with them. False: no memory. */
static bool take_operands(struct follow *fo)
{
	size_t room = 0;
	struct operand *op;

	while (operands_next(fo->setup->operands, true, &op) == SUPPLY_ONE)
		if (!append_operand(fo, &room, op)) {
			operands_release(op);
			return false;
		}
	(void)operands_report_error(fo->setup->operands);
	fo->line = calloc(fo->n + 1, sizeof *fo->line);
	const char **names = calloc(fo->n + 1, sizeof *names);
	if (!fo->line || !names) {
		free(names);
		return false;
	}
	for (size_t i = 0; i < fo->n; i++) {
		op = fo->file[i].op;
		fo->line[i].name = op->implicit ? NULL : op->name;
		names[i] = op->is_stdin ? NULL : op->name;
	}
	fo->notify = notify_new(fo->n, names);
	free(names);
	return fo->notify;
}

static void begin(struct follow *fo)
{
	struct rlimit files;
	bool taken = false;

	/* Each file is kept open. */
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	if (fo->setup->options->debug && notify_fd(fo->notify) < 0)
		diag_note("no inotify here: looking at the clock instead");
	for (size_t i = 0; i < fo->n; i++) {
		if (fo->file[i].op->skip) {
			operands_report_skip(fo->setup->operands, fo->file[i].op);
			fo->line[i].failed = true;
			followed_give_up(fo, i);
		} else if (fo->file[i].op->is_stdin) {
			followed_begin_stdin(fo, i, taken);
			taken = true;
		}
	}
}

bool follow_run(const struct follow_setup *setup)
{
	struct follow fo = {
		.setup = setup,
		.growth = growth_new(setup->config->counter),
		.round = {.options = setup->options,
	                  .format = setup->format,
	                  .records = setup->records},
	};
	struct pollfd *polled = NULL;

	if (fo.growth && take_operands(&fo) &&
	    (polled = calloc(POLL_STREAMS + fo.n, sizeof *polled))) {
		fo.round.names = operands_taken(setup->operands);
		begin(&fo);
		ending_catch(true);
		if (go_round(&fo))
			loop(&fo, polled);
		ending_catch(false);
	} else {
		diag_error(ENOMEM, "--follow");
	}
	if (ending_signal() && !fo.no_output)
		raise(ending_signal()); /* which ends the program */
	for (size_t i = 0; i < fo.n; i++) {
		followed_let_go(&fo.file[i]);
		operands_release(fo.file[i].op);
	}
	notify_free(fo.notify);
	growth_free(fo.growth);
	free(polled);
	free(fo.line);
	free(fo.file);
	return !fo.no_output;
}
