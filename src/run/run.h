/* SPDX-License-Identifier: BSD-2-Clause */
/* One run: operands in; lines, diagnostics, totals and the report out, in order. */
#ifndef PCOUNT_RUN_RUN_H
#define PCOUNT_RUN_RUN_H

#include "base/base.h"
#include "cli/options.h"

/* Counts what the options say. What goes wrong is reported and kept in diag_status(). */
void run(const struct options *options);

/*
 * In which way the options and the locale have it counted, as text: remote workers must have the
 * same.
 */
void run_way(const struct options *options, char *way, size_t room);
/* Calls serve() with what a remote worker needs; false: it cannot be had, which is reported. */
bool run_serve(const struct options *options, int (*serve)(const struct engine_config *config));

#endif
