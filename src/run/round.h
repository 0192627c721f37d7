/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What --follow prints, round by round: the lines that have changed and the totals, or, on a
 * terminal on which they have room, all lines again in the place of those before.
 */
#ifndef PCOUNT_RUN_ROUND_H
#define PCOUNT_RUN_ROUND_H

#include "base/base.h"
#include "cli/options.h"
#include "report/formatter.h"

struct round {
	/* Of the caller. */
	const struct options *options;
	struct report *report; /* grows wider as numbers do */
	uint64_t names;        /* operands that have one */
	/* The round's own. */
	bool begun;     /* something has been printed */
	unsigned drawn; /* lines above the cursor that the next round takes the place of; 0: none */
};

/* An operand in a round. */
struct round_line {
	const char *name; /* NULL: standard input, not named */
	bool counted;     /* it has counts; else there is no line */
	struct counts counts;
	bool failed; /* it could not be read, for the totals of --json */
	/* The round's own: what stands in its last line. */
	bool is_shown;
	struct counts shown;
};

/*
 * Prints what has changed of line[n], if anything has. 0, or -1 and errno: it could not be written.
 */
int round_print(struct round *r, struct round_line *line, size_t n);
/* Something else was written, perhaps on the terminal: what is drawn stays. */
void round_disturb(struct round *r);

#endif
