/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --merge: reads all lines, merges those that fit together, reports those that do not, and prints
 * counts, or with --partial the merged lines. A line that is none at all ends it before anything is
 * printed.
 */
#include "base/base.h"
#include "base/size.h"
#include "base/diag.h"
#include "base/fd.h"
#include "base/quote.h"
#include "partial/collection.h"
#include "partial/load.h"
#include "report/quote_faults.h"
#include "report/records.h"
#include "run/merge.h"
#include "run/output.h"
#include "run/partials.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STATUS_UNFIT = 3 };

struct merge {
	const struct options *options;
	struct json *json;
	struct collection *collection;
	struct charset charset;
	bool failed; /* something is not as a line of partials has to be, and is reported */
	bool unfit;  /* something does not fit, and is reported */
	/* To print with. */
	struct columns columns;
	struct report report;
	struct totals totals;
	uint64_t names; /* operands that have one */
};

static const char *source_name(const struct merge *m, uint32_t source)
{
	return m->options->n_names > 0 ? m->options->names[source] : "-";
}

/* "NAME:LINE", for free(). NULL: no memory. */
static char *place_text(const struct merge *m, struct partial_place place)
{
	const char *name = source_name(m, place.source);
	char *quoted = strcmp(name, "-") == 0 ? NULL : quote_own_name(name), *text;

	if (asprintf(&text, "%s:%llu", quoted ? quoted : STDIN_TITLE,
	             (unsigned long long)place.line) < 0)
		text = NULL;
	quote_free(quoted);
	return text;
}

/* What place_text() has made, or what stands for it. */
static const char *or_lost(const char *text)
{
	return text ? text : "(a line: out of memory)";
}

static char *operand_text(const struct partial_operand *operand)
{
	return quote_own_name(operand->name ? operand->name : STDIN_TITLE);
}

/* ---- what does not fit ---- */

static void on_problem(void *arg, const struct partial_problem *p)
{
	struct merge *m = arg;
	char *texts[] = {place_text(m, p->a), place_text(m, p->b)};
	const char *a = or_lost(texts[0]), *b = or_lost(texts[1]);
	char *name = p->operand ? operand_text(p->operand) : NULL;

	m->unfit = true;
	switch (p->kind) {
	case PARTIAL_OTHER_MODE:
		diag_error(0, "%s: not compatible with %s: version, charset or options differ", a,
		           b);
		break;
	case PARTIAL_OTHER_FILE:
		diag_error(0, "%s: %s: describes another version of the file than %s", name, a, b);
		break;
	case PARTIAL_OVERLAP:
		diag_error(0, "%s: bytes %llu to %llu: counted in both %s and %s", name,
		           (unsigned long long)p->begin, (unsigned long long)p->end, b, a);
		break;
	case PARTIAL_CONTRADICTION:
		diag_error(0, "%s: bytes %llu to %llu: %s contradicts %s", name,
		           (unsigned long long)p->begin, (unsigned long long)p->end, a, b);
		break;
	case PARTIAL_TOO_LARGE:
		diag_error(0, "%s: %s: the sum of the counts is too large", name, a);
		break;
	}
	free(texts[0]);
	free(texts[1]);
	quote_free(name);
}

/* Is anything missing of the operand? Then it is reported. */
static bool report_gaps(struct merge *m, const struct partial_operand *operand)
{
	uint64_t begin, end, from = 0;
	bool any = false;

	while (!operand->broken && partial_gap(operand, from, &begin, &end)) {
		char *name = operand_text(operand);
		diag_error(0, "%s: bytes %llu to %llu are missing", name, (unsigned long long)begin,
		           (unsigned long long)end);
		quote_free(name);
		from = end;
		any = true;
	}
	m->unfit |= any;
	return any;
}

/* ---- reading ---- */

static void bad_line(void *arg, struct partial_place place, const char *why)
{
	struct merge *m = arg;
	char *text = place_text(m, place), *quoted = quote_text(why);

	diag_error(0, "%s: %s", or_lost(text), quoted);
	quote_free(quoted);
	free(text);
	m->failed = true;
}

static void read_source(struct merge *m, uint32_t source)
{
	const char *name = source_name(m, source);
	bool is_stdin = strcmp(name, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open_above_stdio(name, O_RDONLY);

	if (fd < 0 || load_lines(m->collection, m->json, fd, source, bad_line, m) != 0) {
		int error = errno;
		char *quoted = quote_own_name(is_stdin ? STDIN_TITLE : name);
		diag_error(error, "%s", quoted);
		quote_free(quoted);
		m->failed = true;
	}
	if (fd >= 0 && !is_stdin)
		close(fd);
}

/*
 * Sets up the charset of the lines, to decide what they leave open at their edges. 0, or -1: this
 * locale has another, which is reported.
 */
static int take_charset(struct merge *m, const struct partial_mode *mode)
{
	struct partial_mode own;

	charset_init(&m->charset, mode->posixly_correct);
	partial_mode_init(&own, &m->charset, mode->decompress, mode->counts, mode->records);
	if (strcmp(own.charset, mode->charset) == 0 && own.class == mode->class)
		return 0;
	char *quoted = quote_own_name(mode->charset);
	diag_error(0, "the partial counts are in charset %s, but the locale has %s: set LC_CTYPE",
	           quoted, own.charset);
	quote_free(quoted);
	return -1;
}

/* What to print: what was asked for here, else what was counted. 0, or -1: reported. */
static int take_columns(struct merge *m, const struct partial_mode *mode)
{
	m->columns =
		m->options->columns_given ? m->options->columns : partials_columns(mode->counts);
	if (partials_counts(&m->columns) & ~mode->counts) {
		diag_error(0, "the partial counts do not include all selected counts");
		return -1;
	}
	if (!m->columns.records || !m->options->columns_given ||
	    record_kind_same(m->options->records, mode->records))
		return 0;
	char kind[RECORD_KIND_MAX];
	record_kind_text(mode->records, kind);
	diag_error(0, "the partial counts have records of another kind: %s", kind);
	return -1;
}

/* ---- printing ---- */

/* As wide as if the names had been on the command line: see operands_number_width(). */
static unsigned number_width(const struct merge *m, const struct partial_mode *mode)
{
	size_t n = collection_size(m->collection);
	bool unknown = mode->decompress != FORMAT_PLAIN;
	uint64_t sum = 0;

	if (m->options->total == TOTAL_ONLY || (n == 1 && columns_count(m->columns) == 1))
		return 1;
	for (size_t i = 0; i < n; i++) {
		const struct partial_file *file = &collection_at(m->collection, i)->file;
		unknown |= !file->regular;
		(void)add_overflows(&sum, file->size);
	}
	return (unsigned)max_u64(unknown ? 7 : 1, number_digits(sum));
}

static int print_counts(struct merge *m, const struct partial_mode *mode,
                        const struct partial_operand *operand)
{
	struct outcome outcome = {.counts = tally_finish(&m->charset, &operand->range[0].tally)};
	struct record record = {
		.name = operand->name, .counts = &outcome.counts, .outcome = &outcome};

	if (mode->class == CHARSET_SINGLE)
		outcome.counts.chars = outcome.counts.bytes;
	totals_add(&m->totals, &outcome.counts);
	m->names += operand->name != NULL;
	if (report_operand(&m->report, &record) != 0)
		return -1;
	if (!quote_faults_any(&outcome.counts.records))
		return 0;
	if (sink_flush(&m->report.sink) != 0)
		return -1;
	quote_faults_report(operand->name ? operand->name : STDIN_TITLE, &outcome.counts.records);
	return 0;
}

static int print_partials(struct merge *m, const struct partial_mode *mode,
                          const struct partial_operand *operand)
{
	struct partial p = {.mode = *mode,
	                    .name = operand->name,
	                    .operand = operand->number,
	                    .file = operand->file};
	struct outcome outcome = {.open_error = 0};
	struct record record = {.name = operand->name,
	                        .counts = &outcome.counts,
	                        .outcome = &outcome,
	                        .partial = &p};

	for (size_t i = 0; i < operand->n_ranges; i++) {
		p.begin = operand->range[i].begin;
		p.end = operand->range[i].end;
		p.tally = operand->range[i].tally;
		if (report_operand(&m->report, &record) != 0)
			return -1;
	}
	return 0;
}

/* Totals are of everything, or not at all. */
static int print_total(struct merge *m)
{
	if (m->unfit || !report_total_due(&m->report, m->names))
		return 0;
	totals_report(&m->totals, &m->columns);
	return report_total(&m->report, &m->totals, 0);
}

static void print_all(struct merge *m, const struct partial_mode *mode)
{
	size_t n = collection_size(m->collection);
	int status = 0;

	m->report.width = number_width(m, mode);
	for (size_t i = 0; i < n && status == 0; i++) {
		const struct partial_operand *operand = collection_at(m->collection, i);
		if (operand->broken)
			continue;
		if (m->options->partial)
			status = print_partials(m, mode, operand);
		else if (!report_gaps(m, operand))
			status = print_counts(m, mode, operand);
	}
	if (status == 0)
		status = print_total(m);
	if (status != 0 || (close(STDOUT_FILENO) != 0 && errno != EBADF))
		diag_error(errno, "write error");
}

static void merge_all(struct merge *m)
{
	uint32_t sources = m->options->n_names > 0 ? (uint32_t)m->options->n_names : 1;

	for (uint32_t i = 0; i < sources; i++)
		read_source(m, i);
	const struct partial_mode *mode = collection_mode(m->collection);
	if (!mode && !m->failed)
		diag_error(0, "no partial counts to merge");
	if (m->failed || !mode || take_charset(m, mode) != 0 || take_columns(m, mode) != 0)
		return;
	m->report = (struct report){.forms = output_forms(m->options),
	                            .columns = m->columns,
	                            .total = m->options->total};
	if (report_open(&m->report) == 0) {
		collection_finalize(m->collection, &m->charset);
		print_all(m, mode);
	}
	report_close(&m->report);
	if (m->unfit)
		diag_fail_with(STATUS_UNFIT);
}

void merge_run(const struct options *options)
{
	struct merge m = {.options = options, .json = records_library("--merge")};

	if (!m.json)
		return;
	m.collection = collection_new(on_problem, &m);
	if (m.collection)
		merge_all(&m);
	else
		diag_error(errno, "--merge");
	collection_free(m.collection);
	json_close(m.json);
}
