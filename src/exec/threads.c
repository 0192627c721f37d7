/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads beside the coordinator's, which works too when it has nothing to report. */
#include "base/base.h"
#include "exec/exec.h"
#include "exec/pool.h"
#include "exec/worker.h"

static void threads_start(struct executor *x)
{
	struct pool *pool = pool_new(x->workers - 1, x->ledger, x->scan, FD_SHARED, x->stats);

	x->state = pool; /* NULL: the coordinator works alone */
	x->present = 1 + (pool ? pool_size(pool) : 0);
}

/*
 * The coordinator counts small files this long before it reports again: its lines then go out
 * together.
 */
#define STEP_NS UINT64_C(100000)

static void threads_step(struct executor *x)
{
	uint32_t seen = ledger_news_seen(x->ledger);

	if (!worker_coordinator_step(x, STEP_NS))
		ledger_wait_news(x->ledger, seen);
}

static void threads_stop(struct executor *x)
{
	pool_free(x->state);
}

const struct executor_ops exec_threads = {
	.name = "threads",
	.coordinator_works = true,
	.lends_threads = true,
	.start = threads_start,
	.step = threads_step,
	.stop = threads_stop,
};
