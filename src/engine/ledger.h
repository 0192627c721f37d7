/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ledger: which piece of work is free, claimed by whom, or done, and what came of it.
 *
 *      add (planner)          claim (worker)         commit (worker)        collect (collector)
 *        |                       |                       |                       |
 *        v                       v                       v                       v
 *      FREE ----------------> CLAIMED ---------------> DONE ----------------> (slot reused)
 *        ^                       |
 *        `----- give back -------'   the worker died: the work is done again by another
 *
 * A ring of slots, a window on the sequence of all tasks: what is done and oldest is
 * collected and its slot reused, so a huge input needs no huge ledger. Totals are merged from done
 * slots in order and never accumulated by workers, so nothing is lost or counted twice, whoever
 * dies when. What is known beforehand enters done.
 *
 * The coordinator's thread adds, collects and gives back; workers claim and commit. The lock is
 * held for a few loads and stores a task, never while counting. In a shared ledger the
 * lock is robust; the repair after a death inside it relies on this: a slot's `state` is written
 * last, so a torn change is one that has not happened, and everything else is derived from it.
 */
#ifndef PCOUNT_ENGINE_LEDGER_H
#define PCOUNT_ENGINE_LEDGER_H

#include "base/base.h"
#include "scan/task.h"

struct ledger;

enum { LEDGER_COORDINATOR = UINT16_MAX }; /* its number when it claims; workers have others */

/*
 * A ledger of `slots` slots; `shared`: for forked processes. NULL and errno if there is no memory.
 */
struct ledger *ledger_new(unsigned slots, bool shared);
void ledger_free(struct ledger *l);
/*
 * Before any task: results have profiles, for which slots have no room otherwise. 0, or -1 and
 * errno.
 */
int ledger_add_profiles(struct ledger *l);

/* ---- the coordinator's ---- */

/* Is there room for another task? */
bool ledger_has_room(const struct ledger *l);
/* Adds a task after all others and wakes workers on ledger_announce(). There must be room. */
uint64_t ledger_add(struct ledger *l, const struct task *task);
/* Adds a task of which the result is known: nobody can claim it. There must be room. */
void ledger_add_done(struct ledger *l, const struct task *task, const struct result *result);
/* Tells sleeping workers of the tasks added. */
void ledger_announce(struct ledger *l);
/* No task will be added nor claimed: workers return when they come back. */
void ledger_close(struct ledger *l);
/* How many tasks were added and not yet collected, and the first of them, or of those to come. */
uint64_t ledger_pending(const struct ledger *l);
uint64_t ledger_oldest(const struct ledger *l);
/* Is the oldest task done? Then *task and *result; its slot is free for another. */
bool ledger_collect(struct ledger *l, struct task *task, struct result *result);
/*
 * Worker `worker` is dead: what it had claimed becomes free again, marked no_mmap. A task that has
 * killed two workers is left to the coordinator. Returns the number of tasks given back.
 */
unsigned ledger_give_back(struct ledger *l, unsigned worker);
/* Task `seq`, claimed by `worker`, has not been begun: it becomes free again as it was. */
void ledger_release(struct ledger *l, unsigned worker, uint64_t seq);
/* Claims, for the coordinator, a task that has killed two workers: no worker may. */
bool ledger_claim_deadly(struct ledger *l, struct task *task, uint64_t *seq);
/* Tasks that are in workers' hands now. */
unsigned ledger_claimed(struct ledger *l);
/* Counts the commits so far: has there been progress? */
uint64_t ledger_commits(struct ledger *l);
/* Sleeps until the oldest task is done or ledger_news() is called; may return early. */
uint32_t ledger_news_seen(struct ledger *l);
void ledger_wait_news(struct ledger *l, uint32_t seen);
void ledger_news(struct ledger *l); /* async-signal-safe */

/* ---- workers' (and the coordinator's, as LEDGER_COORDINATOR) ---- */

/* Is there a free task now? The oldest is claimed for `worker`: *task and *seq. */
bool ledger_claim(struct ledger *l, unsigned worker, struct task *task, uint64_t *seq);
/* ledger_claim(), which sleeps until there is a task. False: there will be none, it is closed. */
bool ledger_claim_wait(struct ledger *l, unsigned worker, struct task *task, uint64_t *seq);
/* Hands in the result of task `seq`, claimed by `worker`. */
void ledger_commit(struct ledger *l, unsigned worker, uint64_t seq, const struct result *result);
/* Hands in the result of task *seq, and claims another, as ledger_claim() does, by one lock. */
bool ledger_commit_and_claim(struct ledger *l, unsigned worker, const struct result *result,
                             struct task *task, uint64_t *seq);

#endif
