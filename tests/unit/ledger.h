/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of the ledger share. The ledger's source is compiled in with its fault points,
 * which here belong to the test.
 */
#ifndef PCOUNT_UNIT_LEDGER_H
#define PCOUNT_UNIT_LEDGER_H

#define PCOUNT_FAULTS 1
#include "engine/ledger.c"

#include "unit.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the fault points ---- */

static const char *die_at;     /* NULL: nowhere; "any": everywhere */
static unsigned die_every = 1; /* with probability 1 / die_every */
static uint64_t die_random = 1;

void fault_arm(unsigned worker UNUSED)
{
}

void fault_point(const char *name)
{
	if (!die_at || (strcmp(die_at, "any") != 0 && strcmp(die_at, name) != 0))
		return;
	if (unit_below(&die_random, die_every) == 0) {
		kill(getpid(), SIGKILL);
		for (;;)
			pause();
	}
}

/* ---- helpers ---- */

static uint64_t value_of(uint64_t seq)
{
	return (seq + 1) * UINT64_C(0x9E3779B97F4A7C15) >> 40;
}

UNUSED static void add_one(struct ledger *l)
{
	struct task task = {.kind = TASK_PIECE, .fd = -1, .begin = ledger_pending(l)};

	ledger_add(l, &task);
}

static struct result result_of(uint64_t seq)
{
	return (struct result){.kind = RESULT_COUNTED,
	                       .tally = {.lines = value_of(seq), .bytes = seq}};
}

UNUSED static void commit_value(struct ledger *l, unsigned worker, uint64_t seq)
{
	struct result result = result_of(seq);

	ledger_commit(l, worker, seq, &result);
}

/* ... and claims another. Is there one? */
UNUSED static bool commit_and_claim(struct ledger *l, unsigned worker, struct task *task,
                                    uint64_t *seq)
{
	struct result result = result_of(*seq);

	return ledger_commit_and_claim(l, worker, &result, task, seq);
}

/* Collects one; it must be task `seq` with its own value. False: the oldest is not done. */
UNUSED static bool collect_is(struct ledger *l, uint64_t seq)
{
	struct task task;
	struct result result;

	if (!ledger_collect(l, &task, &result))
		return false;
	assert_true(result.tally.bytes == seq);
	assert_true(result.tally.lines == value_of(seq));
	return true;
}

/* A hang is a failure: SIGALRM ends the program, and who runs it sees that. */
UNUSED static void watchdog(unsigned seconds)
{
	alarm(seconds);
}

#endif
