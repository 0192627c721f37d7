/* SPDX-License-Identifier: BSD-2-Clause */
/* Pieces from point to point, and what moves on in one thread and is told in another. */
#include "base/base.h"
#include "engine/ledger.h"
#include "engine/lock.h"
#include "engine/seek.h"

#include <stdlib.h>

enum { PIECES_PER_WORKER = 4 }; /* so that the last ones finish at about the same time */

struct threads_seek {
	struct seek seek;
	struct engine *engine;
	struct threads_seek *next; /* what goes on where this one ends; NULL: nothing */
	struct lock lock;          /* of the next three */
	bool news;                 /* `point` has moved on since the client was told */
	struct tally untold;
	struct decode_point point;
	/* The coordinator's. */
	struct decode_point entered; /* where it begins, for the one before it to end there */
	uint64_t begin, begin_bit;   /* of what is untold; see struct counted */
	struct tally told;           /* what the last event points to, and its point */
	struct decode_point told_point;
};

struct seek_list {
	struct threads_seek *first, *planned; /* NULL: none is */
};

static struct threads_seek *of(struct seek *s)
{
	return (struct threads_seek *)s;
}

static void take_lock(struct threads_seek *t)
{
	verify(lock_take(&t->lock) == LOCK_CONSISTENT);
}

static void moved(struct seek *s, const struct tally *more)
{
	struct threads_seek *t = of(s);
	struct engine *e = t->engine;

	take_lock(t);
	tally_merge(e->config->scan.counter->cs, &t->untold, more);
	if (!s->point.place.ended)
		t->point = s->point;
	t->news = !s->point.place.ended;
	lock_release(&t->lock);
	atomic_store_explicit(&e->seek_news, true, memory_order_release);
	ledger_news(e->ledger);
}

/* ---- making ---- */

/* Byte `bit` / 8 of the job's data is that byte of its file. */
static uint64_t byte_of(const struct job *job, const struct decode_place *place)
{
	return job->split->origin + place->bit / 8;
}

static struct threads_seek *new_seek(struct engine *e, const struct job *job)
{
	struct threads_seek *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->seek.moved = moved;
	t->seek.every = plan_point_every(&e->plan, (uint64_t)job->st.st_size);
	t->engine = e;
	if (lock_init(&t->lock, false) == 0)
		return t;
	free(t);
	return NULL;
}

/* Whoever says what the point is may be mistaken. */
static void begin_at(struct threads_seek *t, const struct job *job,
                     const struct decode_point *point)
{
	t->seek.inexact = true;
	t->seek.point = *point;
	t->begin = byte_of(job, &point->place);
	t->begin_bit = point->place.bit;
}

void seek_open(struct engine *e, struct job *job)
{
	struct split *s = job->split;
	struct seek_list *list = calloc(1, sizeof *list);

	if (!list)
		return;
	list->first = new_seek(e, job);
	if (!list->first) {
		free(list);
		return;
	}
	list->first->seek.point.place.bit = (s->begin - s->origin) * 8;
	list->first->begin = s->begin;
	s->seeks = list;
}

void seek_close(struct seek_list *list)
{
	struct threads_seek *next;

	for (struct threads_seek *t = list ? list->first : NULL; t; t = next) {
		next = t->next;
		free(t);
	}
	free(list);
}

size_t seek_points_wanted(const struct engine *e, const struct seek_list *list)
{
	return list ? (size_t)e->executor.workers * PIECES_PER_WORKER : 0;
}

void seek_add_points(struct engine *e, struct job *job, const struct decode_point *point, size_t n,
                     bool joined)
{
	struct threads_seek *last = job->split->seeks->first;
	size_t i = 0;

	if (joined && n > 0)
		begin_at(last, job, &point[i++]);
	for (; i < n; i++) {
		struct threads_seek *t = new_seek(e, job);
		/* Without memory for it the piece before it goes on. */
		if (!t)
			break;
		begin_at(t, job, &point[i]);
		t->entered = point[i];
		last->seek.until = &t->entered;
		last->next = t;
		last = t;
	}
}

/* ---- planning ---- */

uint64_t seek_plan(struct job *job, struct task *task)
{
	struct split *s = job->split;
	struct seek_list *list = s->seeks;
	struct threads_seek *t = list->planned ? list->planned->next : list->first;
	const struct decode_point member = {.place.bit = (s->planned - s->origin) * 8};

	/* What is known may end where a member begins. */
	if (byte_of(job, &t->seek.point.place) != s->planned) {
		begin_at(t, job, &member);
		t->begin_bit = 0;
	}
	list->planned = t;
	task->entry = ENTRY_SEEK;
	task->seek = &t->seek;
	return t->seek.until ? byte_of(job, &t->seek.until->place) : s->end;
}

/* ---- telling ---- */

/* The client is to be told of `untold`, which ends at `to`. The lock is held. */
static void take_untold(struct threads_seek *t, const struct job *job,
                        const struct decode_point *to, struct counted *range)
{
	uint64_t end = to ? byte_of(job, &to->place) : (uint64_t)job->st.st_size;

	*range = split_range(job, t->begin, end);
	range->begin_bit = t->begin_bit;
	range->tally = &t->told;
	t->told = t->untold;
	t->untold = TALLY_EMPTY;
	t->news = false;
	t->begin = end;
	t->begin_bit = 0;
	if (!to)
		return;
	t->told_point = *to;
	t->begin_bit = to->place.bit;
	range->point = &t->told_point;
}

/*
 * The first job of which there is news; NULL: none. Of a file ranges are told in order: its last
 * piece has to wait for those before it.
 */
static struct threads_seek *find_news(struct engine *e, struct job **of_job)
{
	for (struct job *job = e->first; job; job = job->next) {
		struct seek_list *list = job->split ? job->split->seeks : NULL;
		struct threads_seek *t = list ? list->planned : NULL;
		if (!t || t->seek.until || job->pending != 1)
			continue;
		take_lock(t);
		bool news = t->news;
		lock_release(&t->lock);
		*of_job = job;
		if (news)
			return t;
	}
	return NULL;
}

bool seek_step(struct engine *e, struct engine_event *event)
{
	struct job *job;

	if (!atomic_exchange_explicit(&e->seek_news, false, memory_order_acquire))
		return false;
	struct threads_seek *t = find_news(e, &job);
	if (!t)
		return false;
	take_lock(t);
	take_untold(t, job, &t->point, &e->range);
	lock_release(&t->lock);
	atomic_store_explicit(&e->seek_news, true, memory_order_release); /* there may be more */
	*event = (struct engine_event){
		.client = job->op.client, .fd = job->split->fd, .range = &e->range};
	return true;
}

void seek_rest(struct job *job, const struct task *task, struct counted *range)
{
	struct threads_seek *t = of(task->seek);

	take_lock(t);
	take_untold(t, job, t->seek.until, range);
	lock_release(&t->lock);
}
