/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a test orders, in the test build only.
 *
 * Deaths: PCOUNT_FAULT="POINT:N" kills a forked worker with SIGKILL the Nth time it passes POINT
 * (each worker counts for itself); "POINT:N:SEED" kills it there with probability 1/N; POINT "any"
 * is every point. PCOUNT_FAULT_SIGNAL: another signal.
 *
 * Timing: PCOUNT_FORCE="NAME": what FAULT_FORCED("NAME") stands before is done always, and not only
 * by threads that come early.
 *
 * Holds: PCOUNT_CONTROL names a file that is mapped by the test, too (tests/support/control.py). It
 * has the test's clock, and points at which threads and processes are counted, and held until the
 * test releases them. Passes are counted over all threads and processes.
 */
#include "base/base.h"
#include "base/fault.h"

#ifdef PCOUNT_FAULTS

#include "base/system.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { HOLDS = 8, PIDS = 4 };

/* All words of 8 bytes, for the test. */
struct hold {
	char point[48];            /* "": not used */
	uint64_t first, last;      /* the passes that are held, from 1 on; first 0: none is */
	_Atomic uint64_t passed;   /* so far */
	_Atomic uint64_t held;     /* so far */
	_Atomic uint64_t released; /* how many of those may go */
	uint64_t pid[PIDS];        /* of the last that were held: the k-th at k % PIDS */
};

struct control {
	struct fault_clock clock;
	uint64_t unused[3];
	struct hold hold[HOLDS];
};

_Static_assert(sizeof(struct hold) == 15 * 8, "as control.py has it");
_Static_assert(offsetof(struct control, hold) == 8 * 8, "as control.py has it");

static struct control *control; /* NULL: there is none */

static bool armed;
static char point[32];
static unsigned long every, passed;
static uint64_t random_state; /* 0: not random */
static int death = SIGKILL;

/* Before main(): workers are forked, and go into their sandbox, later. */
__attribute__((constructor)) static void map_control(void)
{
	const char *path = getenv("PCOUNT_CONTROL");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;

	if (fd < 0)
		return;
	void *map = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (map != MAP_FAILED)
		control = map;
}

struct fault_clock *fault_clock(void)
{
	return control && control->clock.now_ns ? &control->clock : NULL;
}

bool fault_is_forced(const char *name)
{
	const char *forced = getenv("PCOUNT_FORCE");

	return forced && strcmp(forced, name) == 0;
}

void fault_arm(unsigned worker)
{
	const char *order = getenv("PCOUNT_FAULT");
	const char *sig = getenv("PCOUNT_FAULT_SIGNAL");
	unsigned long seed = 0;

	if (!order || sscanf(order, "%31[^:]:%lu:%lu", point, &every, &seed) < 2 || every == 0)
		return;
	if (seed != 0)
		random_state = (uint64_t)getpid() * 0x9E3779B97F4A7C15u ^ (seed + worker);
	if (sig)
		death = atoi(sig);
	armed = true;
}

/* xorshift64: Marsaglia, "Xorshift RNGs", 2003. */
static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* Sleeps, by a call that is allowed in the sandbox. */
static void pause_for(unsigned ms)
{
	const struct timespec time = {.tv_nsec = (long)ms * 1000000};

	(void)system_poll(NULL, 0, &time, NULL);
}

static void pass(struct hold *h)
{
	uint64_t n = atomic_fetch_add_explicit(&h->passed, 1, memory_order_acq_rel) + 1;

	if (h->first == 0 || n < h->first || n > h->last)
		return;
	h->pid[(n - h->first) % PIDS] = (uint64_t)getpid();
	atomic_fetch_add_explicit(&h->held, 1, memory_order_acq_rel);
	/* Ever longer, for a test that waits until all are asleep. */
	for (unsigned ms = 1;
	     atomic_load_explicit(&h->released, memory_order_acquire) <= n - h->first;
	     ms = ms < 64 ? 2 * ms : ms)
		pause_for(ms);
}

void fault_point(const char *name)
{
	for (size_t i = 0; control && i < HOLDS; i++)
		if (strcmp(control->hold[i].point, name) == 0)
			pass(&control->hold[i]);
	if (!armed || (strcmp(point, "any") != 0 && strcmp(point, name) != 0))
		return;
	if (random_state != 0 ? next_random() % every == 0 : ++passed == every) {
		kill(getpid(), death);
		if (death == SIGSTOP)
			return;
		for (;;)
			pause();
	}
}

#endif
