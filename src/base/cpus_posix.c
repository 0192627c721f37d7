/* SPDX-License-Identifier: BSD-2-Clause */
/* Processors that are online; there are no masks nor quotas. */
#include "base/base.h"
#include "base/cpus.h"

#include <unistd.h>

unsigned cpus_affinity(void)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);

	return online > 0 ? (unsigned)online : 1;
}

unsigned cpus_quota(const char *self UNUSED, const char *root UNUSED)
{
	return 0;
}

unsigned cpus_usable(void)
{
	return cpus_affinity();
}
