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
#include "run/tee.h"
#include "report/watch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct run {
	const struct options *options;
	const struct engine_crew *crew; /* who counts, on other hosts; NULL: as the options say */
	struct counting counting;
	struct operands *operands;
	struct partial_mode mode; /* --partial, --journal */
	struct output output;
	struct journaling *journaling; /* --journal */
	struct tee tee;                /* --tee */
	struct watch watch;
	bool read_stdin;
};

/* ---- the engine's events ---- */

static void supply_operand(struct run *r, struct engine *e, bool may_block)
{
	struct operand *op;
	enum supply supply = operands_next(r->operands, may_block, &op);

	if (supply == SUPPLY_NONE)
		engine_end_operands(e);
	if (supply != SUPPLY_ONE)
		return;
	engine_add_operand(e, &(struct engine_operand){
				      .name = op->name,
				      .is_long = op->is_long,
				      .is_stdin = op->is_stdin,
				      .skip = op->skip,
				      .stat_known = op->stat_known,
				      .regular = op->regular,
				      .size = op->size,
				      .client = op,
			      });
}

static void look_up_known(struct run *r, struct engine *e, const struct engine_event *event)
{
	struct journaling_known known =
		journaling_known(r->journaling, event->client, event->fd, event->range);

	engine_add_known(e, known.range, known.n);
	if (known.n_points > 0)
		engine_add_points(e, known.point, known.n_points, known.joined);
	free(known.point);
}

/* An operand is complete. 0, or -1: its line could not be written. */
static int finish_operand(struct run *r, const struct engine_event *event)
{
	struct operand *op = event->client;

	watch_hold(&r->watch);
	if (r->journaling)
		journaling_done(r->journaling);
	r->read_stdin |= op->is_stdin && !op->skip;
	int status = output_operand(&r->output, op, event->outcome);
	operands_release(op);
	r->watch.files++;
	watch_release(&r->watch);
	return status;
}

static int begin_part(struct run *r, const struct engine_event *event)
{
	watch_hold(&r->watch);
	int status = output_part_begins(&r->output, event->client, event->part, event->range);
	watch_release(&r->watch);
	return status;
}

/* The engine is about to wait. 0, or -1: the lines that were kept could not be written. */
static int flush_lines(struct run *r)
{
	if (r->output.report.sink.used == 0)
		return 0;
	watch_hold(&r->watch);
	int status = output_flush(&r->output);
	watch_release(&r->watch);
	return status;
}

/* Counts all operands. */
static void pull(struct run *r, struct engine *e)
{
	struct engine_event event;

	for (;;) {
		int status = 0;
		switch (engine_next(e, &event)) {
		case ENGINE_NEED_OPERAND:
			supply_operand(r, e, event.may_block);
			break;
		case ENGINE_FILE_OPENED:
			look_up_known(r, e, &event);
			break;
		case ENGINE_RANGE_COUNTED:
			journaling_counted(r->journaling, event.client, event.fd, event.range);
			break;
		case ENGINE_PART_BEGINS:
			status = begin_part(r, &event);
			break;
		case ENGINE_OPERAND_DONE:
			status = finish_operand(r, &event);
			break;
		case ENGINE_ABOUT_TO_WAIT:
			status = flush_lines(r);
			break;
		case ENGINE_OPERAND_DROPPED:
			operands_release(event.client);
			break;
		case ENGINE_END:
			return;
		}
		if (status != 0)
			engine_stop(e);
	}
}

/* Reports what only close() tells: a descriptor that was never open, output that was not kept. */
static void close_standard(struct run *r)
{
	if (output_close_file(&r->output) != 0 || r->output.failed)
		return;
	if (r->read_stdin && close(STDIN_FILENO) != 0)
		diag_error(errno, "-");
	if (close(STDOUT_FILENO) != 0 && errno != EBADF)
		diag_error(errno, "write error");
}

static struct engine_config config_of(struct run *r)
{
	struct engine_config config = counting_config(&r->counting, r->crew);

	config.report_ranges = r->journaling || r->options->follow;
	config.points = r->journaling;
	config.watch = &r->watch.engine;
	config.scan.pass = r->options->tee ? &r->tee.pass : NULL;
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
	r->output.failed = follow_run(&setup) != 0;
}

static void report_stats(struct run *r, const struct engine_stats *engine, uint64_t wall_ns)
{
	struct stats_report report = {
		.engine = engine,
		.counter = &r->counting.counter,
		.operands = r->output.opened,
		.skipped = r->output.skipped,
		.bytes = r->output.totals.sum.bytes,
		.wall_ns = wall_ns,
	};

	output_stats(&r->output, &report);
}

/* For --debug: which way --no-cache has gone. */
static void report_uncached(const struct engine_stats *engine)
{
	struct worker_stats sum = {0};

	for (unsigned i = 0; engine->worker && i < engine->workers; i++)
		worker_stats_add(&sum, &engine->worker[i]);
	diag_note("--no-cache: %" PRIu64 " bytes read with RWF_DONTCACHE, %" PRIu64
	          " bytes with posix_fadvise",
	          sum.by_kernel, sum.by_advice);
}

static void count_all(struct run *r)
{
	const struct options *o = r->options;
	struct engine_config config = config_of(r);
	struct engine_stats stats;
	uint64_t start = clock_now_ns();
	bool watched = watch_wanted(o->progress);

	if (!r->journaling)
		output_join_lines(&r->output);
	r->watch.amount = operands_amount(r->operands, watched);
	r->watch.by_files = config.scan.only_bytes && o->decompress == FORMAT_PLAIN && !o->tee;
	r->watch.utf8 = r->counting.charset.class == CHARSET_UTF8;
	r->watch.passes = o->tee;
	watch_start(&r->watch, o->progress, watched);
	struct engine *e = engine_open(&config);
	int error = errno;
	if (e) {
		pull(r, e);
		engine_close(e, &stats);
	}
	watch_stop(&r->watch);
	if (!e) {
		diag_error(error, "cannot start counting");
		return;
	}
	output_total(&r->output);
	if (o->tee)
		tee_report(&r->tee);
	if (o->stats != STATS_NONE)
		report_stats(r, &stats, clock_now_ns() - start);
	if (o->debug && o->no_cache)
		report_uncached(&stats);
	engine_stats_free(&stats);
}

/* Loads what the output takes. 0, or -1: reported. close_output() is due. */
static int open_output(struct run *r)
{
	const struct options *o = r->options;

	if (o->journal || o->partial)
		partial_mode_init(&r->mode, &r->counting.charset, o->decompress,
		                  partials_counts(&o->columns), o->records);
	if (output_open(&r->output, &r->counting, &r->mode) != 0)
		return -1;
	if (o->journal)
		r->journaling = journaling_open(o->journal, &r->mode, &r->counting.charset);
	return o->journal && !r->journaling ? -1 : 0;
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
	else if (!r->options->tee || tee_start(&r->tee) == 0)
		count_all(r);
	operands_close(r->operands);
	close_standard(r);
}

void run(const struct options *options, const struct engine_crew *crew)
{
	struct run r = {.options = options, .crew = crew};

	if (options->merge) {
		merge_run(options);
		return;
	}
	if (counting_init(&r.counting, options) != 0)
		return;
	if (open_output(&r) == 0)
		count_or_follow(&r);
	close_output(&r);
	counting_free(&r.counting);
	if (options->tee)
		tee_end(&r.tee);
}
