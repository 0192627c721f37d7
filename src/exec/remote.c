/* SPDX-License-Identifier: BSD-2-Clause */
/* Tasks out, results in. */
#include "base/base.h"
#include "exec/remote.h"

#include <errno.h>

bool remote_fill(struct remote *r, struct ledger *ledger, const struct remote_transport *transport)
{
	static const struct result deferred = {.kind = RESULT_DEFERRED};
	struct task_message message;
	struct task task;
	uint64_t seq;
	bool any = false;

	/* Not one by one, so that it gets neighbours. */
	if (r->in_hand > r->threads)
		return false;
	while (r->in_hand < REMOTE_TASKS_PER_THREAD * r->threads &&
	       ledger_claim(ledger, r->number, &task, &seq)) {
		any = true;
		if (transport->can_carry(&task)) {
			size_t n = message_put_task(&message, seq, &task);
			transport->send(transport->arg, r, &message, n);
			r->in_hand++;
		} else {
			ledger_commit(ledger, r->number, seq, &deferred);
		}
	}
	return any;
}

int remote_commit(struct remote *r, struct ledger *ledger, const struct charset *cs,
                  const struct result_message *message, size_t n)
{
	struct result result;

	if (message_get_result(message, n, cs, &result) != 0)
		return -1;
	if (!ledger_is_claimed_by(ledger, message->seq, r->number)) {
		errno = EBADMSG;
		return -1;
	}
	ledger_commit(ledger, r->number, message->seq, &result);
	r->in_hand--;
	return 0;
}
