/* SPDX-License-Identifier: BSD-2-Clause */
/* A loop shared by threads, for chores before the counting starts. */
#ifndef PCOUNT_ENGINE_PARALLEL_H
#define PCOUNT_ENGINE_PARALLEL_H

#include "base/base.h"

/*
 * Calls fn(arg, begin, end) for ranges that together are [0, n), in no order, by the calling thread
 * and as many others as pay for themselves, `jobs` in all (0: one for each usable CPU). Returns when
 * all are done. fn must be safe to call at the same time for different ranges.
 */
void parallel_for(unsigned jobs, size_t n, void (*fn)(void *arg, size_t begin, size_t end),
                  void *arg);

#endif
