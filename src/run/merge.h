/* SPDX-License-Identifier: BSD-2-Clause */
/* --merge: partial lines in, what pcount would have printed out. */
#ifndef PCOUNT_RUN_MERGE_H
#define PCOUNT_RUN_MERGE_H

#include "cli/options.h"

/* Exit status 3: some lines do not fit together, or some are missing; each is reported. */
void merge_run(const struct options *options);

#endif
