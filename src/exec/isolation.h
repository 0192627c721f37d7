/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Isolation: where hostile bytes are parsed (compressed data, types of files), processes that can
 * do no more than that. They cannot open files, and get them passed.
 */
#ifndef PCOUNT_EXEC_ISOLATION_H
#define PCOUNT_EXEC_ISOLATION_H

#include "base/base.h"
#include "scan/scan.h"

/* Is anything parsed that may be hostile? Then the coordinator's process parses nothing itself. */
bool isolation_wanted(const struct scan_config *config);
/*
 * This process only scans from now on, if the system can see to that. `socket`: the only one that
 * it may use, or -1.
 */
void isolation_enter(struct scanner *s, int socket);

#endif
