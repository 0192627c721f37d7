/* SPDX-License-Identifier: BSD-2-Clause */
/* Which options go together. */
#ifndef PCOUNT_CLI_CONFLICTS_H
#define PCOUNT_CLI_CONFLICTS_H

#include "base/base.h"
#include "cli/options.h"

/* Do all that are given? False: that is reported. */
bool options_agree(const struct options *o);

#endif
