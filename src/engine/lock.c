/* SPDX-License-Identifier: BSD-2-Clause */
/* POSIX robust mutexes; see pthread_mutexattr_setrobust(3) for the protocol. */
#include "base/base.h"
#include "engine/lock.h"

#include <errno.h>

/*
 * Going to sleep takes longer than others hold the lock: with 50,000 files, 7,000 futex calls
 * become 300.
 */
enum { SPINS = 50 };

int lock_init(struct lock *lock, bool shared)
{
	pthread_mutexattr_t attr;
	int err = pthread_mutexattr_init(&attr);

	if (err == 0) {
		if (shared)
			err = pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
		/* Threads die only with the process; processes die alone. */
		if (err == 0 && shared)
			err = pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
		if (err == 0)
			err = pthread_mutex_init(&lock->mutex, &attr);
		pthread_mutexattr_destroy(&attr);
	}
	errno = err;
	return err == 0 ? 0 : -1;
}

bool lock_can_be_shared(void)
{
	struct lock lock;

	if (lock_init(&lock, true) != 0)
		return false;
	pthread_mutex_destroy(&lock.mutex);
	return true;
}

enum lock_taken lock_take(struct lock *lock)
{
	int err = pthread_mutex_trylock(&lock->mutex);

	for (unsigned i = 0; err == EBUSY && i < SPINS; i++) {
		cpu_relax();
		err = pthread_mutex_trylock(&lock->mutex);
	}
	if (err == EBUSY)
		err = pthread_mutex_lock(&lock->mutex);
	if (err == EOWNERDEAD) {
		/* Without this, releasing it would make it unusable for ever. */
		verify(pthread_mutex_consistent(&lock->mutex) == 0);
		return LOCK_HOLDER_DIED;
	}
	verify(err == 0);
	return LOCK_CONSISTENT;
}

void lock_release(struct lock *lock)
{
	verify(pthread_mutex_unlock(&lock->mutex) == 0);
}
