/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Executors: who does the tasks of the ledger. Defined by exec/, driven by the coordinator, which
 * knows no more of them than this.
 */
#ifndef PCOUNT_ENGINE_EXECUTOR_H
#define PCOUNT_ENGINE_EXECUTOR_H

#include "base/base.h"
#include "engine/ledger.h"
#include "scan/scan.h"

struct executor;

struct executor_ops {
	const char *name;       /* as --engine and --stats have it */
	bool shared;            /* ledger and statistics must be visible to other processes */
	bool one_by_one;        /* nothing is gained by planning ahead */
	bool coordinator_works; /* its thread is one of the workers; else it is one more */
	bool lends_threads;     /* a task that is alone may use the others' CPUs: task.threads */
	bool remote;            /* other hosts count, for whom descriptors mean nothing */
	/*
	 * Workers may be taken over by what they parse. Nothing is shared with them but statistics,
	 * each worker's in pages of its own: executor_stats().
	 */
	bool isolated;
	/* Makes the workers; as many as the system grants, perhaps none. */
	void (*start)(struct executor *x);
	/* The coordinator has nothing to collect or plan: work itself, or wait for workers. */
	void (*step)(struct executor *x);
	/* The ledger is closed: sees the workers off. */
	void (*stop)(struct executor *x);
	/*
	 * A task or stream that the coordinator must see done now; NULL: its own scanner may do it.
	 * See scan_task() and scan_stream().
	 */
	void (*do_task)(struct executor *x, const struct task *task, struct result *result);
	void (*do_stream)(struct executor *x, int fd, const struct stat *st, struct result *result);
	/*
	 * There is no descriptor for what must be opened now: gives one of its own up. False: it
	 * has none to give. NULL: those there are come back when workers are done with their tasks.
	 */
	bool (*free_descriptor)(struct executor *x);
};

struct executor {
	/* Set by the coordinator. */
	const struct executor_ops *ops;
	const struct scan_config *scan;
	struct ledger *ledger;
	struct scanner *scanner;    /* of the coordinator's thread */
	unsigned workers;           /* wanted */
	struct worker_stats *stats; /* [workers], visible to processes if `shared`; not an array if
	                               `isolated`: executor_stats() */
	size_t stats_stride;        /* from one worker's to the next one's, in bytes */
	/* Set by the executor. */
	unsigned present; /* workers, at most at one time, the coordinator if it is one */
	unsigned deaths;  /* of workers */
	void *state;      /* its own */
};

static inline struct worker_stats *executor_stats(const struct executor *x, unsigned worker)
{
	return (struct worker_stats *)((char *)x->stats + worker * x->stats_stride);
}

#endif
