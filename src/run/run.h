/* SPDX-License-Identifier: BSD-2-Clause */
/* One run: operands in; lines, diagnostics, totals and the report out, in order. */
#ifndef PCOUNT_RUN_RUN_H
#define PCOUNT_RUN_RUN_H

#include "base/base.h"
#include "cli/options.h"

/* Counts what the options say. What goes wrong is reported and kept in diag_status(). */
void run(const struct options *options);

#endif
