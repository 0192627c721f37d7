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

struct known_range *journaling_known(struct journaling *j, const struct operand *op, int fd,
                                     const struct counted *range, size_t *n)
{
	struct journal_operand operand = operand_of(op, fd, range);
	const char *why;
	size_t all;
	const struct partial_range *ranges = journal_find(j->journal, &operand, &all, &why);

	*n = 0;
	if (why) {
		char *quoted = quote_own_name(operand_title(op));
		diag_note("journal: %s %s: counting all of it again", quoted, why);
		quote_free(quoted);
	}
	struct known_range *known = all > 0 ? malloc(all * sizeof *known) : NULL;
	for (size_t i = 0; known && i < all; i++)
		if (ranges[i].begin >= range->begin && ranges[i].end <= range->end)
			known[(*n)++] = (struct known_range){.begin = ranges[i].begin,
			                                     .end = ranges[i].end,
			                                     .tally = ranges[i].tally};
	return known;
}

void journaling_counted(struct journaling *j, const struct operand *op, int fd,
                        const struct counted *range)
{
	struct journal_operand operand = operand_of(op, fd, range);

	check(j, journal_append(j->journal, &operand, range->begin, range->end, range->tally));
}

void journaling_done(struct journaling *j)
{
	check(j, journal_flush(j->journal));
}
