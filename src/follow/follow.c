/* SPDX-License-Identifier: BSD-2-Clause */
/* --follow: waits for changes, counts them, displays them, until there is an end to it. */
#include "base/base.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/fault.h"
#include "base/libc.h"
#include "follow/end_signal.h"
#include "follow/follow.h"
#include "follow/file_state.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define SECOND UINT64_C(1000000000)
/* Checks without an event, nanoseconds: there is none for what mmap(2) writes. */
#define CHECK_ANYWAY (10 * SECOND)
/* The least time between checks where there are no events; else that between displays. */
#define POLL_LEAST (SECOND / 10)

/* ---- updates ---- */

/* Checks what may have changed, and displays what has. 0, or -1: it is over, which is reported. */
static int update(struct follow *fo)
{
	for (size_t i = 0; i < fo->n; i++) {
		struct followed_file *f = &fo->file[i];
		if (f->state != FILE_STREAM && f->state != FILE_OVER &&
		    file_watch_take_suspect(fo->watch, i))
			file_state_check(fo, i);
	}
	fo->streams_read = false;
	if (file_state_count_new(fo) != 0)
		return -1;
	for (size_t i = 0; i < fo->n; i++) {
		struct display_line *line = &fo->line[i];
		if (!line->counted)
			continue;
		line->counts =
			tally_finish(fo->setup->config->scan.counter->cs, &fo->file[i].tally);
		if (fo->setup->chars_are_bytes)
			line->counts.chars = line->counts.bytes;
		file_state_check_quotes(fo, i);
	}
	if (!fo->no_output && display_update(&fo->display, fo->line, fo->n) != 0) {
		diag_error(errno, "write error");
		fo->no_output = true;
	}
	return fo->no_output ? -1 : 0;
}

static bool any_left(const struct follow *fo)
{
	for (size_t i = 0; i < fo->n; i++)
		if (fo->file[i].state != FILE_OVER)
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

enum { POLL_OUTPUT, POLL_WATCH, POLL_STREAMS };

/*
 * Waits until `until`, or, if `check`, until something may have changed; reads streams. True: time
 * is up, or something may have.
 */
static bool wait_for_news(struct follow *fo, struct pollfd *polled, uint64_t until, bool check)
{
	sigset_t set, before;

	polled[POLL_OUTPUT] = (struct pollfd){.fd = STDOUT_FILENO};
	polled[POLL_WATCH] =
		(struct pollfd){.fd = check ? file_watch_fd(fo->watch) : -1, .events = POLLIN};
	for (size_t i = 0; i < fo->n; i++)
		polled[POLL_STREAMS + i] = (struct pollfd){
			.fd = fo->file[i].state == FILE_STREAM ? fo->file[i].fd : -1,
			.events = POLLIN};
	/* So that a signal is either seen here or ends the waiting. */
	end_signal_set(&set);
	sigprocmask(SIG_BLOCK, &set, &before);
	int n = end_signal_received() ? -1
	                              : clock_ppoll(polled, POLL_STREAMS + fo->n, until, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (n <= 0)
		return true;
	if (polled[POLL_OUTPUT].revents) {
		output_gone(fo, polled[POLL_OUTPUT].revents);
		return true;
	}
	for (size_t i = 0; i < fo->n; i++)
		if (polled[POLL_STREAMS + i].revents) {
			file_state_read_stream(fo, i);
			fo->streams_read = true;
		}
	return polled[POLL_WATCH].revents || (fo->streams_read && check);
}

static bool goes_on(const struct follow *fo)
{
	return !end_signal_received() && !fo->no_output && any_left(fo);
}

static void loop(struct follow *fo, struct pollfd *polled)
{
	uint64_t every = fo->setup->options->follow_ns, checked = clock_now_ns();
	bool ends = false; /* this was the last round, which began after the signal */

	FAULT("shown");
	while (!ends && !fo->no_output && any_left(fo)) {
		/* First what was printed stands for a while, whatever happens. */
		uint64_t due = clock_now_ns() + every;
		while (clock_now_ns() < due && goes_on(fo))
			(void)wait_for_news(fo, polled, due, false);
		uint64_t patience = file_watch_is_reliable(fo->watch) ? CHECK_ANYWAY
		                                                      : max_u64(every, POLL_LEAST);
		uint64_t until = checked + patience;
		if (display_is_moving(&fo->display))
			until = min_u64(until, clock_now_ns() + SECOND);
		/* What streams have given meanwhile is news already. */
		while (goes_on(fo) && !fo->streams_read && !wait_for_news(fo, polled, until, true))
			continue;
		file_watch_read(fo->watch);
		ends = end_signal_received() != 0;
		if (ends || clock_now_ns() >= checked + patience) {
			file_watch_suspect_all(fo->watch);
			checked = clock_now_ns();
		}
		if (fo->no_output || update(fo) != 0)
			return;
	}
}

/* ---- setting up ---- */

/* 0, or -1: no memory. */
static int append_operand(struct follow *fo, size_t *room, struct operand *op)
{
	if (fo->n == *room) {
		size_t more = *room * 2 + 16;
		struct followed_file *file = array_resize(fo->file, more, sizeof *file);
		if (!file)
			return -1;
		fo->file = file;
		*room = more;
	}
	fo->file[fo->n++] = (struct followed_file){.op = op, .fd = -1};
	return 0;
}

/* Takes all operands, and makes what goes with them. 0, or -1: no memory. */
static int take_operands(struct follow *fo)
{
	size_t room = 0;
	struct operand *op;

	while (operands_next(fo->setup->operands, true, &op) == SUPPLY_ONE)
		if (append_operand(fo, &room, op) != 0) {
			operands_release(op);
			return -1;
		}
	(void)operands_report_error(fo->setup->operands);
	fo->line = calloc(fo->n + 1, sizeof *fo->line);
	const char **names = calloc(fo->n + 1, sizeof *names);
	if (!fo->line || !names) {
		free(names);
		return -1;
	}
	for (size_t i = 0; i < fo->n; i++) {
		op = fo->file[i].op;
		fo->line[i].name = op->implicit ? NULL : op->name;
		names[i] = op->is_stdin ? NULL : op->name;
	}
	fo->watch = file_watch_new(fo->n, names);
	free(names);
	return fo->watch ? 0 : -1;
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
	if (fo->setup->options->debug && file_watch_fd(fo->watch) < 0)
		diag_note("inotify is not available: checking the files at intervals");
	for (size_t i = 0; i < fo->n; i++) {
		if (fo->file[i].op->skip) {
			operands_report_skip(fo->setup->operands, fo->file[i].op);
			fo->line[i].failed = true;
			file_state_give_up(fo, i);
		} else if (fo->file[i].op->is_stdin) {
			file_state_begin_stdin(fo, i, taken);
			taken = true;
		}
	}
}

int follow_run(const struct follow_setup *setup)
{
	struct follow fo = {
		.setup = setup,
		.append = append_scanner_new(setup->config->scan.counter),
		.display = {.options = setup->options, .report = setup->report},
	};
	struct pollfd *polled = NULL;

	if (fo.append && take_operands(&fo) == 0 &&
	    (polled = calloc(POLL_STREAMS + fo.n, sizeof *polled))) {
		fo.display.names = operands_taken(setup->operands);
		begin(&fo);
		end_signal_catch(true);
		if (update(&fo) == 0)
			loop(&fo, polled);
		end_signal_catch(false);
	} else {
		diag_error(ENOMEM, "--follow");
	}
	if (end_signal_received() && !fo.no_output)
		raise(end_signal_received()); /* which ends the program */
	for (size_t i = 0; i < fo.n; i++) {
		file_state_close(&fo.file[i]);
		operands_release(fo.file[i].op);
	}
	file_watch_free(fo.watch);
	append_scanner_free(fo.append);
	free(polled);
	free(fo.line);
	free(fo.file);
	return fo.no_output ? -1 : 0;
}
