/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux: a POSIX timer that signals a thread by its number. */
#include "base/base.h"
#include "base/clock.h"
#include "base/ticker.h"

#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* A field of struct sigevent for which glibc had no name at first. */
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static timer_t timer;
static bool is_made;

int ticker_signal(void)
{
	return SIGRTMIN;
}

int ticker_start(uint64_t first_ns, uint64_t every_ns)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = ticker_signal()};
	struct itimerspec when = {.it_value = clock_timespec(first_ns),
	                          .it_interval = clock_timespec(every_ns)};

	if (clock_takes_timer(first_ns, every_ns))
		return 0;
	event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
		return -1;
	is_made = true;
	if (timer_settime(timer, 0, &when, NULL) == 0)
		return 0;
	ticker_stop();
	return -1;
}

void ticker_stop(void)
{
	if (is_made)
		timer_delete(timer);
	is_made = false;
}
