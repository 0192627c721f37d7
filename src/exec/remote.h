/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Remote workers: those that share no memory with the coordinator. It claims tasks for them, sends
 * them as messages, and commits the results that come back, of which it believes nothing that it
 * has not checked. By any transport: MPI today; a socket to a fenced process would do.
 *
 *      ledger -- claim --> remote_fill -- task_message --> worker
 *        ^                                                   |
 *        `------ commit -- remote_commit <-- result_message -'
 */
#ifndef PCOUNT_EXEC_REMOTE_H
#define PCOUNT_EXEC_REMOTE_H

#include "base/base.h"
#include "engine/ledger.h"
#include "exec/message.h"

/* In a worker's hands for each of its threads: one being counted, and two to go on with. */
enum { REMOTE_TASKS_PER_THREAD = 3 };

struct remote {
	unsigned number;  /* as a worker of the ledger */
	unsigned threads; /* it has; 0: it cannot count, or has not said yet that it can */
	unsigned in_hand; /* tasks it has */
};

struct remote_transport {
	/* Can the worker do that? Else it is left to the coordinator. */
	bool (*can_carry)(const struct task *task);
	void (*send)(void *arg, const struct remote *r, const struct task_message *message,
	             size_t n);
	void *arg; /* of send() */
};

/* Fills the worker's hands; true if it got anything. */
bool remote_fill(struct remote *r, struct ledger *ledger, const struct remote_transport *transport);
/*
 * Takes in a message of n bytes, counted in the charset `cs`. 0, or -1 and errno EBADMSG: it is no
 * result of a task that the worker has, and nothing has changed.
 */
int remote_commit(struct remote *r, struct ledger *ledger, const struct charset *cs,
                  const struct result_message *message, size_t n);

#endif
