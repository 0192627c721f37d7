/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Relays between threads: one place, which is for one piece at a time, and the sums of the pieces
 * that are done before those that precede them.
 */
#include "base/base.h"
#include "engine/event.h"
#include "engine/lock.h"
#include "engine/relay.h"

#include <stdlib.h>

/* A sum that waits for those before it. */
struct early {
	bool used, right;
	uint64_t piece;
	struct gzip_sum sum;
};

struct threads_relay {
	struct relay relay;
	struct lock lock;     /* of all that follows */
	struct event changed; /* `due` or `summed` has */
	uint64_t due;         /* the piece that `place` is for */
	struct gzip_place place;
	struct gzip_sum sum; /* of all pieces before `summed` */
	uint64_t summed;
	bool failed;
	unsigned n_early;
	struct early early[]; /* [n_early] */
};

static struct threads_relay *of(struct relay *r)
{
	return (struct threads_relay *)r;
}

static void take_lock(struct threads_relay *t)
{
	verify(lock_take(&t->lock) == LOCK_CONSISTENT);
}

static bool is_due(struct relay *r, uint64_t piece)
{
	struct threads_relay *t = of(r);

	take_lock(t);
	bool due = t->due == piece;
	lock_release(&t->lock);
	return due;
}

static void take(struct relay *r, uint64_t piece, struct gzip_place *place)
{
	struct threads_relay *t = of(r);

	for (;;) {
		uint32_t seen = event_seen(&t->changed);
		if (is_due(r, piece))
			break;
		event_wait(&t->changed, seen, 0);
	}
	/* Nobody else writes to it before this piece passes it on. */
	take_lock(t);
	*place = t->place;
	lock_release(&t->lock);
}

static void pass(struct relay *r, uint64_t piece, const struct gzip_place *place)
{
	struct threads_relay *t = of(r);

	take_lock(t);
	verify(t->due == piece);
	t->place = *place;
	t->due = piece + 1;
	t->failed |= place->at == GZIP_AT_FAULT;
	lock_release(&t->lock);
	event_signal(&t->changed);
}

/* The sum of piece t->summed. */
static void add_sum(struct threads_relay *t, const struct gzip_sum *sum, bool right)
{
	t->failed |= !gzip_sum_add(&t->sum, sum) || !right;
	t->summed++;
}

/* Adds the sum of the next piece, if it came early. Did it? */
static bool add_early(struct threads_relay *t)
{
	for (unsigned i = 0; i < t->n_early; i++) {
		struct early *early = &t->early[i];
		if (!early->used || early->piece != t->summed)
			continue;
		add_sum(t, &early->sum, early->right);
		early->used = false;
		return true;
	}
	return false;
}

/* Adds the sum, or keeps it until those before it are there. Is there room for that? */
static bool add_or_keep(struct threads_relay *t, const struct early *sum)
{
	if (sum->piece == t->summed) {
		add_sum(t, &sum->sum, sum->right);
		while (add_early(t))
			continue;
		return true;
	}
	for (unsigned i = 0; i < t->n_early; i++)
		if (!t->early[i].used) {
			t->early[i] = *sum;
			return true;
		}
	return false;
}

static void finish(struct relay *r, uint64_t piece, const struct gzip_sum *sum, bool right)
{
	const struct early early = {true, right, piece, *sum};
	struct threads_relay *t = of(r);

	for (;;) {
		uint32_t seen = event_seen(&t->changed);
		take_lock(t);
		bool done = add_or_keep(t, &early);
		lock_release(&t->lock);
		if (done)
			break;
		event_wait(&t->changed, seen, 0);
	}
	event_signal(&t->changed);
}

struct relay *relay_new(uint64_t begin, unsigned workers)
{
	struct threads_relay *t = calloc(1, sizeof *t + workers * sizeof t->early[0]);

	if (!t)
		return NULL;
	t->relay = (struct relay){is_due, take, pass, finish};
	t->n_early = workers;
	t->place.at = GZIP_AT_MEMBER;
	t->place.bit = begin * 8;
	event_init(&t->changed);
	if (lock_init(&t->lock, false) == 0)
		return &t->relay;
	free(t);
	return NULL;
}

void relay_free(struct relay *r)
{
	free(r);
}

bool relay_has_failed(struct relay *r)
{
	struct threads_relay *t = of(r);

	take_lock(t);
	bool failed = t->failed;
	lock_release(&t->lock);
	return failed;
}
