/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * File descriptor passing, from the coordinator to workers that cannot open files: a worker asks
 * for the file of the task that it has claimed, by the task's number, and the coordinator, who
 * keeps the names to itself, opens it. Over a pair of sockets for each worker.
 */
#ifndef PCOUNT_EXEC_FDPASS_H
#define PCOUNT_EXEC_FDPASS_H

#include "base/base.h"

/* 0, or -1 and errno: socket[0] is the coordinator's, [1] the worker's. */
int fdpass_pair(int socket[2]);

/* The worker's: asks for the file of task `seq`. 0, or -1 and errno. */
int fdpass_request(int socket, uint64_t seq);
/* And waits for it: a descriptor of its own, or -1 and errno. */
int fdpass_receive(int socket);

/* The coordinator's: has the worker asked? Does not wait. */
bool fdpass_requested(int socket, uint64_t *seq);
/* The answer: `fd`, which stays open here, or if that is -1, `error`. */
void fdpass_send(int socket, int fd, int error);

#endif
