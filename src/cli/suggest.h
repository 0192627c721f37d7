/* SPDX-License-Identifier: BSD-2-Clause */
/* What a mistyped word may have been meant to be. */
#ifndef PCOUNT_CLI_SUGGEST_H
#define PCOUNT_CLI_SUGGEST_H

#include "base/base.h"

/*
 * The word of [n] that given[len] is nearly: a letter or two are missing, too many, others, or have
 * changed places. -1: it is none of them.
 */
int suggest(const char *given, size_t len, const char *const *words, size_t n);

#endif
