/* SPDX-License-Identifier: BSD-2-Clause */
/* A loop shared by threads, for chores before the counting starts. */
#ifndef PCOUNT_BASE_PARALLEL_H
#define PCOUNT_BASE_PARALLEL_H

#include "base/base.h"

#include <pthread.h>

/*
 * Calls fn(arg, begin, end) for ranges that together are [0, n), in no order, by the calling thread
 * and as many others as pay for themselves, `jobs` in all (0: one for each usable CPU). Returns
 * when all are done. fn must be safe to call at the same time for different ranges.
 */
void parallel_for(unsigned jobs, size_t n, void (*fn)(void *arg, size_t begin, size_t end),
                  void *arg);

/*
 * pthread_create() with a stack of a size that is enough for all of pcount's threads: the usual 8
 * MiB a thread would use up a small address space (ulimit -v). 0, or an error number.
 */
int parallel_start(pthread_t *id, void *(*fn)(void *arg), void *arg);

#endif
