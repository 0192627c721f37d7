/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An eventcount: sleep until something has happened, without missing it and without a lock. Works
 * between threads and, lying in shared memory, between processes; a sleeper that is killed harms
 * nobody (a process-shared condition variable would be left waiting for it).
 *
 *      seen = event_seen(e);            change the state;
 *      if (nothing to do)               event_signal(e);
 *              event_wait(e, seen);
 */
#ifndef PCOUNT_ENGINE_EVENT_H
#define PCOUNT_ENGINE_EVENT_H

#include "base/base.h"

#include <stdatomic.h>

struct event {
	_Atomic uint32_t count;    /* of signals so far, wrapping */
	_Atomic uint32_t sleepers; /* at least the number asleep; 0: no need to wake anybody */
};

static inline void event_init(struct event *e)
{
	atomic_init(&e->count, 0);
	atomic_init(&e->sleepers, 0);
}

static inline uint32_t event_seen(struct event *e)
{
	return atomic_load_explicit(&e->count, memory_order_acquire);
}

/*
 * Sleeps until event_signal() has been called since event_seen() gave `seen`, or a signal came, or
 * `seconds` have passed; 0: for ever.
 */
void event_wait(struct event *e, uint32_t seen, unsigned seconds);
/* Wakes all sleepers. Async-signal-safe. */
void event_signal(struct event *e);

#endif
