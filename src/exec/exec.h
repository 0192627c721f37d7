/* SPDX-License-Identifier: BSD-2-Clause */
/* The executors, each in a file of its own, and the choice among them. */
#ifndef PCOUNT_EXEC_EXEC_H
#define PCOUNT_EXEC_EXEC_H

#include "base/base.h"
#include "engine/engine.h"
#include "engine/executor.h"

enum exec_kind {
	EXEC_AUTO,      /* serial for little work, threads for much */
	EXEC_SERIAL,    /* one loop in this process; the reference */
	EXEC_THREADS,   /* pthreads, this one among them */
	EXEC_PROCESSES, /* forked workers, each of which may die alone */
	EXEC_ISOLATED,  /* such as may be taken over by what they parse: isolation.h */
};

extern const struct executor_ops exec_serial;
extern const struct executor_ops exec_threads;
extern const struct executor_ops exec_processes;
extern const struct executor_ops exec_isolated;

enum { EXEC_WORKERS_MAX = 4096 }; /* for a larger `jobs` no more are made */

/*
 * Who counts, with `jobs` workers; 0: one for each CPU that this process may use. EXEC_PROCESSES
 * becomes EXEC_THREADS, and `why` says so, where no lock survives the death of a process.
 */
struct engine_crew exec_choose(enum exec_kind kind, unsigned jobs);

#endif
