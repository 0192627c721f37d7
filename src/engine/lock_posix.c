/* SPDX-License-Identifier: BSD-2-Clause */
/* A mutex for the threads of one process, for systems without robust ones. */
#include "base/base.h"
#include "engine/lock.h"

#include <errno.h>

int lock_init(struct lock *lock, bool shared)
{
	int err = shared ? ENOTSUP : pthread_mutex_init(&lock->mutex, NULL);

	errno = err;
	return err == 0 ? 0 : -1;
}

bool lock_can_be_shared(void)
{
	return false;
}

enum lock_taken lock_take(struct lock *lock)
{
	verify(pthread_mutex_lock(&lock->mutex) == 0);
	return LOCK_CONSISTENT;
}

void lock_release(struct lock *lock)
{
	verify(pthread_mutex_unlock(&lock->mutex) == 0);
}
