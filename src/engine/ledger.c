/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring of slots, its lock, and its repair. */
#include "base/base.h"
#include "base/fault.h"
#include "engine/event.h"
#include "engine/ledger.h"
#include "engine/lock.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum slot_state {
	SLOT_EMPTY, /* holds no task */
	SLOT_FREE,
	SLOT_CLAIMED,
	SLOT_DONE,
};

struct slot {
	_Atomic uint32_t state; /* enum slot_state; written last in every change */
	unsigned worker;        /* CLAIMED: by whom */
	unsigned deaths;        /* workers that died of this task */
	struct task task;
	struct result result; /* DONE */
};

/* A task that has killed this number of workers is left to the coordinator. */
enum { DEATHS_MAX = 2 };

/*
 * The coordinator checks its workers after this many seconds even without news. That is rarely
 * needed: deaths are told by SIGCHLD. But a debugger or ThreadSanitizer may hold a signal back, and
 * then nobody would ever come.
 */
enum { NEWS_S = 1 };

struct ledger {
	struct lock lock;
	struct event work; /* tasks were added or given back, or the ledger was closed */
	struct event news; /* the oldest task is done, or the coordinator has another reason to wake
	                    */
	bool shared;
	bool closed;
	unsigned n_slots;
	size_t map_size;          /* shared: of the mapping */
	char *paths;              /* shared: PATH_MAX bytes a slot */
	struct profile *profiles; /* NULL: none are wanted; else one a slot, of its result when it
	                             is DONE */
	uint64_t head;  /* sequence number of the oldest task not collected; the coordinator's */
	uint64_t tail;  /* of the next task to be added; the coordinator's */
	uint64_t first; /* no task below this one is free: where claiming starts its search */
	uint64_t commits;
	unsigned deadly; /* free tasks with DEATHS_MAX deaths; the coordinator's */
	struct slot slot[];
};

static struct slot *slot_of(struct ledger *l, uint64_t seq)
{
	return &l->slot[seq % l->n_slots];
}

static enum slot_state state_of(const struct slot *slot)
{
	return atomic_load_explicit(&slot->state, memory_order_relaxed); /* the lock is held */
}

/*
 * The one step that makes a change real. Release, so that neither compiler nor processor writes it
 * before what it vouches for: a worker may be killed between any two stores.
 */
static void set_state(struct slot *slot, enum slot_state state)
{
	atomic_store_explicit(&slot->state, state, memory_order_release);
}

static void ledger_lock(struct ledger *l)
{
	if (lock_take(&l->lock) == LOCK_CONSISTENT)
		return;
	/*
	 * The last holder of the lock died inside. Slots are whole, because their state is written
	 * last; the dead worker's claims are given back when its death is known. All that may be
	 * stale is the place where claiming starts its search.
	 */
	l->first = l->head;
}

static void ledger_unlock(struct ledger *l)
{
	lock_release(&l->lock);
}

/* Anonymous memory, so that a shared ledger has no name that could be left over. */
static void *shared_memory(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	               MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

struct ledger *ledger_new(unsigned slots, bool shared)
{
	size_t table = sizeof(struct ledger) + slots * sizeof(struct slot);
	size_t size = shared ? table + (size_t)slots * PATH_MAX : table;
	struct ledger *l = shared ? shared_memory(size) : calloc(1, size);

	if (!l)
		return NULL;
	l->shared = shared;
	l->n_slots = slots;
	l->map_size = size;
	l->paths = shared ? (char *)l + table : NULL;
	event_init(&l->work);
	event_init(&l->news);
	if (lock_init(&l->lock, shared) != 0) {
		ledger_free(l);
		return NULL;
	}
	return l;
}

void ledger_free(struct ledger *l)
{
	int saved = errno;

	if (!l)
		return;
	if (l->shared && l->profiles)
		munmap(l->profiles, l->n_slots * sizeof *l->profiles);
	else
		free(l->profiles);
	/* The lock is not destroyed: in shared memory a killed worker may still hold it. */
	if (l->shared)
		munmap(l, l->map_size);
	else
		free(l);
	errno = saved;
}

int ledger_add_profiles(struct ledger *l)
{
	size_t size = l->n_slots * sizeof *l->profiles;

	l->profiles = l->shared ? shared_memory(size) : calloc(1, size);
	return l->profiles ? 0 : -1;
}

bool ledger_has_room(const struct ledger *l)
{
	return l->tail - l->head < l->n_slots;
}

uint64_t ledger_pending(const struct ledger *l)
{
	return l->tail - l->head;
}

uint64_t ledger_oldest(const struct ledger *l)
{
	return l->head;
}

/* A shared ledger keeps the path itself: pointers mean nothing in another process. */
static void copy_path(struct ledger *l, uint64_t seq, struct task *task)
{
	if (!l->shared || !task->path)
		return;
	size_t length = strlen(task->path);
	verify(length < PATH_MAX);
	char *copy = l->paths + (seq % l->n_slots) * PATH_MAX;
	memcpy(copy, task->path, length + 1);
	task->path = copy; /* mapped before the fork, so at the same address everywhere */
}

/*
 * Not under the lock: the slot is its worker's, and if that dies, whoever comes after it writes all
 * of it again.
 */
static void fill_result(struct ledger *l, uint64_t seq, const struct result *result)
{
	slot_of(l, seq)->result = *result;
	if (!l->profiles)
		return;
	struct profile *place = &l->profiles[seq % l->n_slots];
	if (result->profile)
		profile_copy(place, result->profile);
	else
		profile_clear(place);
}

/* Not under the lock: nobody looks at slots from `tail` on. */
static void fill_slot(struct ledger *l, const struct task *task)
{
	struct slot *slot = slot_of(l, l->tail);

	verify(ledger_has_room(l));
	slot->task = *task;
	copy_path(l, l->tail, &slot->task);
	slot->deaths = 0;
}

static void add_filled(struct ledger *l, enum slot_state state)
{
	ledger_lock(l);
	set_state(slot_of(l, l->tail), state);
	l->tail++;
	ledger_unlock(l);
}

uint64_t ledger_add(struct ledger *l, const struct task *task)
{
	uint64_t seq = l->tail;

	fill_slot(l, task);
	add_filled(l, SLOT_FREE);
	return seq;
}

void ledger_add_done(struct ledger *l, const struct task *task, const struct result *result)
{
	fill_slot(l, task);
	fill_result(l, l->tail, result);
	add_filled(l, SLOT_DONE);
}

void ledger_announce(struct ledger *l)
{
	event_signal(&l->work);
}

void ledger_close(struct ledger *l)
{
	ledger_lock(l);
	l->closed = true;
	ledger_unlock(l);
	event_signal(&l->work);
}

bool ledger_collect(struct ledger *l, struct task *task, struct result *result)
{
	struct slot *slot = slot_of(l, l->head);

	/* Acquire: what was written before the slot was DONE is read, without the lock. */
	if (l->head == l->tail ||
	    atomic_load_explicit(&slot->state, memory_order_acquire) != SLOT_DONE)
		return false;
	*task = slot->task;
	*result = slot->result;
	result->profile = l->profiles ? &l->profiles[l->head % l->n_slots] : NULL;
	ledger_lock(l);
	set_state(slot, SLOT_EMPTY);
	l->head++;
	l->first = max_u64(l->first, l->head);
	ledger_unlock(l);
	return true;
}

unsigned ledger_give_back(struct ledger *l, unsigned worker)
{
	unsigned given = 0;

	ledger_lock(l);
	for (uint64_t seq = l->head; seq < l->tail; seq++) {
		struct slot *slot = slot_of(l, seq);
		if (state_of(slot) != SLOT_CLAIMED || slot->worker != worker)
			continue;
		slot->deaths++;
		l->deadly += slot->deaths == DEATHS_MAX;
		slot->task.no_mmap = true;
		set_state(slot, SLOT_FREE);
		given++;
	}
	l->first = l->head;
	ledger_unlock(l);
	if (given > 0)
		event_signal(&l->work);
	return given;
}

void ledger_release(struct ledger *l, unsigned worker, uint64_t seq)
{
	ledger_lock(l);
	struct slot *slot = slot_of(l, seq);
	verify(state_of(slot) == SLOT_CLAIMED && slot->worker == worker);
	set_state(slot, SLOT_FREE);
	l->first = l->head;
	ledger_unlock(l);
}

unsigned ledger_claimed(struct ledger *l)
{
	unsigned claimed = 0;

	ledger_lock(l);
	for (uint64_t seq = l->head; seq < l->tail; seq++)
		claimed += state_of(slot_of(l, seq)) == SLOT_CLAIMED;
	ledger_unlock(l);
	return claimed;
}

uint64_t ledger_commits(struct ledger *l)
{
	ledger_lock(l);
	uint64_t commits = l->commits;
	ledger_unlock(l);
	return commits;
}

uint32_t ledger_news_seen(struct ledger *l)
{
	return event_seen(&l->news);
}

void ledger_wait_news(struct ledger *l, uint32_t seen)
{
	ledger_lock(l);
	bool done = l->head < l->tail && state_of(slot_of(l, l->head)) == SLOT_DONE;
	ledger_unlock(l);
	if (!done)
		event_wait(&l->news, seen, NEWS_S);
}

void ledger_news(struct ledger *l)
{
	event_signal(&l->news);
}

/* The lock is held; the slot is free. */
static void claim_slot(struct ledger *l, unsigned worker, uint64_t seq)
{
	struct slot *slot = slot_of(l, seq);

	slot->worker = worker;
	if (slot->deaths >= DEATHS_MAX)
		l->deadly--;
	FAULT("claim");
	set_state(slot, SLOT_CLAIMED);
	FAULT("claimed");
}

/* The lock is held. */
static bool claim_first_free(struct ledger *l, unsigned worker, uint64_t *seq)
{
	bool all_passed = true; /* are all slots so far claimed or done for good? */

	for (uint64_t s = max_u64(l->first, l->head); s < l->tail; s++) {
		struct slot *slot = slot_of(l, s);
		if (state_of(slot) != SLOT_FREE) {
			if (all_passed)
				l->first = s + 1;
			continue;
		}
		if (slot->deaths >= DEATHS_MAX && worker != LEDGER_COORDINATOR) {
			all_passed = false;
			continue;
		}
		claim_slot(l, worker, s);
		*seq = s;
		return true;
	}
	return false;
}

/* What was claimed stays as it is, and is read without the lock. */
static bool give_task(struct ledger *l, bool found, const uint64_t *seq, struct task *task)
{
	if (found)
		*task = slot_of(l, *seq)->task;
	return found;
}

bool ledger_claim(struct ledger *l, unsigned worker, struct task *task, uint64_t *seq)
{
	ledger_lock(l);
	bool found = claim_first_free(l, worker, seq);
	ledger_unlock(l);
	return give_task(l, found, seq, task);
}

bool ledger_claim_deadly(struct ledger *l, struct task *task, uint64_t *seq)
{
	bool found = false;

	if (l->deadly == 0)
		return false;
	ledger_lock(l);
	for (uint64_t s = l->head; s < l->tail && l->deadly > 0 && !found; s++) {
		struct slot *slot = slot_of(l, s);
		if (state_of(slot) != SLOT_FREE || slot->deaths < DEATHS_MAX)
			continue;
		claim_slot(l, LEDGER_COORDINATOR, s);
		*seq = s;
		found = true;
	}
	ledger_unlock(l);
	return give_task(l, found, seq, task);
}

bool ledger_claim_wait(struct ledger *l, unsigned worker, struct task *task, uint64_t *seq)
{
	for (;;) {
		uint32_t seen = event_seen(&l->work);
		ledger_lock(l);
		bool closed = l->closed;
		bool found = !closed && claim_first_free(l, worker, seq);
		ledger_unlock(l);
		if (found || closed)
			return give_task(l, found, seq, task);
		event_wait(&l->work, seen, 0);
	}
}

/* The lock is held; the result is in its slot. Is it the one that the coordinator waits for? */
static bool commit_slot(struct ledger *l, unsigned worker, uint64_t seq)
{
	struct slot *slot = slot_of(l, seq);

	verify(state_of(slot) == SLOT_CLAIMED && slot->worker == worker);
	FAULT("commit");
	set_state(slot, SLOT_DONE);
	l->commits++;
	bool oldest = seq == l->head;
	FAULT("committed");
	return oldest;
}

void ledger_commit(struct ledger *l, unsigned worker, uint64_t seq, const struct result *result)
{
	FAULT("counted");
	fill_result(l, seq, result);
	ledger_lock(l);
	bool oldest = commit_slot(l, worker, seq);
	ledger_unlock(l);
	if (oldest)
		event_signal(&l->news);
}

bool ledger_commit_and_claim(struct ledger *l, unsigned worker, const struct result *result,
                             struct task *task, uint64_t *seq)
{
	FAULT("counted");
	fill_result(l, *seq, result);
	ledger_lock(l);
	bool oldest = commit_slot(l, worker, *seq);
	bool found = !l->closed && claim_first_free(l, worker, seq);
	ledger_unlock(l);
	if (oldest)
		event_signal(&l->news);
	return give_task(l, found, seq, task);
}
