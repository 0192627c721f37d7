/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What comes out of a run: lines, pages, records or partials, messages, totals, in the operands'
 * order.
 */
#ifndef PCOUNT_RUN_OUTPUT_H
#define PCOUNT_RUN_OUTPUT_H

#include "base/base.h"
#include "cli/operands.h"
#include "report/formatter.h"
#include "report/stats.h"
#include "run/counting.h"
#include "run/partials.h"

struct output {
	const struct options *options;
	const struct counting *counting;
	const struct partial_mode *mode; /* --partial */
	struct operands *operands;       /* NULL until they are there; report what they skip */
	struct report report;
	struct totals totals;
	struct part part;     /* --borders: of which the end is not known yet; `parts` 0: none */
	struct counts before; /* what precedes it */
	uint64_t done;        /* operands so far */
	uint64_t opened;
	uint64_t skipped;   /* of them, not text, and so not counted */
	bool told_as_bytes; /* it has been said that UTF-16 is counted as bytes */
	bool failed;        /* something could not be written, which is reported */
	int stats_fd;       /* --stats */
	int file;           /* --output, until output_close_file(); -1: there is none */
};

/* Which of enum report_form the options ask for. */
unsigned output_forms(const struct options *options);

/*
 * Loads what the output takes. 0, or -1: it cannot be had, which is reported. output_close() is
 * due.
 */
int output_open(struct output *o, const struct counting *counting, const struct partial_mode *mode);
void output_close(struct output *o);

/* Closes the file of --output. 0, or -1: it is not all there, which is reported. */
int output_close_file(struct output *o);

/* Lines may be kept until output_flush(), if nobody who reads can tell. */
void output_join_lines(struct output *o);
/*
 * It is known where a part of the operand begins, and so the one before it is printed. 0, or -1: it
 * could not be written, which is reported.
 */
int output_part_begins(struct output *o, const struct operand *op, uint64_t part,
                       const struct counted *range);
/* What is printed of an operand, then what went wrong with it. 0, or -1: it could not be written,
 * which is reported. */
int output_operand(struct output *o, const struct operand *op, const struct outcome *outcome);
/* Writes what lines are kept, before a message or a wait. 0, or -1: they could not be written,
 * which is reported. */
int output_flush(struct output *o);
/* All that follows the last operand, but for the report of --stats. */
void output_total(struct output *o);
/* That report, if it is wanted. Once. */
void output_stats(struct output *o, const struct stats_report *report);

#endif
