/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * POSIX: setitimer(2), whose signal is for the process. Threads that pcount makes have it blocked;
 * in one that a library has made the handler passes it on (base/main_thread.h).
 */
#include "base/base.h"
#include "base/clock.h"
#include "base/ticker.h"

#include <signal.h>
#include <sys/time.h>

static struct timeval timeval_of(uint64_t ns)
{
	struct timespec ts = clock_timespec(ns);

	return (struct timeval){.tv_sec = ts.tv_sec, .tv_usec = (suseconds_t)(ts.tv_nsec / 1000)};
}

int ticker_signal(void)
{
	return SIGALRM;
}

int ticker_start(uint64_t first_ns, uint64_t every_ns)
{
	struct itimerval when = {.it_value = timeval_of(first_ns),
	                         .it_interval = timeval_of(every_ns)};

	return clock_takes_timer(first_ns, every_ns) ? 0 : setitimer(ITIMER_REAL, &when, NULL);
}

void ticker_stop(void)
{
	const struct itimerval never = {0};

	(void)setitimer(ITIMER_REAL, &never, NULL);
}
