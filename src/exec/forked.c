/* SPDX-License-Identifier: BSD-2-Clause */
/* The executors of forked workers. */
#include "base/base.h"
#include "engine/lock.h"
#include "exec/forked.h"

const struct executor_ops *forked_executor(enum exec_kind kind, const char **why)
{
	/* Isolated workers share nothing that would need a lock. */
	if (kind == EXEC_ISOLATED)
		return &exec_isolated;
	if (lock_can_be_shared())
		return &exec_processes;
	*why = "no robust mutexes";
	return NULL;
}
