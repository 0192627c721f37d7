/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Helper processes: a task of the coordinator's own that parses what may be hostile is done by a
 * process for this one task, in a sandbox. If it dies, the coordinator knows, and says so.
 *
 * With isolation the coordinator then parses nothing: not what has killed two workers, not streams,
 * not what has to be decoded again.
 */
#ifndef PCOUNT_EXEC_HELPER_H
#define PCOUNT_EXEC_HELPER_H

#include "base/base.h"
#include "engine/executor.h"

/* As scan_task() and scan_stream(); the result's profile is valid until the next of these. */
void helper_do_task(struct executor *x, const struct task *task, struct result *result);
void helper_do_stream(struct executor *x, int fd, const struct stat *st, struct result *result);

#endif
