/* SPDX-License-Identifier: BSD-2-Clause */
/* Joins the supply of operands, an engine and the printed lines. */
#include "base/base.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/quote.h"
#include "base/sandbox.h"
#include "cli/operands.h"
#include "count/profiler.h"
#include "detect/filetype.h"
#include "engine/engine.h"
#include "report/page.h"
#include "report/records.h"
#include "report/stats.h"
#include "report/text.h"
#include "report/types.h"
#include "run/follow.h"
#include "run/journal.h"
#include "run/merge.h"
#include "run/partials.h"
#include "run/run.h"
#include "run/watch.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct run {
	const struct options *options;
	struct operands *operands;
	struct text_format format;
	struct text_lines lines; /* of `format` */
	struct page_format page; /* --profile */
	struct records records; /* open if the options ask for JSON */
	struct charset charset;
	struct counter counter;
	struct encoding encoding;
	bool chars_are_bytes; /* single-byte charset: characters need not be counted */
	struct totals totals;
	struct types types; /* for --type=summary */
	struct json *json;      /* --partial */
	struct partial_way way; /* --partial */
	struct journal *journal; /* --journal */
	uint64_t done;          /* operands so far */
	struct watch watch;
	uint64_t opened;
	uint64_t skipped; /* of them, not text, and so not counted */
	bool read_stdin;
	bool output_failed;
};

static unsigned needs_of(const struct run *r)
{
	const struct columns *c = &r->options->columns;

	return (c->lines ? NEED_LINES : 0u) | (c->words ? NEED_WORDS : 0u) |
	       (r->options->profile ? NEED_LINES : 0u) |
	       ((c->chars || r->options->profile) && !r->chars_are_bytes ? NEED_CHARS : 0u) | (c->width ? NEED_WIDTH : 0u);
}

/* The encoding that is wished for, and the charset in which it is counted; false: reported. */
static bool choose_encoding(struct run *r, const char *kernel)
{
	const char *name = r->options->encoding;
	enum encoding_wish wish = ENCODING_NAMED;

	if (strcmp(name, "locale") == 0) {
		charset_init(&r->charset, r->options->posixly_correct);
		return true;
	}
	if (strcmp(name, "auto") == 0) {
		/* What is not Unicode is in the locale's encoding, if that is one that says anything. */
		name = nl_langinfo(CODESET);
		if (strcmp(name, "UTF-8") == 0 || strcmp(name, "ANSI_X3.4-1968") == 0)
			name = "ISO-8859-1";
		wish = ENCODING_AUTO;
	}
	if (encoding_open(&r->encoding, wish, name, kernel) != 0) {
		char *quoted = quote_locale(name);
		diag_error(errno == EINVAL ? 0 : errno, "unknown encoding %s", quoted);
		quote_free(quoted);
		return false;
	}
	if (charset_init_utf8(&r->charset, r->options->posixly_correct))
		return true;
	diag_error(0, "--encoding: there is no locale C.UTF-8");
	return false;
}

/* For the counter, and for totals. False: no memory. */
static bool add_profiles(struct run *r)
{
	r->totals.profile = calloc(1, sizeof *r->totals.profile);
	return r->totals.profile && profiler_add(&r->counter) == 0;
}

/* Sets up charset and kernel; false: reported. */
static bool choose_kernel(struct run *r)
{
	const char *name = getenv("PCOUNT_KERNEL");

	if (!choose_encoding(r, name && *name ? name : NULL))
		return false;
	r->chars_are_bytes = r->charset.class == CHARSET_SINGLE;
	enum counter_status status =
		counter_init(&r->counter, &r->charset, needs_of(r), name && *name ? name : NULL);
	if (status == COUNTER_OK && r->options->profile && !add_profiles(r))
		status = COUNTER_NO_MEMORY;
	if (status == COUNTER_OK)
		return true;
	if (status == COUNTER_NO_MEMORY) {
		diag_error(errno, "cannot set up counting");
		return false;
	}
	char *quoted = quote_locale(name);
	if (status == COUNTER_UNKNOWN)
		diag_error(0, "unknown kernel %s in PCOUNT_KERNEL", quoted);
	else
		diag_error(0, "kernel %s in PCOUNT_KERNEL is not supported by this processor", quoted);
	quote_free(quoted);
	return false;
}

/*
 * GNU wc tells which line counting code it uses when lines and nothing slower are asked for. In all
 * other cases pcount adds a line of its own.
 */
static void print_debug(const struct run *r)
{
	unsigned needs = r->counter.needs;

	const char *forced = getenv("PCOUNT_KERNEL");

	if (r->options->engine == ENGINE_PROCESSES &&
	    (r->options->decompress != FORMAT_PLAIN || r->options->types != TYPES_NONE))
		diag_note("%s", sandbox_available()
		                        ? "workers can open no files and reach no network (seccomp)"
		                        : "workers are not isolated: there is no seccomp here");
	if (needs != NEED_LINES || (forced && *forced)) {
		diag_note("using kernel %s", r->counter.kernel);
		return;
	}
	bool avx512 = counter_has_avx512();
	if (!avx512)
		diag_note("avx512 support not detected");
	if (avx512)
		diag_note("using avx512 hardware support");
	else if (counter_has_avx2())
		diag_note("using avx2 hardware support");
	else
		diag_note("avx2 support not detected");
}

static enum supply next_operand(void *arg, bool may_block, struct operand **op)
{
	struct run *r = arg;

	return operands_next(r->operands, may_block, op);
}

static void report_error(const struct operand *op, int error)
{
	char *quoted = quote_name(op->implicit ? "standard input" : op->name);

	diag_error(error, "%s", quoted);
	quote_free(quoted);
}

static void report_fault(const struct operand *op, const struct decode_fault *fault)
{
	char *quoted = quote_name(op->implicit ? "standard input" : op->name);
	char text[DECODE_TEXT_MAX];

	decoder_fault_text(fault, text);
	diag_error(0, "%s: %s", quoted, text);
	quote_free(quoted);
}

/* Why a part of it could not be had, without the name. */
static const char *uncuttable_text(const struct outcome *outcome)
{
	return outcome->counted.format == FORMAT_PLAIN
	               ? "cannot be counted in parts: not a regular file"
	               : "cannot be counted in parts: compressed data without known borders";
}

static void report_uncuttable(const struct operand *op, const struct outcome *outcome)
{
	char *quoted = quote_name(op->implicit ? "standard input" : op->name);

	diag_error(0, "%s: %s", quoted, uncuttable_text(outcome));
	quote_free(quoted);
}

/* Has it not been looked into at all? */
static bool not_decoded(const struct outcome *outcome)
{
	return outcome->fault.cause == DECODE_NO_LIBRARY || outcome->fault.cause == DECODE_NOT_BUILT;
}

static bool write_failed(struct run *r)
{
	diag_error(errno, "write error");
	r->output_failed = true;
	return false;
}

/* The lines so far must be out, before a message or a wait. False: they could not be written. */
static bool flush_lines(struct run *r)
{
	return text_flush(&r->format) == 0 || write_failed(r);
}

/* The partial of an operand, if it was counted to its end. False: it could not be written. */
static bool print_partial(struct run *r, const struct operand *op, const struct outcome *outcome)
{
	struct partial p;

	return !partials_make(&p, &r->way, op, r->done, outcome) || partials_print(r->json, &p) == 0 ||
	       write_failed(r);
}

/*
 * The line of an operand, or its record; `counts` is NULL if there are none, and then there is no
 * line. False: it could not be written.
 */
static bool print_operand(struct run *r, const struct operand *op, const struct outcome *outcome,
                          const struct counts *counts)
{
	struct record record = {
		.name = op->implicit ? NULL : op->name,
		.counts = counts,
		.outcome = outcome,
		.refused = op->skip && !op->skip_error ? operands_skip_text(op) : NULL,
		.refused_error = op->skip_error,
	};
	if (outcome->uncuttable)
		record.refused = uncuttable_text(outcome);
	bool wanted = r->options->total != TOTAL_ONLY;
	bool summary = r->options->types == TYPES_SUMMARY;
	int status = 0;

	if (r->options->partial)
		return print_partial(r, op, outcome);
	if (r->options->json && !wanted)
		records_note(&r->records, &record);
	else if (r->options->json)
		status = records_operand(&r->records, &record);
	else if (counts && wanted && summary)
		types_add(&r->types, *outcome->type ? outcome->type : "-", counts);
	else if (counts && wanted && r->options->profile)
		status = page_operand(&r->page, counts, outcome->profile, outcome->type, record.name);
	else if (counts && wanted)
		status = text_line_typed(&r->format, counts, outcome->type, record.name);
	return status == 0 || write_failed(r);
}

static void report_shrunk(const struct operand *op, const struct counted *counted)
{
	char *quoted = quote_name(op->implicit ? "standard input" : op->name);

	diag_error(0, "%s: has shrunk: it ends at byte %llu now", quoted,
	           (unsigned long long)counted->end);
	quote_free(quoted);
}

static bool has_failed(const struct operand *op, const struct outcome *outcome)
{
	return op->skip || outcome->uncuttable || outcome->open_error || outcome->read_error ||
	       outcome->fault.cause != DECODE_OK || outcome->counted.short_of;
}

static void report_failure(const struct run *r, const struct operand *op, const struct outcome *outcome)
{
	if (op->skip)
		operands_report_skip(r->operands, op);
	else if (outcome->uncuttable)
		report_uncuttable(op, outcome);
	else if (outcome->open_error || outcome->read_error)
		report_error(op, outcome->open_error ? outcome->open_error : outcome->read_error);
	else if (outcome->fault.cause != DECODE_OK)
		report_fault(op, &outcome->fault);
	else if (r->options->partial && outcome->counted.short_of)
		report_shrunk(op, &outcome->counted);
}

/* Its line, then what went wrong with it. False: the line could not be written. */
static bool report_operand(struct run *r, const struct operand *op, const struct outcome *outcome)
{
	struct counts counts = outcome->counts;
	bool counted = !op->skip && !outcome->open_error && !outcome->uncuttable &&
	               !not_decoded(outcome);

	r->done++;
	if (r->journal)
		journal_done(r->journal);
	r->read_stdin |= op->is_stdin && !op->skip;
	if (counted && outcome->not_text) {
		r->opened++;
		r->skipped++;
		return true;
	}
	if (counted) {
		r->opened++;
		if (r->chars_are_bytes)
			counts.chars = counts.bytes;
		totals_add(&r->totals, &counts);
		if (r->totals.profile)
			profile_add(r->totals.profile, outcome->profile);
	}
	bool go_on = print_operand(r, op, outcome, counted ? &counts : NULL);
	if (go_on && has_failed(op, outcome)) {
		go_on = flush_lines(r);
		if (go_on)
			report_failure(r, op, outcome);
	}
	return go_on;
}

/* One operand is complete. */
static bool operand_done(void *arg, struct operand *op, const struct outcome *outcome)
{
	struct run *r = arg;

	watch_hold(&r->watch);
	bool go_on = report_operand(r, op, outcome);
	operands_release(op);
	r->watch.files++;
	watch_release(&r->watch);
	return go_on;
}

static struct known_range *known_ranges(void *arg, const struct operand *op, int fd,
                                        const struct counted *range, size_t *n)
{
	struct run *r = arg;

	return journal_known(r->journal, op, fd, range, n);
}

static void range_counted(void *arg, const struct operand *op, int fd, const struct counted *range)
{
	struct run *r = arg;

	journal_counted(r->journal, op, fd, range);
}

/* The engine will not be back for a while. */
static bool settle_lines(void *arg)
{
	struct run *r = arg;

	if (r->lines.used == 0)
		return true;
	watch_hold(&r->watch);
	bool go_on = flush_lines(r);
	watch_release(&r->watch);
	return go_on;
}

static void drop_operand(void *arg UNUSED, struct operand *op)
{
	operands_release(op);
}

static void print_total(struct run *r)
{
	const struct options *o = r->options;

	if (r->output_failed || !flush_lines(r))
		return;
	int error = operands_report_error(r->operands);
	if (types_print(&r->types, &r->format) != 0 || text_flush(&r->format) != 0) {
		write_failed(r);
		return;
	}
	if (o->partial || !totals_due(o->total, operands_taken(r->operands)))
		return;
	totals_report(&r->totals, &o->columns);
	int status = o->json ? records_total(&r->records, &r->totals, error)
	             : o->profile ? page_total(&r->page, &r->totals)
	                          : text_total(&r->format, o->total, &r->totals);
	if (status == 0)
		status = text_flush(&r->format);
	if (status != 0)
		write_failed(r);
}

/* What is only learnt at the end: a descriptor that was never open, an output that was not kept. */
static void close_standard(struct run *r)
{
	if (r->output_failed)
		return;
	if (r->read_stdin && close(STDIN_FILENO) != 0)
		diag_error(errno, "-");
	if (close(STDOUT_FILENO) != 0 && errno != EBADF)
		diag_error(errno, "write error");
}

static struct engine_config config_of(struct run *r)
{
	const struct options *o = r->options;

	return (struct engine_config){
		.kind = o->engine,
		.jobs = o->jobs,
		.chunk_size = o->chunk_size,
		.only_bytes = r->counter.needs == 0,
		.decompress = o->decompress,
		.memory_limit = o->memory_limit,
		.range = o->range,
		.remote = o->remote,
		.remotes = o->remotes,
		.text_only = o->text_only,
		.encoding = &r->encoding,
		.types = o->types != TYPES_NONE,
		.counter = &r->counter,
		.watch = &r->watch.engine,
	};
}

static void follow_all(struct run *r)
{
	struct engine_config config = config_of(r);
	struct follow_setup setup = {
		.options = r->options,
		.config = &config,
		.operands = r->operands,
		.format = &r->format,
		.records = &r->records,
		.chars_are_bytes = r->chars_are_bytes,
		.watch = &r->watch,
	};

	r->watch.amount = operands_amount(r->operands, watch_wanted(r->options->progress));
	r->output_failed = !follow_run(&setup);
}

static void count_all(struct run *r)
{
	const struct options *o = r->options;
	struct engine_client client = {
		.arg = r, .next = next_operand, .done = operand_done, .settle = settle_lines, .drop = drop_operand};
	struct engine_config config = config_of(r);
	if (!r->journal && text_may_join(STDOUT_FILENO))
		r->format.lines = &r->lines;
	if (r->journal) {
		client.known = known_ranges;
		client.counted = range_counted;
	}
	struct engine_stats stats;
	uint64_t start = clock_now_ns();

	bool watched = watch_wanted(o->progress);
	r->watch.amount = operands_amount(r->operands, watched);
	r->watch.by_files = config.only_bytes && o->decompress == FORMAT_PLAIN;
	r->watch.utf8 = r->charset.class == CHARSET_UTF8;
	watch_start(&r->watch, o->progress, watched);
	int status = engine_run(&config, &client, &stats);
	int error = errno;
	watch_stop(&r->watch);
	if (status != 0) {
		errno = error;
		diag_error(errno, "cannot start counting");
		return;
	}
	print_total(r);
	if (o->stats != STATS_NONE) {
		struct stats_report report = {
			.engine = &stats,
			.counter = &r->counter,
			.operands = r->opened,
			.skipped = r->skipped,
			.bytes = r->totals.sum.bytes,
			.wall_ns = clock_now_ns() - start,
		};
		stats_print(o->stats, &report);
	}
	engine_stats_free(&stats);
}

/* Loads what the output takes. False: reported. */
static bool open_output(struct run *r)
{
	const struct options *o = r->options;

	if (o->journal || o->partial)
		partial_way_init(&r->way, &r->charset, o->decompress, partials_counts(&o->columns));
	if (o->journal) {
		r->journal = journal_open(o->journal, &r->way, &r->charset);
		if (!r->journal)
			return false;
	}
	if (o->partial) {
		r->json = records_library("--partial");
		return r->json != NULL;
	}
	return !o->json || records_open(&r->records, o->columns);
}

/* Can types be told? False: reported. */
static bool have_types(void)
{
	const char *why;
	struct filetype *f = filetype_new(&why);

	if (!f)
		diag_error(0, "--type: %s", why);
	filetype_free(f);
	return f != NULL;
}

/* After choose_kernel(). */
static void forget_way(struct run *r)
{
	free(r->totals.profile);
	counter_free(&r->counter);
	charset_free(&r->charset);
}

void run(const struct options *options)
{
	struct run r = {
		.options = options,
		.format.columns = options->columns,
		.page.columns = options->columns,
		.format.types = options->types != TYPES_NONE && options->total != TOTAL_ONLY,
	};

	if (options->merge) {
		merge_run(options);
		return;
	}
	if ((options->types != TYPES_NONE && !have_types()) || !choose_kernel(&r))
		return;
	if (!open_output(&r)) {
		journal_close(r.journal);
		forget_way(&r);
		return;
	}
	r.operands = operands_open(options);
	if (r.operands) {
		if (options->debug)
			print_debug(&r);
		r.format.width = operands_number_width(r.operands);
		if (options->follow)
			follow_all(&r);
		else
			count_all(&r);
		operands_close(r.operands);
		close_standard(&r);
	}
	journal_close(r.journal);
	records_close(&r.records);
	if (r.json)
		json_close(r.json);
	types_free(&r.types);
	forget_way(&r);
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

	if ((options->types != TYPES_NONE && !have_types()) || !choose_kernel(&r))
		return false;
	struct engine_config config = config_of(&r);
	if (serve(&config) != 0)
		diag_error(errno, "cannot set up counting");
	forget_way(&r);
	return true;
}
