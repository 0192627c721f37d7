/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time since some fixed moment, for intervals; a timer, and waiting until a time. In the test build
 * all of it goes by the clock that the test has set, if it has.
 */
#ifndef PCOUNT_BASE_CLOCK_H
#define PCOUNT_BASE_CLOCK_H

#include "base/base.h"

#include <poll.h>
#include <signal.h>
#include <time.h>

/* Monotonic time in nanoseconds. */
#ifdef PCOUNT_FAULTS
uint64_t clock_now_ns(void);
#else
static inline uint64_t clock_now_ns(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}
#endif

struct timespec clock_timespec(uint64_t ns);

/*
 * Does a test send the signal of a timer that expires after `first_ns` and then every `every_ns`,
 * when it has brought its clock there? Else it is for the system to do so.
 */
bool clock_takes_timer(uint64_t first_ns, uint64_t every_ns);

/* The last thing that the handler of the timer's signal does. */
void clock_timer_handled(void);

/* system_poll() until clock_now_ns() is `until_ns`. */
int clock_ppoll(struct pollfd *fds, nfds_t n, uint64_t until_ns, const sigset_t *mask);

#endif
