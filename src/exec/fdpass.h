/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * File descriptor passing: messages from the coordinator to a worker that cannot open files, each
 * with the file that it is about, over a pair of sockets for each worker. Answers have none.
 */
#ifndef PCOUNT_EXEC_FDPASS_H
#define PCOUNT_EXEC_FDPASS_H

#include "base/base.h"

#include <sys/types.h>

/* 0, or -1 and errno: socket[0] is the coordinator's, [1] the worker's. Messages stay apart. */
int fdpass_pair(int socket[2]);

/* Sends bytes[n] with `fd`, which stays open here; does not wait. 0, or -1 and errno. */
int fdpass_send(int socket, void *bytes, size_t n, int fd);
/*
 * Waits for a message of at most n bytes and returns its length; 0: the coordinator is gone; -1 and
 * errno. *fd is the caller's; -1: there was none, or no room for another here.
 */
ssize_t fdpass_receive(int socket, void *bytes, size_t n, int *fd);

#endif
