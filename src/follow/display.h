/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What --follow shows, update by update: the lines that have changed and the totals, or, on a
 * terminal on which they have room, all lines again in the place of those before, and how many
 * lines a second there are.
 */
#ifndef PCOUNT_FOLLOW_DISPLAY_H
#define PCOUNT_FOLLOW_DISPLAY_H

#include "base/base.h"
#include "cli/options.h"
#include "report/formatter.h"

struct display {
	/* Of the caller. */
	const struct options *options;
	struct report *report; /* grows wider as numbers do */
	uint64_t names;        /* operands that have one */
	/* Its own. */
	bool begun;     /* something has been printed */
	unsigned drawn; /* lines above the cursor that the next update replaces; 0: none */
	uint64_t lines; /* of all operands together, now, */
	uint64_t mark_lines, mark_ns; /* and both when the rate was last computed */
	double rate;                  /* of lines a second, for about a second */
};

/* An operand on display. */
struct display_line {
	const char *name; /* NULL: standard input, not named */
	bool counted;     /* it has counts; else there is no line */
	struct counts counts;
	bool failed; /* it could not be read, for the totals of --json */
	/* The display's own: what its last line says. */
	bool is_shown;
	struct counts shown;
};

/*
 * Prints what has changed of line[n], if anything has. 0, or -1 and errno: it could not be written.
 */
int display_update(struct display *d, struct display_line *line, size_t n);
/* Will the rate that is drawn be another in a second, even if nothing is appended? */
bool display_is_moving(const struct display *d);
/* Something else was written, perhaps on the terminal: what is drawn stays. */
void display_keep(struct display *d);

#endif
