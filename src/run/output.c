/* SPDX-License-Identifier: BSD-2-Clause */
/* Operands' outcomes, printed in whichever form is asked for, and their faults, reported. */
#include "base/base.h"
#include "base/diag.h"
#include "base/fd.h"
#include "base/quote.h"
#include "report/quote_faults.h"
#include "run/output.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- messages ---- */

static void report_error(const struct operand *op, int error)
{
	char *quoted = quote_name(operand_title(op));

	diag_error(error, "%s", quoted);
	quote_free(quoted);
}

static void report_fault(const struct operand *op, const struct decode_fault *fault)
{
	char *quoted = quote_own_name(operand_title(op));
	char text[DECODE_TEXT_MAX];

	decoder_fault_text(fault, text);
	diag_error(0, "%s: %s", quoted, text);
	quote_free(quoted);
}

/* Why a part of it could not be had, without the name. */
static const char *unsplittable_text(const struct outcome *outcome)
{
	return outcome->counted.format == FORMAT_PLAIN
	               ? "cannot be counted in parts: not a regular file"
	               : "cannot be counted in parts: compressed data without known boundaries";
}

static void report_unsplittable(const struct operand *op, const struct outcome *outcome)
{
	char *quoted = quote_own_name(operand_title(op));

	diag_error(0, "%s: %s", quoted, unsplittable_text(outcome));
	quote_free(quoted);
}

static void report_shrunk(const struct operand *op, const struct counted *counted)
{
	char *quoted = quote_own_name(operand_title(op));

	diag_error(0, "%s: has shrunk; it now ends at byte %llu", quoted,
	           (unsigned long long)counted->end);
	quote_free(quoted);
}

static void put_note(const struct operand *op, const char *text, const char *more)
{
	char *quoted = quote_own_name(operand_title(op));

	diag_note("%s: %s%s", quoted, text, more);
	quote_free(quoted);
}

/*
 * That nothing is printed of an operand needs a word if it is the only one. Among many nobody
 * misses it, or would want to read of each.
 */
static void note_skipped(const struct output *o, const struct operand *op)
{
	if (o->options->n_names <= 1 && !o->options->recursive && !o->options->files0_from)
		put_note(op, "skipped, since it is not text", "");
}

/* For --text: of a part of a file no encoding could be named. */
static void note_as_bytes(const struct output *o, const struct operand *op)
{
	const struct file_range *range = &o->options->range;
	bool part = range->parts > 0 || range->some || o->options->partial;

	put_note(op, "UTF-16 or UTF-32 is counted as bytes here",
	         part ? "" : "; --encoding=auto counts its characters");
}

/* For --debug: why there was but one worker to decode it, or each of its members. */
static void note_one_worker(const struct operand *op, const struct outcome *outcome)
{
	static const char *const words[] = {
		[ONE_WORKER_NOT] = NULL,
		[ONE_WORKER_STREAM] = "decoded by one worker: it is a stream",
		[ONE_WORKER_CHARSET] = "decoded by one worker: the charset's characters are "
				       "decided from the start on",
		[ONE_WORKER_ENCODING] = "decoded by one worker: its text is transcoded from the "
					"start on",
		[ONE_WORKER_RANGES] = "each member is decoded by one worker: parts and the "
				      "journal's ranges end between members",
		[ONE_WORKER_PROCESSES] = "decoded by one worker: gzip is shared by threads only",
		[ONE_WORKER_SMALL] = "decoded by one worker: it is small, or there are fewer than "
				     "three processors",
		[ONE_WORKER_AGAIN] = "decoded again by one worker: several, or one who began at a "
				     "restart point, could not, or found something wrong",
		[ONE_WORKER_RESUMED] = "decoded by one worker: no good block was found at "
				       "compressed offset ",
	};
	char offset[32] = "";

	if (outcome->one_worker == ONE_WORKER_RESUMED)
		snprintf(offset, sizeof offset, "%llu",
		         (unsigned long long)outcome->one_worker_from);
	put_note(op, words[outcome->one_worker], offset);
}

/* For --debug: that it was entered at points. */
static void note_points(const struct operand *op, const struct outcome *outcome)
{
	char number[64];

	snprintf(number, sizeof number, "%llu of the journal's restart points",
	         (unsigned long long)outcome->points);
	put_note(op, "decoded from ", number);
}

/* Has nothing of it been decoded, for want of a library? */
static bool not_decoded(const struct outcome *outcome)
{
	return decoder_is_missing(outcome->fault.cause);
}

static bool has_failed(const struct operand *op, const struct outcome *outcome)
{
	return op->skip || outcome->unsplittable || outcome->open_error || outcome->read_error ||
	       outcome->fault.cause != DECODE_OK || outcome->counted.truncated;
}

static void report_failure(const struct output *o, const struct operand *op,
                           const struct outcome *outcome)
{
	if (op->skip) {
		operands_report_skip(o->operands, op);
	} else if (outcome->unsplittable) {
		report_unsplittable(op, outcome);
	} else if (outcome->open_error) {
		report_error(op, outcome->open_error);
		operands_hint(o->operands, op, outcome->open_error);
	} else if (outcome->read_error) {
		report_error(op, outcome->read_error);
	} else if (outcome->fault.cause != DECODE_OK) {
		report_fault(op, &outcome->fault);
	} else if ((o->options->partial || o->options->borders > 0) && outcome->counted.truncated) {
		report_shrunk(op, &outcome->counted);
	}
}

/* Reports that something could not be written. Returns -1. */
static int write_failed(struct output *o)
{
	if (o->file >= 0)
		diag_name_error(errno, o->options->output);
	else
		diag_error(errno, "write error");
	o->failed = true;
	return -1;
}

/* ---- operands ---- */

int output_flush(struct output *o)
{
	return sink_flush(&o->report.sink) == 0 ? 0 : write_failed(o);
}

/*
 * The encoding that the operand's text was decoded from; NULL: nothing is to be said of it,
 * whatever the outcome claims, which may come from a worker that has been taken over.
 */
static const char *encoding_decoded(const struct output *o, const struct outcome *outcome)
{
	const struct encoding *e = &o->counting->encoding;

	if (e->mode == ENCODING_LOCALE)
		return NULL;
	if (outcome->form_told)
		return encoding_name(e, outcome->form);
	bool named = e->mode == ENCODING_NAMED && encoding_bytes_needed(e) == 0;
	return named ? encoding_name(e, e->form) : NULL;
}

/* Prints an operand; `counts` is NULL if there are none. 0, or -1: reported. */
static int print_operand(struct output *o, const struct operand *op, const struct outcome *outcome,
                         const struct counts *counts, enum note note)
{
	struct partial partial;
	struct record record = {
		.name = op->implicit ? NULL : op->name,
		.counts = counts,
		.outcome = outcome,
		.refused = op->skip && !op->skip_error ? operands_skip_text(op) : NULL,
		.refused_error = op->skip_error,
		.note = note,
		.encoding = encoding_decoded(o, outcome),
		.bom = outcome->form_told && outcome->bom_length > 0,
	};

	if (outcome->unsplittable)
		record.refused = unsplittable_text(outcome);
	if (o->options->partial && partials_make(&partial, o->mode, op, o->done, outcome) == 0)
		record.partial = &partial;
	return report_operand(&o->report, &record) == 0 ? 0 : write_failed(o);
}

/* What is to be said of an operand that was counted, other than that it failed. */
static int print_notes(struct output *o, const struct operand *op, const struct outcome *outcome,
                       enum note remark)
{
	const char *encoding = outcome->form_told ? encoding_decoded(o, outcome) : NULL;
	bool debug = o->options->debug && encoding;
	bool one_worker = o->options->debug && outcome->one_worker != ONE_WORKER_NOT;
	/* Once: where one is, many may be. If bytes are all that is counted, it is no loss. */
	bool as_bytes = outcome->as_bytes && !o->told_as_bytes && o->counting->counter.needs != 0;

	bool points = o->options->debug && outcome->points > 0;

	if (!debug && !one_worker && !points && !as_bytes && !note_text(remark))
		return 0;
	if (output_flush(o) != 0)
		return -1;
	if (debug)
		put_note(op, encoding, outcome->bom_length > 0 ? " with a byte order mark" : "");
	if (one_worker)
		note_one_worker(op, outcome);
	if (points)
		note_points(op, outcome);
	if (as_bytes)
		note_as_bytes(o, op);
	o->told_as_bytes |= as_bytes;
	if (note_text(remark))
		put_note(op, note_text(remark), "");
	return 0;
}

/* The part whose beginning is known, if there is one, ends at `end`. 0, or -1: reported. */
static int print_part(struct output *o, uint64_t end)
{
	if (o->part.parts == 0)
		return 0;
	o->part.end = end;
	int status = report_part(&o->report, &o->part);
	o->part.parts = 0;
	return status == 0 ? 0 : write_failed(o);
}

int output_part_begins(struct output *o, const struct operand *op, uint64_t part,
                       const struct counted *range)
{
	if (print_part(o, range->begin) != 0)
		return -1;
	o->before = tally_finish(&o->counting->charset, range->tally);
	o->part = (struct part){
		.name = op->implicit ? NULL : op->name,
		.number = part + 1,
		.parts = o->options->borders,
		.begin = range->begin,
		.before = &o->before,
	};
	return 0;
}

/* The operand is complete, and with it its last part. After a fault nobody knows where it ends. */
static int end_parts(struct output *o, const struct outcome *outcome, bool failed)
{
	if (failed)
		o->part.parts = 0;
	return print_part(o, outcome->counted.end);
}

int output_operand(struct output *o, const struct operand *op, const struct outcome *outcome)
{
	struct counts counts = outcome->counts;
	bool counted = !op->skip && !outcome->open_error && !outcome->unsplittable &&
	               !not_decoded(outcome);

	o->done++;
	if (counted && outcome->not_text) {
		o->opened++;
		o->skipped++;
		note_skipped(o, op);
		return 0;
	}
	if (counted) {
		o->opened++;
		if (o->counting->chars_are_bytes)
			counts.chars = counts.bytes;
		totals_add(&o->totals, &counts);
		if (o->totals.profile)
			profile_add(o->totals.profile, outcome->profile);
	}
	bool failed = has_failed(op, outcome);
	enum note note = failed ? NOTE_NONE : note_of_name(outcome->note, op->name);
	if (end_parts(o, outcome, failed) != 0 ||
	    print_operand(o, op, outcome, counted ? &counts : NULL, note) != 0 ||
	    (counted && print_notes(o, op, outcome, note) != 0))
		return -1;
	/* What a part makes of its quotes shows when it is merged. */
	bool quotes = counted && o->options->columns.records && !o->options->partial &&
	              quote_faults_any(&counts.records);
	if ((failed || quotes) && output_flush(o) != 0)
		return -1;
	if (failed)
		report_failure(o, op, outcome);
	if (quotes)
		quote_faults_report(operand_title(op), &counts.records);
	return 0;
}

void output_total(struct output *o)
{
	if (o->failed || output_flush(o) != 0)
		return;
	int error = operands_report_error(o->operands);
	int status = report_end(&o->report);
	if (status == 0 && report_total_due(&o->report, operands_taken(o->operands))) {
		/* What was kept so far precedes a message. */
		status = sink_flush(&o->report.sink);
		if (status == 0) {
			totals_report(&o->totals, &o->options->columns);
			status = report_total(&o->report, &o->totals, error);
		}
	}
	if (status != 0)
		(void)write_failed(o);
	else
		(void)output_flush(o);
}

/* ---- opening and closing ---- */

unsigned output_forms(const struct options *options)
{
	return (options->json ? FORM_JSON : 0u) | (options->profile ? FORM_PROFILE : 0u) |
	       (options->types == TYPES_SUMMARY ? FORM_SUMMARY : 0u) |
	       (options->partial ? FORM_PARTIAL : 0u) | (options->borders > 0 ? FORM_BORDERS : 0u);
}

/* The encoding that text is checked against: NULL: found out for each file. */
static const char *encoding_checked(const struct options *options)
{
	if (strcmp(options->encoding, "auto") == 0)
		return NULL;
	return strcmp(options->encoding, "locale") == 0 ? nl_langinfo(CODESET) : options->encoding;
}

/*
 * Checks, before anything is counted, that what the report of --stats takes can be had. 0, or -1:
 * reported.
 */
static int open_stats(struct output *o)
{
	const struct options *options = o->options;

	if (options->stats == STATS_JSON) {
		struct json *json = stats_library();
		if (!json)
			return -1;
		json_close(json);
	}
	o->stats_fd = STDERR_FILENO;
	if (!options->stats_file)
		return 0;
	o->stats_fd = create_above_stdio(options->stats_file);
	if (o->stats_fd < 0)
		diag_name_error(errno, options->stats_file);
	return o->stats_fd >= 0 ? 0 : -1;
}

void output_stats(struct output *o, const struct stats_report *report)
{
	if (o->options->stats == STATS_NONE)
		return;
	stats_print(o->options->stats, report, o->stats_fd);
	if (o->stats_fd != STDERR_FILENO && close(o->stats_fd) != 0)
		diag_name_error(errno, o->options->stats_file);
}

/* Where the counts go: 0, or -1: it cannot be opened, which is reported. */
static int open_file(struct output *o)
{
	o->report.sink.fd = o->options->tee ? STDERR_FILENO : 0;
	if (!o->options->output)
		return 0;
	o->file = o->report.sink.fd = create_above_stdio(o->options->output);
	if (o->file < 0)
		diag_name_error(errno, o->options->output);
	return o->file >= 0 ? 0 : -1;
}

int output_close_file(struct output *o)
{
	int fd = o->file;

	o->file = -1;
	if (fd < 0 || close(fd) == 0)
		return 0;
	diag_name_error(errno, o->options->output);
	return -1;
}

int output_open(struct output *o, const struct counting *counting, const struct partial_mode *mode)
{
	const struct options *options = counting->options;

	*o = (struct output){
		.options = options,
		.counting = counting,
		.mode = mode,
		.file = -1,
		.report = {.forms = output_forms(options),
	                   .columns = options->columns,
	                   .total = options->total,
	                   .encoding = encoding_checked(options),
	                   .types = options->types != TYPES_NONE && options->total != TOTAL_ONLY},
	};
	if (options->profile) {
		o->totals.profile = calloc(1, sizeof *o->totals.profile);
		if (!o->totals.profile) {
			diag_error(errno, "cannot set up counting");
			return -1;
		}
	}
	return open_file(o) == 0 && open_stats(o) == 0 ? report_open(&o->report) : -1;
}

void output_close(struct output *o)
{
	report_close(&o->report);
	free(o->totals.profile);
}

void output_join_lines(struct output *o)
{
	int fd = o->report.sink.fd;

	o->report.sink.joins = sink_may_join(fd > 0 ? fd : STDOUT_FILENO);
}
