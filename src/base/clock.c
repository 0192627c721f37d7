/* SPDX-License-Identifier: BSD-2-Clause */
/* Waits by the system's clock, and, in the test build, by a test's, which takes timers over. */
#include "base/base.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/system.h"

#define SECOND UINT64_C(1000000000)

struct timespec clock_timespec(uint64_t ns)
{
	return (struct timespec){.tv_sec = (time_t)(ns / SECOND), .tv_nsec = (long)(ns % SECOND)};
}

#ifdef PCOUNT_FAULTS

uint64_t clock_now_ns(void)
{
	struct fault_clock *test = fault_clock();
	struct timespec ts;

	if (test)
		return test->now_ns;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * SECOND + (uint64_t)ts.tv_nsec;
}

/* The test sends the signal itself, when it has brought its clock to due_ns. */
bool clock_takes_timer(uint64_t first_ns, uint64_t every_ns)
{
	struct fault_clock *test = fault_clock();

	if (!test)
		return false;
	test->every_ns = every_ns;
	test->due_ns = test->now_ns + first_ns;
	return true;
}

void clock_timer_handled(void)
{
	struct fault_clock *test = fault_clock();

	if (test)
		test->ticks++;
}

int clock_ppoll(struct pollfd *fds, nfds_t n, uint64_t until_ns, const sigset_t *mask)
{
	struct fault_clock *test = fault_clock();
	const struct timespec little = clock_timespec(SECOND / 1000);
	uint64_t now = clock_now_ns();
	int found;

	if (!test) {
		const struct timespec wait = clock_timespec(until_ns > now ? until_ns - now : 0);
		return system_poll(fds, n, &wait, mask);
	}
	test->due_ns = until_ns;
	test->waits++;
	do
		found = system_poll(fds, n, &little, mask);
	while (found == 0 && test->now_ns < until_ns);
	return found;
}

#else

bool clock_takes_timer(uint64_t first_ns UNUSED, uint64_t every_ns UNUSED)
{
	return false;
}

void clock_timer_handled(void)
{
}

int clock_ppoll(struct pollfd *fds, nfds_t n, uint64_t until_ns, const sigset_t *mask)
{
	uint64_t now = clock_now_ns();
	const struct timespec wait = clock_timespec(until_ns > now ? until_ns - now : 0);

	return system_poll(fds, n, &wait, mask);
}

#endif
