/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tasks and results as messages, for workers that share no memory with the coordinator: it claims
 * for them, sends the task, and commits what comes back. Any transport will do that keeps messages
 * apart. What arrives is checked: whoever has sent it may be broken, or taken over.
 */
#ifndef PCOUNT_EXEC_MESSAGE_H
#define PCOUNT_EXEC_MESSAGE_H

#include "base/base.h"
#include "scan/task.h"

#include <limits.h>

struct task_message {
	uint64_t seq;
	struct task task;    /* no path, no descriptor */
	char path[PATH_MAX]; /* as much as there is of it; nothing if it has none */
};

struct result_message {
	uint64_t seq;
	uint64_t bytes; /* that the worker has read so far, of all its tasks */
	struct result result;
	struct profile profile; /* as much of it as says anything; not sent if there is none */
};

/* Can the task be done by whoever has no descriptor for it? Its file has a name and a size. */
bool message_can_carry(const struct task *task);
/* Fills in the message, and returns its length in bytes. */
size_t message_put_task(struct task_message *m, uint64_t seq, const struct task *task);
size_t message_put_result(struct result_message *m, uint64_t seq, uint64_t bytes,
                          const struct result *result);
/*
 * The task, or result, of a message of n bytes; it points into the message. 0, or -1 and errno
 * EBADMSG: it is none. A result is one only if all its fields are in range; `cs` is the charset in
 * which it was counted. Copy the message first if its sender can still write to it.
 */
int message_get_task(const struct task_message *m, size_t n, struct task *task);
int message_get_result(const struct result_message *m, size_t n, const struct charset *cs,
                       struct result *result);
/* Can the task have come to that? What can be known of it is that there are not too many bytes. */
bool message_is_possible(const struct task *task, const struct charset *cs,
                         const struct result *result);

#endif
