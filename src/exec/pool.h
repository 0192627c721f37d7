/* SPDX-License-Identifier: BSD-2-Clause */
/* A pool of threads that do the tasks of a ledger, each with a scanner of its own. */
#ifndef PCOUNT_EXEC_POOL_H
#define PCOUNT_EXEC_POOL_H

#include "base/base.h"
#include "engine/ledger.h"
#include "scan/scan.h"

struct pool;

/*
 * As many threads as the system grants, `wanted` at most; if there are fewer, errno says why. All
 * that it is given must outlive it; `stats` is one for each wanted thread. NULL and errno: no
 * memory for the pool itself.
 */
struct pool *pool_new(unsigned wanted, struct ledger *ledger, const struct scan_config *config,
                      enum fd_scope scope, struct worker_stats *stats);
unsigned pool_size(const struct pool *pool);
/* Waits for the threads, whose ledger is closed. NULL: nothing. */
void pool_free(struct pool *pool);

#endif
