/* SPDX-License-Identifier: BSD-2-Clause */
/* An engine's ranges into the journal and back; what is wrong with the journal, reported. */
#include "base/base.h"
#include "base/diag.h"
#include "base/quote.h"
#include "partial/journal.h"
#include "report/records.h"
#include "run/journaling.h"

#include <errno.h>
#include <stdlib.h>

struct journaling {
	const char *name;
	struct json *json;
	struct journal *journal;
};

static void report(const char *name, int error, const char *why)
{
	char *quoted = quote_own_name(name), *text = quote_text(why);

	diag_error(error, "journal %s%s%s", quoted, *why ? ": " : "", text);
	quote_free(text);
	quote_free(quoted);
}

struct journaling *journaling_open(const char *name, const struct partial_mode *mode,
                                   const struct charset *cs)
{
	struct journaling *j = calloc(1, sizeof *j);
	struct journal_fault fault;

	if (!j) {
		diag_error(errno, "--journal");
		return NULL;
	}
	j->name = name;
	j->json = records_library("--journal");
	if (j->json)
		j->journal = journal_open(name, j->json, mode, cs, &fault);
	if (j->journal)
		return j;
	if (j->json)
		report(name, fault.error, fault.why);
	journaling_close(j);
	return NULL;
}

/* Counting goes on without the journal, if it cannot be written. */
static void check(const struct journaling *j, int status)
{
	if (status != 0)
		report(j->name, errno, "");
}

void journaling_close(struct journaling *j)
{
	if (!j)
		return;
	check(j, journal_close(j->journal));
	if (j->json)
		json_close(j->json);
	free(j);
}

static struct journal_operand operand_of(const struct operand *op, int fd,
                                         const struct counted *range)
{
	struct journal_operand operand = {.name = op->implicit ? NULL : op->name, .fd = fd};

	partial_file_init(&operand.file, range->st, range->format, range->origin);
	return operand;
}

static void tell_void(const struct operand *op, const char *why)
{
	char *quoted = quote_own_name(operand_title(op));

	diag_note("journal: %s %s: counting all of it again", quoted, why);
	quote_free(quoted);
}

/* Do the ranges tell of points? Then they are of use from the first on only. */
static bool have_points(const struct partial_range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ranges[i].begin_bit > 0 || ranges[i].end_bit > 0)
			return true;
	return false;
}

/* How many of them follow each other from the beginning on, each from where the one before ends. */
static size_t chained(const struct partial_range *ranges, size_t n, uint64_t begin)
{
	uint64_t bit = 0;
	size_t i = 0;

	for (; i < n && ranges[i].begin == begin && ranges[i].begin_bit == bit; i++) {
		begin = ranges[i].end;
		bit = ranges[i].end_bit;
	}
	return i;
}

/*
 * How many of ranges[n] can be used that have points; where the rest of the file is to be entered
 * then is the first of known->point. If that point is damaged, all that is known of the operand is
 * void.
 */
static size_t use_chain(struct journaling *j, const struct operand *op,
                        const struct journal_operand *operand, const struct counted *range,
                        const struct partial_range *ranges, size_t n,
                        struct journaling_known *known)
{
	n = chained(ranges, n, range->begin);
	if (n == 0 || ranges[n - 1].end_bit == 0)
		return n;
	if (!known->point)
		return 0;
	if (journal_point(j->journal, &ranges[n - 1], known->point) == 0) {
		known->n_points = 1;
		known->joined = true;
		return n;
	}
	tell_void(op, "has a damaged restart point");
	check(j, journal_forget(j->journal, operand));
	return 0;
}

/* Adds points of ranges[n] that lie after what is known, evenly, up to `most` in all. */
static void add_points(struct journaling *j, const struct partial_range *ranges, size_t n,
                       uint64_t size, size_t most, struct journaling_known *known)
{
	uint64_t end = known->n > 0 ? known->range[known->n - 1].end : 0;

	for (size_t i = 0; i < n && known->n_points < most; i++) {
		/* As far from the last as there would be between all that are wanted. */
		uint64_t least = end + (size - end) / (most - known->n_points + 1);
		if (ranges[i].end_bit == 0 || ranges[i].end < least || ranges[i].end <= end)
			continue;
		if (journal_point(j->journal, &ranges[i], &known->point[known->n_points]) == 0) {
			known->n_points++;
			end = ranges[i].end;
		}
	}
}

/* The ranges as the engine has them. */
static void copy_ranges(struct journaling_known *known, const struct partial_range *ranges,
                        size_t n, const struct counted *range)
{
	known->range = n > 0 ? malloc(n * sizeof *known->range) : NULL;
	for (size_t i = 0; known->range && i < n; i++)
		if (ranges[i].begin >= range->begin && ranges[i].end <= range->end)
			known->range[known->n++] = (struct known_range){.begin = ranges[i].begin,
			                                                .end = ranges[i].end,
			                                                .tally = ranges[i].tally};
	/* What precedes a point is known, or the point is not. */
	if (known->joined && known->n < n)
		known->n = known->n_points = 0;
}

struct journaling_known journaling_known(struct journaling *j, const struct operand *op, int fd,
                                         const struct counted *range)
{
	struct journal_operand operand = operand_of(op, fd, range);
	struct journaling_known known = {0};
	const char *why;
	size_t n;
	const struct partial_range *ranges = journal_find(j->journal, &operand, &n, &why);

	if (why)
		tell_void(op, why);
	if (range->points > 0)
		known.point = malloc(range->points * sizeof *known.point);
	if (have_points(ranges, n))
		n = use_chain(j, op, &operand, range, ranges, n, &known);
	copy_ranges(&known, ranges, n, range);
	ranges = journal_find_points(j->journal, &operand, &n);
	if (known.point)
		add_points(j, ranges, n, range->end, range->points, &known);
	return known;
}

void journaling_counted(struct journaling *j, const struct operand *op, int fd,
                        const struct counted *range)
{
	struct journal_operand operand = operand_of(op, fd, range);
	const struct journal_range counted = {
		.begin = range->begin,
		.end = range->end,
		.begin_bit = range->begin_bit,
		.point = range->point,
		.tally = range->tally,
	};

	if (range->again)
		check(j, journal_forget(j->journal, &operand));
	check(j, journal_append(j->journal, &operand, &counted));
}

void journaling_done(struct journaling *j)
{
	check(j, journal_flush(j->journal));
}
