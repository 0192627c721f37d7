/* SPDX-License-Identifier: BSD-2-Clause */
/* Tasks out, results in. */
#include "base/base.h"
#include "exec/remote.h"

#include <errno.h>
#include <string.h>

static uint64_t bytes_of(const struct task *task)
{
	uint64_t end = min_u64(task->end, task->size);

	if (task->kind == TASK_FILE)
		return task->size;
	return task->kind == TASK_PIECE && end > task->begin ? end - task->begin : 0;
}

enum remote_given remote_give(struct remote *r, struct ledger *ledger, remote_send_fn *send,
                              void *arg)
{
	struct assignment *next = &r->hand[r->in_hand];
	struct result result = {.kind = RESULT_DEFERRED};

	if (!ledger_claim(ledger, r->number, &next->task, &next->seq))
		return REMOTE_NO_TASK;
	switch (send(arg, r, next, &result)) {
	case REMOTE_SENT:
		r->in_hand++;
		r->bytes += bytes_of(&next->task);
		return REMOTE_GIVEN;
	case REMOTE_CANNOT:
		ledger_commit(ledger, r->number, next->seq, &result);
		return REMOTE_COMMITTED;
	default:
		ledger_release(ledger, r->number, next->seq);
		return REMOTE_KEPT;
	}
}

int remote_commit(struct remote *r, struct ledger *ledger, const struct charset *cs,
                  const struct result_message *message, size_t n)
{
	const struct assignment *oldest = &r->hand[0];
	struct result result;

	if (r->in_hand == 0 || message_get_result(message, n, cs, &result) != 0 ||
	    message->seq != oldest->seq || !message_is_possible(&oldest->task, cs, &result)) {
		errno = EBADMSG;
		return -1;
	}
	ledger_commit(ledger, r->number, oldest->seq, &result);
	r->bytes -= bytes_of(&oldest->task);
	r->in_hand--;
	memmove(&r->hand[0], &r->hand[1], r->in_hand * sizeof r->hand[0]);
	return 0;
}

void remote_drop(struct remote *r, struct ledger *ledger, bool to_blame)
{
	for (unsigned i = to_blame ? 1 : 0; i < r->in_hand; i++)
		ledger_release(ledger, r->number, r->hand[i].seq);
	ledger_give_back(ledger, r->number);
	r->in_hand = 0;
	r->bytes = 0;
}
