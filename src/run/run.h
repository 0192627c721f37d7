/* SPDX-License-Identifier: BSD-2-Clause */
/* One run: operands in; lines, diagnostics, totals and the report out, in order. */
#ifndef PCOUNT_RUN_RUN_H
#define PCOUNT_RUN_RUN_H

#include "base/base.h"
#include "cli/options.h"
#include "engine/engine.h"

/*
 * Counts what the options say. What goes wrong is reported and kept in diag_status(). `crew`: who
 * counts, if they are on other hosts; NULL: as the options say.
 */
void run(const struct options *options, const struct engine_crew *crew);

#endif
