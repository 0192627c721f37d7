/* SPDX-License-Identifier: BSD-2-Clause */
/* Which executor, and how many workers. */
#include "base/base.h"
#include "base/cpus.h"
#include "exec/exec.h"
#include "exec/forked.h"

/* The executor; another one than was asked for: *why. */
static const struct executor_ops *ops_of(enum exec_kind kind, const char **why)
{
	const struct executor_ops *forked;

	switch (kind) {
	case EXEC_THREADS:
		return &exec_threads;
	case EXEC_PROCESSES:
	case EXEC_ISOLATED:
		forked = forked_executor(kind, why);
		return forked ? forked : &exec_threads;
	default:
		return &exec_serial;
	}
}

struct engine_crew exec_choose(enum exec_kind kind, unsigned jobs)
{
	bool automatic = kind == EXEC_AUTO;
	unsigned cpus = jobs > 0 ? jobs : automatic ? cpus_affinity() : cpus_usable();
	struct engine_crew crew = {.workers = 1};

	crew.ops = ops_of(kind, &crew.why);
	if (kind != EXEC_SERIAL)
		crew.workers = cpus < EXEC_WORKERS_MAX ? cpus : EXEC_WORKERS_MAX;
	if (!automatic)
		return crew;
	crew.more = crew.workers > 1 ? &exec_threads : NULL;
	crew.ask_quota = jobs == 0;
	crew.why = crew.workers > 1 ? "little work" : jobs == 1 ? "one worker" : "one CPU";
	return crew;
}
