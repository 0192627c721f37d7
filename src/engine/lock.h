/* SPDX-License-Identifier: BSD-2-Clause */
/* A mutex that survives the death of its holder: robust, and shared between processes if asked. */
#ifndef PCOUNT_ENGINE_LOCK_H
#define PCOUNT_ENGINE_LOCK_H

#include "base/base.h"

#include <pthread.h>

struct lock {
	pthread_mutex_t mutex;
};

/*
 * `shared`: lies in memory shared by processes. 0, or -1 and errno. It is never destroyed: a
 * process that was killed may hold it, and it has nothing to be freed.
 */
int lock_init(struct lock *lock, bool shared);

/*
 * Can a shared lock be had? Not without set_robust_list(2), which some emulators and sandboxes
 * lack.
 */
bool lock_can_be_shared(void);

enum lock_taken {
	LOCK_CONSISTENT,
	/*
	 * The last holder died, and the lock is taken all the same: the caller must put right what
	 * it guards before lock_release(). What a lock guards must therefore be derivable again
	 * from what is written in one step.
	 */
	LOCK_HOLDER_DIED,
};

/* Takes the lock, waiting for it. */
enum lock_taken lock_take(struct lock *lock);
void lock_release(struct lock *lock);

#endif
