/* SPDX-License-Identifier: BSD-2-Clause */
/* How many processors this process may really use. */
#ifndef PCOUNT_BASE_CPUS_H
#define PCOUNT_BASE_CPUS_H

#include "base/base.h"

/*
 * The CPUs of the affinity mask, but no more than the CPU quota of our control groups allows
 * (cgroup v2 cpu.max, v1 cpu.cfs_quota_us, of our group and all above it), rounded up; at least 1.
 */
unsigned cpus_usable(void);

/* The CPUs of the affinity mask alone: one system call. */
unsigned cpus_affinity(void);

/*
 * For tests: the quota in CPUs that the files under `root` give process group file `self`; 0: none.
 */
unsigned cpus_quota(const char *self, const char *root);

#endif
