/* SPDX-License-Identifier: BSD-2-Clause */
/* Turns between threads: whose it is, and the pipes that they share; planned as they are taken. */
#include "base/base.h"
#include "base/fault.h"
#include "engine/event.h"
#include "engine/lock.h"
#include "engine/turns.h"

#include <stdlib.h>

enum {
	/*
	 * All pipes of a user share a limit, by default 64 of this size. More workers than this
	 * take turns at the pipes, too: so many count faster than any writer splices.
	 */
	PIPES = 16,
	/* Each waits for a turn of its own, so that one is woken and not all. */
	EVENTS = 64,
	/* Tasks for each worker: one in hand, and one to go on with. */
	AHEAD = 2,
};

struct threads_turns {
	struct turns turns;
	struct lock lock; /* of all that follows but the events */
	uint64_t due;     /* the piece whose turn it is */
	bool ended;
	uint64_t widest; /* as of struct turn_loan, in all that was given back */
	unsigned n_pipes, n_free;
	struct own_pipe pipe[PIPES];
	struct own_pipe *free[PIPES]; /* [n_free] */
	/* Piece k waits for event k % EVENTS: its turn has come, or has and a pipe is free. */
	struct event event[EVENTS];
};

static struct threads_turns *of(struct turns *t)
{
	return (struct threads_turns *)t;
}

static void take_lock(struct threads_turns *t)
{
	verify(lock_take(&t->lock) == LOCK_CONSISTENT);
}

/* Is it the turn of the piece, with a pipe if there are any? */
static bool try_take(struct threads_turns *t, uint64_t piece, struct turn_loan *loan)
{
	take_lock(t);
	bool taken = t->due == piece && (t->ended || t->n_pipes == 0 || t->n_free > 0);
	loan->own = taken && !t->ended && t->n_free > 0 ? t->free[--t->n_free] : NULL;
	loan->widest = t->widest;
	lock_release(&t->lock);
	return taken;
}

static bool take(struct turns *turns, uint64_t piece, struct turn_loan *loan)
{
	struct threads_turns *t = of(turns);
	struct event *event = &t->event[piece % EVENTS];

	for (;;) {
		uint32_t seen = event_seen(event);
		if (try_take(t, piece, loan))
			break;
		event_wait(event, seen, 0);
	}
	/* Nobody else changes it before the turn is passed on. */
	if (!t->ended)
		return true;
	turns->pass(turns, piece, true);
	return false;
}

static void pass(struct turns *turns, uint64_t piece, bool ended)
{
	struct threads_turns *t = of(turns);

	take_lock(t);
	verify(t->due == piece);
	t->due = piece + 1;
	t->ended = ended;
	lock_release(&t->lock);
	event_signal(&t->event[(piece + 1) % EVENTS]);
}

static void give_back(struct turns *turns, const struct turn_loan *loan)
{
	struct threads_turns *t = of(turns);

	take_lock(t);
	bool awaited = t->n_free == 0;
	t->widest = max_u64(t->widest, loan->widest);
	if (loan->own)
		t->free[t->n_free++] = loan->own;
	uint64_t due = t->due;
	lock_release(&t->lock);
	if (awaited)
		event_signal(&t->event[due % EVENTS]);
}

struct turns *turns_new(void)
{
	struct threads_turns *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->turns = (struct turns){take, pass, give_back};
	for (unsigned i = 0; i < EVENTS; i++)
		event_init(&t->event[i]);
	if (lock_init(&t->lock, false) == 0)
		return &t->turns;
	free(t);
	return NULL;
}

static void close_pipes(struct threads_turns *t)
{
	while (t->n_pipes > 0)
		own_pipe_close(&t->pipe[--t->n_pipes]);
	t->n_free = 0;
}

void turns_free(struct turns *turns)
{
	if (turns)
		close_pipes(of(turns));
	free(turns);
}

/* As many as are wanted and granted; one alone would be of no use. How many? */
static unsigned open_pipes(struct threads_turns *t, unsigned wanted)
{
	while (t->n_pipes < wanted && t->n_pipes < PIPES &&
	       own_pipe_open(&t->pipe[t->n_pipes]) == 0) {
		t->free[t->n_free++] = &t->pipe[t->n_pipes];
		t->n_pipes++;
	}
	if (t->n_pipes < 2)
		close_pipes(t);
	return t->n_pipes;
}

/* ---- the coordinator's ---- */

bool turns_are_possible(const struct engine *e)
{
	const struct executor_ops *ops = e->may_grow ? e->config->crew.more : e->executor.ops;

	return e->executor.workers > 1 && ops->lends_threads && !e->executor.ops->do_stream &&
	       !e->config->scan.pass && scan_cuts_anywhere(e->config->scan.counter);
}

void turns_open(struct engine *e, struct job *job, int fd, struct turns *turns)
{
	bool worth = engine_processors(e) > 1 || FAULT_FORCED("turns");

	of(turns)->widest = job->total.tally.max_width;
	if (worth && open_pipes(of(turns), e->executor.workers) > 0 && e->may_grow)
		planner_grow(e, "a fast pipe");
	split_open_stream(e, job, fd, turns);
}

void turns_add_pieces(struct engine *e, struct job *job)
{
	struct split *s = job->split;
	struct task task = {
		.kind = TASK_TURN,
		.fd = s->fd,
		.end = READER_TO_EOF,
		.turns = s->turns,
	};
	unsigned most = of(s->turns)->n_pipes > 0 ? AHEAD * e->executor.workers : 1;

	while (!job->all_planned && job->pending < most && ledger_has_room(e->ledger)) {
		task.piece = s->pieces++;
		planner_add_task(e, job, &task);
	}
}
