/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --follow: the counts of files that grow, kept current. A tally goes on where it ended, so each
 * byte is read once; a file that takes the place of another is counted from its start.
 */
#ifndef PCOUNT_FOLLOW_FOLLOW_H
#define PCOUNT_FOLLOW_FOLLOW_H

#include "base/base.h"
#include "cli/operands.h"
#include "cli/options.h"
#include "report/formatter.h"
#include "report/watch.h"

struct follow_setup {
	const struct options *options;
	const struct engine_config *config; /* an exact range, all of each file; watched by `watch`
	                                     */
	struct operands *operands;          /* none has been taken */
	struct report *report;              /* open */
	bool chars_are_bytes;               /* characters are not counted */
	struct watch *watch;                /* not started, the amount is known */
};

/*
 * Runs until nothing is left to be followed, nobody reads the lines any more, or SIGINT or SIGTERM
 * comes: then it counts once more, prints what has changed, and dies of the signal. What goes wrong
 * is reported. 0, or -1: the output could not be written.
 */
int follow_run(const struct follow_setup *setup);

#endif
