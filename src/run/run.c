/* SPDX-License-Identifier: BSD-2-Clause */
/* Joins the supply of operands, an engine and the output. */
#include "base/base.h"
#include "base/clock.h"
#include "base/diag.h"
#include "cli/operands.h"
#include "engine/engine.h"
#include "report/stats.h"
#include "run/counting.h"
#include "follow/follow.h"
#include "run/journaling.h"
#include "run/merge.h"
#include "run/output.h"
#include "run/partials.h"
#include "run/run.h"
#include "report/watch.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

struct run {
	const struct options *options;
	struct counting counting;
	struct operands *operands;
	struct partial_way way; /* --partial, --journal */
	struct output output;
	struct journaling *journaling; /* --journal */
	struct watch watch;
	bool read_stdin;
};

static enum supply next_operand(void *arg, bool may_block, struct operand **op)
{
	struct run *r = arg;

	return operands_next(r->operands, may_block, op);
}

/* One operand is complete. */
static bool operand_done(void *arg, struct operand *op, const struct outcome *outcome)
{
	struct run *r = arg;

	watch_hold(&r->watch);
	if (r->journaling)
		journaling_done(r->journaling);
	r->read_stdin |= op->is_stdin && !op->skip;
	bool go_on = output_operand(&r->output, op, outcome);
	operands_release(op);
	r->watch.files++;
	watch_release(&r->watch);
	return go_on;
}

static struct known_range *known_ranges(void *arg, const struct operand *op, int fd,
                                        const struct counted *range, size_t *n)
{
	struct run *r = arg;

	return journaling_known(r->journaling, op, fd, range, n);
}

static void range_counted(void *arg, const struct operand *op, int fd, const struct counted *range)
{
	struct run *r = arg;

	journaling_counted(r->journaling, op, fd, range);
}

/* The engine will not be back for a while. */
static bool settle_lines(void *arg)
{
	struct run *r = arg;

	if (r->output.report.sink.used == 0)
		return true;
	watch_hold(&r->watch);
	bool go_on = output_flush(&r->output);
	watch_release(&r->watch);
	return go_on;
}

static void drop_operand(void *arg UNUSED, struct operand *op)
{
	operands_release(op);
}

/* What is only learnt at the end: a descriptor that was never open, an output that was not kept. */
static void close_standard(struct run *r)
{
	if (r->output.failed)
		return;
	if (r->read_stdin && close(STDIN_FILENO) != 0)
		diag_error(errno, "-");
	if (close(STDOUT_FILENO) != 0 && errno != EBADF)
		diag_error(errno, "write error");
}

static struct engine_config config_of(struct run *r)
{
	struct engine_config config = counting_config(&r->counting);

	config.watch = &r->watch.engine;
	return config;
}

static void follow_all(struct run *r)
{
	struct engine_config config = config_of(r);
	struct follow_setup setup = {
		.options = r->options,
		.config = &config,
		.operands = r->operands,
		.report = &r->output.report,
		.chars_are_bytes = r->counting.chars_are_bytes,
		.watch = &r->watch,
	};

	r->watch.amount = operands_amount(r->operands, watch_wanted(r->options->progress));
	r->output.failed = !follow_run(&setup);
}

static void count_all(struct run *r)
{
	const struct options *o = r->options;
	struct engine_client client = {.arg = r,
	                               .next = next_operand,
	                               .done = operand_done,
	                               .settle = settle_lines,
	                               .drop = drop_operand};
	struct engine_config config = config_of(r);
	if (r->journaling) {
		client.known = known_ranges;
		client.counted = range_counted;
	} else {
		output_join_lines(&r->output);
	}
	struct engine_stats stats;
	uint64_t start = clock_now_ns();

	bool watched = watch_wanted(o->progress);
	r->watch.amount = operands_amount(r->operands, watched);
	r->watch.by_files = config.only_bytes && o->decompress == FORMAT_PLAIN;
	r->watch.utf8 = r->counting.charset.class == CHARSET_UTF8;
	watch_start(&r->watch, o->progress, watched);
	int status = engine_run(&config, &client, &stats);
	int error = errno;
	watch_stop(&r->watch);
	if (status != 0) {
		errno = error;
		diag_error(errno, "cannot start counting");
		return;
	}
	output_total(&r->output);
	if (o->stats != STATS_NONE) {
		struct stats_report report = {
			.engine = &stats,
			.counter = &r->counting.counter,
			.operands = r->output.opened,
			.skipped = r->output.skipped,
			.bytes = r->output.totals.sum.bytes,
			.wall_ns = clock_now_ns() - start,
		};
		output_stats(&r->output, &report);
	}
	engine_stats_free(&stats);
}

/* Loads what the output takes. False: reported; close_output() is due. */
static bool open_output(struct run *r)
{
	const struct options *o = r->options;

	if (o->journal || o->partial)
		partial_way_init(&r->way, &r->counting.charset, o->decompress,
		                 partials_counts(&o->columns));
	if (!output_open(&r->output, &r->counting, &r->way))
		return false;
	if (o->journal)
		r->journaling = journaling_open(o->journal, &r->way, &r->counting.charset);
	return !o->journal || r->journaling;
}

static void close_output(struct run *r)
{
	journaling_close(r->journaling);
	output_close(&r->output);
}

static void count_or_follow(struct run *r)
{
	r->operands = operands_open(r->options);
	if (!r->operands)
		return;
	if (r->options->debug)
		counting_debug(&r->counting);
	r->output.operands = r->operands;
	r->output.report.width = operands_number_width(r->operands);
	if (r->options->follow)
		follow_all(r);
	else
		count_all(r);
	operands_close(r->operands);
	close_standard(r);
}

void run(const struct options *options)
{
	struct run r = {.options = options};

	if (options->merge) {
		merge_run(options);
		return;
	}
	if (!counting_init(&r.counting, options))
		return;
	if (open_output(&r))
		count_or_follow(&r);
	close_output(&r);
	counting_free(&r.counting);
}

void run_way(const struct options *options, char *way, size_t room)
{
	struct charset cs;
	struct partial_way w;

	charset_init(&cs, options->posixly_correct);
	partial_way_init(&w, &cs, options->decompress, partials_counts(&options->columns));
	snprintf(way, room, "%s in charset %s, by version %s",
	         w.posixly_correct ? "as POSIX has it" : "as wc does", w.charset, w.program);
}

bool run_serve(const struct options *options, int (*serve)(const struct engine_config *config))
{
	struct run r = {.options = options};

	if (!counting_init(&r.counting, options))
		return false;
	struct engine_config config = config_of(&r);
	if (serve(&config) != 0)
		diag_error(errno, "cannot set up counting");
	counting_free(&r.counting);
	return true;
}
