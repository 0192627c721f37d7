/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Deaths on order, in the test build only. PCOUNT_FAULT="POINT:N" kills a forked worker with
 * SIGKILL the Nth time it passes POINT (each worker counts for itself); "POINT:N:SEED" kills it
 * there with probability 1/N; POINT "any" is every point. PCOUNT_FAULT_SIGNAL: another signal.
 */
#include "base/base.h"
#include "engine/fault.h"

#ifdef PCOUNT_FAULTS

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool armed;
static char point[32];
static unsigned long every, passed;
static uint64_t random_state; /* 0: not random */
static int death = SIGKILL;

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

void fault_point(const char *name)
{
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
