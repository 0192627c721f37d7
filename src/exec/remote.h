/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Remote workers: those that share no memory with the coordinator. It claims tasks for them, sends
 * them as messages, and commits the results that come back, of which it believes nothing that it
 * has not checked. By any transport: MPI; sockets to isolated processes.
 *
 *      ledger -- claim --> remote_give -- task_message --> worker
 *        ^                                                   |
 *        `------ commit -- remote_commit <-- result_message -'
 */
#ifndef PCOUNT_EXEC_REMOTE_H
#define PCOUNT_EXEC_REMOTE_H

#include "base/base.h"
#include "engine/ledger.h"
#include "exec/message.h"

enum {
	/* Tasks in a worker's hands for each of its threads: one to do, and two to go on with. */
	REMOTE_TASKS_PER_THREAD = 3,
	REMOTE_THREADS_MAX = 64, /* of one worker */
	REMOTE_HAND_MAX = REMOTE_TASKS_PER_THREAD * REMOTE_THREADS_MAX,
};

struct assignment {
	uint64_t seq;
	struct task task;
};

struct remote {
	unsigned number; /* as a worker of the ledger */
	unsigned in_hand;
	uint64_t bytes;                          /* of these tasks */
	struct assignment hand[REMOTE_HAND_MAX]; /* [in_hand], in the order in which they are done
	                                          */
};

enum remote_sent {
	REMOTE_SENT,
	REMOTE_CANNOT, /* not to this worker, nor to another: *result is what comes of the task */
	REMOTE_FULL,   /* the worker takes no more, or is gone: the task is free again */
};

/*
 * Sends a task to a worker. *result is RESULT_DEFERRED, for the coordinator to do it; REMOTE_CANNOT
 * may have changed it.
 */
typedef enum remote_sent remote_send_fn(void *arg, const struct remote *r,
                                        const struct assignment *a, struct result *result);

enum remote_given {
	REMOTE_GIVEN,
	REMOTE_COMMITTED, /* nothing to the worker, but there may be something to be collected */
	REMOTE_KEPT,      /* nothing has changed, but for REMOTE_FULL */
	REMOTE_NO_TASK,
};

/* A task for the worker, which has fewer than REMOTE_HAND_MAX, by send(arg). */
enum remote_given remote_give(struct remote *r, struct ledger *ledger, remote_send_fn *send,
                              void *arg);
/*
 * Takes in a message of n bytes, counted in the charset `cs`. 0, or -1 and errno EBADMSG: it is no
 * sound result of the task that the worker has had longest, and nothing has changed.
 */
int remote_commit(struct remote *r, struct ledger *ledger, const struct charset *cs,
                  const struct result_message *message, size_t n);
/*
 * The worker is gone. What it had is free again; the oldest of these, if it is `to_blame`, as a
 * task that has killed a worker, see ledger_give_back().
 */
void remote_drop(struct remote *r, struct ledger *ledger, bool to_blame);

#endif
