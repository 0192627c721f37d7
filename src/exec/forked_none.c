/* SPDX-License-Identifier: BSD-2-Clause */
/* No forked workers: processes.c, isolated.c and what they need are left out. */
#include "base/base.h"
#include "exec/forked.h"

const struct executor_ops *forked_executor(enum exec_kind kind UNUSED, const char **why)
{
	*why = "no worker processes";
	return NULL;
}
