/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The affinity mask and the control group's quota; see cgroups(7) and the kernel's cgroup-v2.rst.
 */
#include "base/base.h"
#include "base/cpus.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_MAX = 4096, CPUS_MAX = 1 << 16 };

unsigned cpus_affinity(void)
{
	/* The mask may be larger than cpu_set_t on big machines: grow until it fits. */
	for (size_t cpus = CPU_SETSIZE; cpus <= CPUS_MAX; cpus *= 2) {
		size_t size = CPU_ALLOC_SIZE(cpus);
		cpu_set_t *set = CPU_ALLOC(cpus);
		if (!set)
			break;
		bool ok = sched_getaffinity(0, size, set) == 0;
		int count = ok ? CPU_COUNT_S(size, set) : 0;
		bool too_small = !ok && errno == EINVAL;
		CPU_FREE(set);
		if (ok)
			return (unsigned)count;
		if (!too_small)
			break;
	}
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	return online > 0 ? (unsigned)online : 1;
}

/* The first TEXT_MAX - 1 bytes of a small file as a string. 0, or -1: it cannot be read. */
static int read_text(const char *path, char text[TEXT_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ssize_t n = read(fd, text, TEXT_MAX - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0 ? 0 : -1;
}

/* ceil(quota / period) in CPUs; 0 if there is no limit. */
static unsigned whole_cpus(long long quota, long long period)
{
	if (quota <= 0 || period <= 0)
		return 0;
	long long cpus = quota / period + (quota % period != 0); /* no overflow */
	return cpus < CPUS_MAX ? (unsigned)cpus : 0;
}

/* The limit one group directory states, by either version's file; 0: none. */
static unsigned group_limit(const char *dir, bool v2)
{
	char path[TEXT_MAX + 64], text[TEXT_MAX];
	long long quota = 0, period = 0;

	if (v2) {
		snprintf(path, sizeof path, "%s/cpu.max", dir);
		if (read_text(path, text) != 0 || sscanf(text, "%lld %lld", &quota, &period) != 2)
			return 0; /* "max 100000": no limit */
		return whole_cpus(quota, period);
	}
	snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", dir);
	if (read_text(path, text) != 0 || sscanf(text, "%lld", &quota) != 1)
		return 0;
	snprintf(path, sizeof path, "%s/cpu.cfs_period_us", dir);
	if (read_text(path, text) != 0 || sscanf(text, "%lld", &period) != 1)
		return 0;
	return whole_cpus(quota, period);
}

static unsigned stricter(unsigned a, unsigned b)
{
	return a == 0 ? b : b == 0 ? a : a < b ? a : b;
}

/* The strictest limit of group `group` and all above it, below mount point `mount`. */
static unsigned path_limit(const char *mount, const char *group, bool v2)
{
	char dir[TEXT_MAX];
	size_t mount_length = strlen(mount);
	unsigned limit = 0;

	if ((size_t)snprintf(dir, sizeof dir, "%s%s", mount, group) >= sizeof dir)
		return 0;
	for (;;) {
		limit = stricter(limit, group_limit(dir, v2));
		char *slash = strrchr(dir, '/');
		if (!slash || (size_t)(slash - dir) < mount_length)
			return limit;
		*slash = '\0';
	}
}

/* Is "cpu" one of the comma separated controllers? */
static bool has_cpu(const char *controllers)
{
	for (const char *p = controllers; *p;) {
		size_t n = strcspn(p, ",");
		if (n == 3 && memcmp(p, "cpu", 3) == 0)
			return true;
		p += n + (p[n] == ',');
	}
	return false;
}

/*
 * The limit that version 1 sets our group. The controllers that are mounted together may be listed
 * in another order than the name of their mount point has (RHEL 7: cpuacct,cpu at cpu,cpuacct).
 */
static unsigned v1_limit(const char *root, const char *controllers, const char *group)
{
	const char *const names[] = {controllers, "cpu,cpuacct", "cpu"};
	char mount[TEXT_MAX];
	unsigned limit = 0;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(mount, sizeof mount, "%s/%s", root, names[i]);
		limit = stricter(limit, path_limit(mount, group, false));
		/* In a container the mount point is the group itself. */
		limit = stricter(limit, group_limit(mount, false));
	}
	return limit;
}

unsigned cpus_quota(const char *self, const char *root)
{
	char text[TEXT_MAX], *save = NULL;
	unsigned limit = 0;

	if (read_text(self, text) != 0)
		return 0;
	/* Each line is "hierarchy:controllers:group"; version 2 is "0::group". */
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *controllers = strchr(line, ':');
		char *colon = controllers ? strchr(controllers + 1, ':') : NULL;
		if (!colon)
			continue;
		*controllers++ = '\0';
		*colon = '\0';
		const char *group = strcmp(colon + 1, "/") == 0 ? "" : colon + 1;
		if (strcmp(line, "0") == 0 && *controllers == '\0') {
			limit = stricter(limit, path_limit(root, group, true));
		} else if (has_cpu(controllers)) {
			limit = stricter(limit, v1_limit(root, controllers, group));
		}
	}
	return limit;
}

unsigned cpus_usable(void)
{
	unsigned cpus = cpus_affinity();
	unsigned quota = cpus > 1 ? cpus_quota("/proc/self/cgroup", "/sys/fs/cgroup") : 0;

	if (quota > 0 && quota < cpus)
		cpus = quota;
	return cpus > 0 ? cpus : 1;
}
