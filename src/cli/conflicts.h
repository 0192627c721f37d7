/* SPDX-License-Identifier: BSD-2-Clause */
/* Options that cannot be combined. */
#ifndef PCOUNT_CLI_CONFLICTS_H
#define PCOUNT_CLI_CONFLICTS_H

#include "base/base.h"
#include "cli/options.h"

/* 0, or -1: two of the options that are given cannot be combined, which is reported. */
int conflicts_check(const struct options *o);

#endif
