/* SPDX-License-Identifier: BSD-2-Clause */
/* Which executor, and how many workers. */
#include "base/base.h"
#include "base/cpus.h"
#include "engine/lock.h"
#include "exec/exec.h"

static const struct executor_ops *ops_of(enum exec_kind kind)
{
	switch (kind) {
	case EXEC_THREADS:
		return &exec_threads;
	case EXEC_PROCESSES:
		return &exec_processes;
	case EXEC_ISOLATED:
		return &exec_isolated;
	default:
		return &exec_serial;
	}
}

struct engine_crew exec_choose(enum exec_kind kind, unsigned jobs)
{
	bool automatic = kind == EXEC_AUTO;
	bool no_processes = kind == EXEC_PROCESSES && !lock_can_be_shared();

	if (no_processes)
		kind = EXEC_THREADS;
	unsigned cpus = jobs > 0 ? jobs : automatic ? cpus_affinity() : cpus_usable();
	struct engine_crew crew = {.ops = ops_of(kind), .workers = 1};

	if (kind != EXEC_SERIAL)
		crew.workers = cpus < EXEC_WORKERS_MAX ? cpus : EXEC_WORKERS_MAX;
	if (no_processes)
		crew.why = "no robust mutexes";
	if (!automatic)
		return crew;
	crew.more = crew.workers > 1 ? &exec_threads : NULL;
	crew.ask_quota = jobs == 0;
	crew.why = crew.workers > 1 ? "little work" : jobs == 1 ? "one worker" : "one CPU";
	return crew;
}
