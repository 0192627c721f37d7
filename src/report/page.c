/* SPDX-License-Identifier: BSD-2-Clause */
/* The pages of --profile: one for each operand, and one of totals. */
#include "base/base.h"
#include "report/formatter.h"

#include "base/quote.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BAR_MAX = 40 };

static void put_label(FILE *out, const char *label)
{
	fprintf(out, "  %-14s ", label);
}

/* " 12.3%"; what is there, however little, is more than nothing. */
static void put_percent(FILE *out, uint64_t part, uint64_t whole)
{
	double percent = whole > 0 ? 100 * (double)part / (double)whole : 0;

	if (part > 0 && percent < 0.05)
		fprintf(out, "%6s", "<0.1%");
	else
		fprintf(out, "%5.1f%%", percent);
}

static void put_counts(FILE *out, const struct columns *columns, const struct counts *n)
{
	const struct {
		bool wanted;
		uint64_t number;
		const char *one, *many;
	} column[] = {
		{columns->lines, n->lines, "newline", "newlines"},
		{columns->records, n->records.records, "record", "records"},
		{columns->words, n->words, "word", "words"},
		{columns->chars, n->chars, "character", "characters"},
		{columns->bytes, n->bytes, "byte", "bytes"},
		{columns->width, n->width, "column", "columns"},
	};
	const char *separator = "";

	put_label(out, "counts");
	for (size_t i = 0; i < ARRAY_LEN(column); i++) {
		if (!column[i].wanted)
			continue;
		fprintf(out, "%s%" PRIu64 " %s", separator, column[i].number,
		        column[i].number == 1 ? column[i].one : column[i].many);
		separator = ", ";
	}
	fputc('\n', out);
}

static void put_endings(FILE *out, const struct profile *p)
{
	uint64_t crs = p->byte['\r'] - p->crlf;
	const struct {
		const char *name;
		uint64_t number;
	} ending[] = {{"LF", p->lines - p->crlf}, {"CR LF", p->crlf}, {"CR alone", crs}};
	unsigned kinds = 0;

	put_label(out, "line endings");
	for (size_t i = 0; i < ARRAY_LEN(ending); i++)
		if (ending[i].number > 0)
			fprintf(out, "%s%s %" PRIu64, kinds++ > 0 ? ", " : "", ending[i].name,
			        ending[i].number);
	fprintf(out, "%s\n", kinds == 0 ? "none" : kinds > 1 ? ": mixed" : "");
}

/* Columns of "LEAST-MOST". */
static int range_width(uint64_t least, uint64_t most)
{
	return least == most ? snprintf(NULL, 0, "%" PRIu64, least)
	                     : snprintf(NULL, 0, "%" PRIu64 "-%" PRIu64, least, most);
}

/* The last length of the row that begins with `least`: rows are 0, 1, 2-3, 4-7 and so on. */
static uint64_t row_end(uint64_t least)
{
	return least == 0 ? 0 : least + (least - 1);
}

/* Lines by length, a row for each power of two from the first that has any to the last. */
static void put_lengths(FILE *out, const struct profile *p)
{
	uint64_t least = 0, end = p->longest.length, highest = 0;

	while (row_end(least) < p->shortest)
		least = row_end(least) + 1;
	uint64_t last = least;
	for (uint64_t row = least; row <= end; row = row_end(row) + 1) {
		highest = max_u64(highest, profile_lines_of(p, row, row_end(row)));
		last = row;
		if (row_end(row) == UINT64_MAX)
			break;
	}
	int range = range_width(last, row_end(last)), number = range_width(highest, highest);
	for (uint64_t row = least; row <= last; row = row_end(row) + 1) {
		uint64_t lines = profile_lines_of(p, row, row_end(row));
		int bar = (int)share_of(BAR_MAX, lines, highest, true);
		fprintf(out, "    %*s", range - range_width(row, row_end(row)), "");
		if (row == row_end(row))
			fprintf(out, "%" PRIu64, row);
		else
			fprintf(out, "%" PRIu64 "-%" PRIu64, row, row_end(row));
		fprintf(out, "  %*" PRIu64 " ", number, lines);
		put_percent(out, lines, profile_lines(p));
		fprintf(out, "%s%.*s\n", bar > 0 ? "  " : "", bar,
		        "########################################");
		if (row_end(row) == UINT64_MAX)
			break;
	}
}

/* Numbers and offsets are of a file; `total`: of many, there are none. */
static void put_lines(FILE *out, const struct profile *p, bool total)
{
	const struct profile_line *longest = &p->longest;

	put_endings(out, p);
	if (profile_lines(p) == 0)
		return;
	put_label(out, "last line");
	if (!total || p->unended == 0)
		fprintf(out, "%s\n",
		        p->unended > 0 ? "has no newline at its end" : "ends in a newline");
	else
		fprintf(out, "has no newline at its end in %" PRIu64 " of them\n", p->unended);
	put_label(out, "blank lines");
	fprintf(out, "%" PRIu64 "\n", p->length[0]);
	put_label(out, "line length");
	fprintf(out, "min %" PRIu64 ", median %" PRIu64 ", p90 %" PRIu64 ", p99 %" PRIu64,
	        p->shortest, profile_percentile(p, 50), profile_percentile(p, 90),
	        profile_percentile(p, 99));
	fprintf(out, ", max %" PRIu64 ", mean %.1f bytes\n", longest->length, profile_mean(p));
	if (!total) {
		put_label(out, "longest line");
		fprintf(out, "number %" PRIu64 ", from byte %" PRIu64 " on\n", longest->number,
		        longest->offset);
	}
	put_lengths(out, p);
}

static void put_bytes(FILE *out, const struct profile *p)
{
	static const char *const names[PROFILE_KINDS] = {
		[PROFILE_LETTERS] = "letters",         [PROFILE_SPACE] = "space",
		[PROFILE_PUNCTUATION] = "punctuation", [PROFILE_DIGITS] = "digits",
		[PROFILE_CONTROL] = "control",         [PROFILE_NON_ASCII] = "non-ASCII",
	};
	const char *separator = "";

	put_label(out, "bytes");
	for (unsigned k = 0; k < PROFILE_KINDS; k++) {
		uint64_t bytes = profile_kind(p, (enum profile_kind)k);
		if (bytes == 0)
			continue;
		double percent = 100 * (double)bytes / (double)p->bytes;
		fprintf(out, percent < 0.05 ? "%s%s <0.1%%" : "%s%s %.1f%%", separator, names[k],
		        percent);
		separator = ", ";
	}
	fputc('\n', out);
	put_label(out, "entropy");
	fprintf(out, "%.2f bits a byte\n", profile_entropy(p));
}

static void put_errors(FILE *out, const struct profile *p, uint64_t errors, const char *encoding,
                       bool bom)
{
	put_label(out, "encoding");
	if (encoding)
		fprintf(out, "%s%s: ", encoding, bom ? " with a byte order mark" : "");
	if (errors == 0)
		fprintf(out, "no errors\n");
	else if (!p->has_error)
		fprintf(out, "%" PRIu64 " error%s\n", errors, errors == 1 ? "" : "s");
	else
		fprintf(out, "%" PRIu64 " error%s, the first at byte %" PRIu64 "\n", errors,
		        errors == 1 ? "" : "s", p->error_at);
}

/* A page of an operand, or, if `record` is NULL, that of the totals. */
static int print_page(struct report *r, const struct counts *counts, const struct profile *p,
                      const struct record *record, const char *heading)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return -1;
	fprintf(out, "%s%s\n", r->has_page ? "\n" : "", heading);
	put_counts(out, &r->columns, counts);
	if (record && *record->outcome->type) {
		put_label(out, "type");
		fprintf(out, "%s\n", record->outcome->type);
	}
	put_lines(out, p, !record);
	if (p->bytes > 0) {
		bool own = record && record->encoding;
		put_errors(out, p, counts->errors, own ? record->encoding : r->encoding,
		           own && record->bom);
		put_label(out, "NUL bytes");
		fprintf(out, "%" PRIu64 "\n", p->byte[0]);
		put_bytes(out, p);
	}
	int status = ferror(out) ? -1 : 0;
	if (fclose(out) != 0)
		status = -1;
	r->has_page = true;
	if (status == 0)
		status = sink_put(&r->sink, text, size);
	int saved = errno;
	free(text);
	errno = saved;
	return status;
}

static int print_operand(struct report *r, const struct record *record)
{
	const char *name = record->name ? record->name : STDIN_TITLE;
	char *quoted = quote_is_harmless(name) ? NULL : quote_own_name(name);
	int status = print_page(r, record->counts, record->outcome->profile, record,
	                        quoted ? quoted : name);
	int saved = errno;

	quote_free(quoted);
	errno = saved;
	return status;
}

static int print_total(struct report *r, const struct totals *totals, int error UNUSED)
{
	return print_page(r, &totals->sum, totals->profile, NULL, "total");
}

const struct formatter formatter_page = {
	.forms = FORM_PROFILE,
	.line = print_operand,
	.total = print_total,
};
