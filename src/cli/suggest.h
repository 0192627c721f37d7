/* SPDX-License-Identifier: BSD-2-Clause */
/* Suggestions for mistyped words. */
#ifndef PCOUNT_CLI_SUGGEST_H
#define PCOUNT_CLI_SUGGEST_H

#include "base/base.h"

/*
 * The index of the word of [n] that is nearest to given[len]: up to two letters are missing,
 * surplus, replaced or swapped. -1: there is none.
 */
int suggest(const char *given, size_t len, const char *const *words, size_t n);

#endif
