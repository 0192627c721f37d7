/* SPDX-License-Identifier: BSD-2-Clause */
/* A worker: claims tasks of a ledger, scans them, hands in what they came to. */
#ifndef PCOUNT_EXEC_WORKER_H
#define PCOUNT_EXEC_WORKER_H

#include "base/base.h"
#include "engine/executor.h"
#include "engine/ledger.h"
#include "scan/scan.h"

struct worker {
	unsigned number; /* from 0 on */
	struct ledger *ledger;
	uint64_t seq; /* of the task in hand */
	struct scanner scanner;
};

/* 0, or -1 and errno. What it is given must outlive it. */
int worker_init(struct worker *w, unsigned number, struct ledger *ledger,
                const struct scan_config *config, enum fd_scope scope, struct worker_stats *stats);
void worker_free(struct worker *w);
/* Tasks until the ledger is closed. */
void worker_run(struct worker *w);

/*
 * The coordinator's thread as a worker: one task, if there is one free now, and more as long as
 * they have taken less than `most_ns`. False: there is none.
 */
bool worker_coordinator_step(struct executor *x, uint64_t most_ns);

/*
 * Claims, for the coordinator, a task that no worker process will do: one that has killed two, or,
 * if the coordinator is `alone`, any, since then all that is left is free or done. Is there one?
 */
bool worker_claim_left(struct ledger *ledger, bool alone, struct task *task, uint64_t *seq);

#endif
