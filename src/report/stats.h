/* SPDX-License-Identifier: BSD-2-Clause */
/* The throughput report of --stats. */
#ifndef PCOUNT_REPORT_STATS_H
#define PCOUNT_REPORT_STATS_H

#include "base/base.h"
#include "base/json.h"
#include "engine/engine.h"

enum stats_format { STATS_NONE, STATS_TEXT, STATS_JSON };

/* What run/ knows; processor time, faults and memory are asked of the system when printing. */
struct stats_report {
	const struct engine_stats *engine;
	const struct counter *counter; /* for the kernel's name and the class of the charset */
	uint64_t operands;             /* files and streams that were opened */
	uint64_t skipped;              /* of them, those left alone because they are not text */
	uint64_t bytes;                /* in them, as printed by -c */
	uint64_t wall_ns;              /* from the first operand to the last line */
};

/*
 * Loads the library for JSON, for json_close(), so that it is missed before anything is counted.
 * NULL: it cannot be had, which is reported.
 */
struct json *stats_library(void);

/*
 * Prints it to the descriptor. A report that cannot be written makes the exit status 1. Not for
 * STATS_NONE.
 */
void stats_print(enum stats_format format, const struct stats_report *report, int fd);

#endif
