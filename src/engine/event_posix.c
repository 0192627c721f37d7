/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * POSIX: eventcounts on one mutex and one condition for all events of the process, so between its
 * threads alone, and not async-signal-safe; a signal does not end a wait, which only worker
 * processes would need. Who wakes up for another's event looks and sleeps again.
 */
#include "base/base.h"
#include "engine/event.h"

#include <pthread.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

void event_wait(struct event *e, uint32_t seen, unsigned seconds)
{
	struct timespec until;
	int err = 0;

	/* Not every system has conditions that wait by the monotonic clock. */
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += (time_t)seconds;
	/* As on futexes: `sleepers` before `count` here, the other way round in event_signal(). */
	atomic_fetch_add_explicit(&e->sleepers, 1, memory_order_seq_cst);
	verify(pthread_mutex_lock(&mutex) == 0);
	while (err == 0 && atomic_load_explicit(&e->count, memory_order_seq_cst) == seen)
		err = seconds > 0 ? pthread_cond_timedwait(&condition, &mutex, &until)
		                  : pthread_cond_wait(&condition, &mutex);
	verify(pthread_mutex_unlock(&mutex) == 0);
	atomic_fetch_sub_explicit(&e->sleepers, 1, memory_order_seq_cst);
}

void event_signal(struct event *e)
{
	atomic_fetch_add_explicit(&e->count, 1, memory_order_seq_cst);
	if (atomic_load_explicit(&e->sleepers, memory_order_seq_cst) == 0)
		return;
	/* Whoever has seen the old count sleeps already, or still has the mutex. */
	verify(pthread_mutex_lock(&mutex) == 0);
	verify(pthread_cond_broadcast(&condition) == 0);
	verify(pthread_mutex_unlock(&mutex) == 0);
}
