/* SPDX-License-Identifier: BSD-2-Clause */
/* The processes of a shell's job: who else may be talking to the terminal. */
#ifndef PCOUNT_BASE_GROUP_H
#define PCOUNT_BASE_GROUP_H

#include "base/base.h"

/*
 * Is any other process in this process group, but for those that wait for this one (a script, say)
 * and those that it has made? Zombies do not count. Where /proc does not tell, only the leader of a
 * group is taken to be alone. Async-signal-safe; takes a few microseconds for each process of the
 * machine.
 */
bool group_is_shared(void);

#endif
