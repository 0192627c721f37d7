/* SPDX-License-Identifier: BSD-2-Clause */
/* Time since some fixed moment, for intervals. */
#ifndef PCOUNT_BASE_CLOCK_H
#define PCOUNT_BASE_CLOCK_H

#include "base/base.h"

#include <signal.h>
#include <time.h>

/*
 * Timers that signal one thread: a field of struct sigevent for which glibc had no name at first.
 */
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

/* Monotonic time in nanoseconds. */
static inline uint64_t clock_now_ns(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

#endif
