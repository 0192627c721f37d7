/* SPDX-License-Identifier: BSD-2-Clause */
/* Gives up what a process that only computes on open files does not need: seccomp. */
#ifndef PCOUNT_BASE_SANDBOX_H
#define PCOUNT_BASE_SANDBOX_H

#include "base/base.h"

/* Can sandbox_enter() work here? */
bool sandbox_available(void);

/*
 * From now on this process can read files that are open, be handed others by sockets that are, get
 * memory that is not code, sleep, wake others, and end itself. Every other system call fails with
 * EPERM: none opens a file, makes a socket, a process or code, or writes to a descriptor. For good.
 * `socket`: the only one it may use, or -1. 0, or -1 and errno: nothing has changed.
 */
int sandbox_enter(int socket);

#endif
