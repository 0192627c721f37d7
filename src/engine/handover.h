/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Open files, handed over from the owner to workers that cannot open any: a worker asks for the
 * file of the task that it has claimed, by the task's number, and the owner, who keeps the names to
 * itself, opens it. Over a pair of sockets for each worker.
 */
#ifndef PCOUNT_ENGINE_HANDOVER_H
#define PCOUNT_ENGINE_HANDOVER_H

#include "base/base.h"

/* 0, or -1 and errno: socket[0] is the owner's, [1] the worker's. */
int handover_pair(int socket[2]);

/* The worker's: asks for the file of task `seq`. */
bool handover_ask(int socket, uint64_t seq);
/* And waits for it: a descriptor of its own, or -1 and errno. */
int handover_take(int socket);

/* The owner's: has the worker asked? Does not wait. */
bool handover_asked(int socket, uint64_t *seq);
/* The answer: `fd`, which stays open here, or if that is -1, `error`. */
void handover_give(int socket, int fd, int error);

#endif
