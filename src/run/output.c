/* SPDX-License-Identifier: BSD-2-Clause */
/* Operands' outcomes, printed in whichever form is asked for, and their faults, reported. */
#include "base/base.h"
#include "base/diag.h"
#include "base/quote.h"
#include "run/output.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- messages ---- */

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

static void report_shrunk(const struct operand *op, const struct counted *counted)
{
	char *quoted = quote_name(op->implicit ? "standard input" : op->name);

	diag_error(0, "%s: has shrunk: it ends at byte %llu now", quoted,
	           (unsigned long long)counted->end);
	quote_free(quoted);
}

/* Has it not been looked into at all? */
static bool not_decoded(const struct outcome *outcome)
{
	return decoder_is_missing(outcome->fault.cause);
}

static bool has_failed(const struct operand *op, const struct outcome *outcome)
{
	return op->skip || outcome->uncuttable || outcome->open_error || outcome->read_error ||
	       outcome->fault.cause != DECODE_OK || outcome->counted.short_of;
}

static void report_failure(const struct output *o, const struct operand *op,
                           const struct outcome *outcome)
{
	if (op->skip)
		operands_report_skip(o->operands, op);
	else if (outcome->uncuttable)
		report_uncuttable(op, outcome);
	else if (outcome->open_error || outcome->read_error)
		report_error(op, outcome->open_error ? outcome->open_error : outcome->read_error);
	else if (outcome->fault.cause != DECODE_OK)
		report_fault(op, &outcome->fault);
	else if (o->options->partial && outcome->counted.short_of)
		report_shrunk(op, &outcome->counted);
}

static bool write_failed(struct output *o)
{
	diag_error(errno, "write error");
	o->failed = true;
	return false;
}

/* ---- operands ---- */

bool output_flush(struct output *o)
{
	return text_flush(&o->format) == 0 || write_failed(o);
}

/* The partial of an operand, if it was counted to its end. False: it could not be written. */
static bool print_partial(struct output *o, const struct operand *op, const struct outcome *outcome)
{
	struct partial p;

	return !partials_make(&p, o->way, op, o->done, outcome) ||
	       partials_print(o->json, &p) == 0 || write_failed(o);
}

/*
 * The line of an operand, or its record; `counts` is NULL if there are none, and then there is no
 * line. False: it could not be written.
 */
static bool print_operand(struct output *o, const struct operand *op, const struct outcome *outcome,
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
	bool wanted = o->options->total != TOTAL_ONLY;
	bool summary = o->options->types == TYPES_SUMMARY;
	int status = 0;

	if (o->options->partial)
		return print_partial(o, op, outcome);
	if (o->options->json && !wanted)
		records_note(&o->records, &record);
	else if (o->options->json)
		status = records_operand(&o->records, &record);
	else if (counts && wanted && summary)
		types_add(&o->types, *outcome->type ? outcome->type : "-", counts);
	else if (counts && wanted && o->options->profile)
		status = page_operand(&o->page, counts, outcome->profile, outcome->type,
		                      record.name);
	else if (counts && wanted)
		status = text_line_typed(&o->format, counts, outcome->type, record.name);
	return status == 0 || write_failed(o);
}

bool output_operand(struct output *o, const struct operand *op, const struct outcome *outcome)
{
	struct counts counts = outcome->counts;
	bool counted =
		!op->skip && !outcome->open_error && !outcome->uncuttable && !not_decoded(outcome);

	o->done++;
	if (counted && outcome->not_text) {
		o->opened++;
		o->skipped++;
		return true;
	}
	if (counted) {
		o->opened++;
		if (o->counting->chars_are_bytes)
			counts.chars = counts.bytes;
		totals_add(&o->totals, &counts);
		if (o->totals.profile)
			profile_add(o->totals.profile, outcome->profile);
	}
	bool go_on = print_operand(o, op, outcome, counted ? &counts : NULL);
	if (go_on && has_failed(op, outcome)) {
		go_on = output_flush(o);
		if (go_on)
			report_failure(o, op, outcome);
	}
	return go_on;
}

void output_total(struct output *o)
{
	const struct options *options = o->options;

	if (o->failed || !output_flush(o))
		return;
	int error = operands_report_error(o->operands);
	if (types_print(&o->types, &o->format) != 0 || text_flush(&o->format) != 0) {
		write_failed(o);
		return;
	}
	if (options->partial || !totals_due(options->total, operands_taken(o->operands)))
		return;
	totals_report(&o->totals, &options->columns);
	int status = options->json      ? records_total(&o->records, &o->totals, error)
	             : options->profile ? page_total(&o->page, &o->totals)
	                                : text_total(&o->format, options->total, &o->totals);
	if (status == 0)
		status = text_flush(&o->format);
	if (status != 0)
		write_failed(o);
}

/* ---- opening and closing ---- */

bool output_open(struct output *o, const struct counting *counting, const struct partial_way *way)
{
	const struct options *options = counting->options;

	*o = (struct output){
		.options = options,
		.counting = counting,
		.way = way,
		.format.columns = options->columns,
		.format.types = options->types != TYPES_NONE && options->total != TOTAL_ONLY,
		.page.columns = options->columns,
	};
	if (options->profile) {
		o->totals.profile = calloc(1, sizeof *o->totals.profile);
		if (!o->totals.profile) {
			diag_error(errno, "cannot set up counting");
			return false;
		}
	}
	if (options->partial) {
		o->json = records_library("--partial");
		return o->json != NULL;
	}
	return !options->json || records_open(&o->records, options->columns);
}

void output_close(struct output *o)
{
	records_close(&o->records);
	if (o->json)
		json_close(o->json);
	types_free(&o->types);
	free(o->totals.profile);
}

void output_join_lines(struct output *o)
{
	if (text_may_join(STDOUT_FILENO))
		o->format.lines = &o->lines;
}
