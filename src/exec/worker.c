/* SPDX-License-Identifier: BSD-2-Clause */
/* Claim, scan, commit. */
#include "base/base.h"
#include "exec/worker.h"

int worker_init(struct worker *w, unsigned number, struct ledger *ledger,
                const struct scan_config *config, enum fd_scope scope, struct worker_stats *stats)
{
	*w = (struct worker){.number = number, .ledger = ledger};
	return scanner_init(&w->scanner, config, scope, stats);
}

void worker_free(struct worker *w)
{
	scanner_free(&w->scanner);
}

void worker_run(struct worker *w)
{
	struct task task;
	struct result result;

	while (ledger_claim_wait(w->ledger, w->number, &task, &w->seq)) {
		do
			scan_task(&w->scanner, &task, &result);
		while (ledger_commit_and_claim(w->ledger, w->number, &result, &task, &w->seq));
	}
}

bool worker_coordinator_step(struct executor *x, uint64_t most_ns)
{
	const struct worker_stats *stats = x->scanner->stats;
	struct task task;
	struct result result;
	uint64_t seq, start = stats->busy_ns;
	bool done = false;

	do {
		if (!ledger_claim(x->ledger, LEDGER_COORDINATOR, &task, &seq))
			return done;
		scan_task(x->scanner, &task, &result);
		if (result.kind == RESULT_UNFINISHED)
			ledger_release(x->ledger, LEDGER_COORDINATOR, seq);
		else
			ledger_commit(x->ledger, LEDGER_COORDINATOR, seq, &result);
		done = true;
	} while (stats->busy_ns - start < most_ns);
	return true;
}

bool worker_claim_left(struct ledger *ledger, bool alone, struct task *task, uint64_t *seq)
{
	return alone ? ledger_claim(ledger, LEDGER_COORDINATOR, task, seq)
	             : ledger_claim_deadly(ledger, task, seq);
}
