/* SPDX-License-Identifier: BSD-2-Clause */
/* The executors of forked workers, if this system can have them. */
#ifndef PCOUNT_EXEC_FORKED_H
#define PCOUNT_EXEC_FORKED_H

#include "base/base.h"
#include "exec/exec.h"

/* That of EXEC_PROCESSES or EXEC_ISOLATED; NULL: it cannot be had, *why in a few words. */
const struct executor_ops *forked_executor(enum exec_kind kind, const char **why);

#endif
