/* SPDX-License-Identifier: BSD-2-Clause */
/* --partial: lines that say what was counted of a range, in place of counts. */
#ifndef PCOUNT_RUN_PARTIALS_H
#define PCOUNT_RUN_PARTIALS_H

#include "base/base.h"
#include "cli/operand.h"
#include "cli/options.h"
#include "engine/engine.h"
#include "partial/partial.h"
#include "report/totals.h"

/* The counts of --lines and the like, as partials have them, and back. */
unsigned partials_counts(const struct columns *columns);
struct columns partials_columns(unsigned counts);

/*
 * The partial that is an operand's outcome, the `number`-th, with its tally normal. The name is not
 * copied. 0, or -1: it has none, since it was not counted to its end, or of something that changed.
 */
int partials_make(struct partial *partial, const struct partial_mode *mode,
                  const struct operand *op, uint64_t number, const struct outcome *outcome);

#endif
