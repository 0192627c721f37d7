/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Isolation: where hostile bytes are parsed (compressed data, types of files), processes that can
 * do no more than that. They cannot open files, and get them passed.
 */
#ifndef PCOUNT_EXEC_ISOLATION_H
#define PCOUNT_EXEC_ISOLATION_H

#include "base/base.h"
#include "engine/executor.h"
#include "scan/scan.h"

/*
 * Forked worker `number`, x->workers for the coordinator's own, only scans from now on, with `s`.
 * It keeps the descriptor `fd`, or -1, or the socket by which it answers, or -1, and nothing else,
 * and can write to no memory of others but its statistics. 0, or -1 and errno: the system has
 * sandboxes, and this process could not enter one; it must end. Where there are none it goes on
 * without.
 */
int isolation_enter(const struct executor *x, struct scanner *s, unsigned number, int fd,
                    int socket);

#endif
