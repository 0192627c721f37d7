/* SPDX-License-Identifier: BSD-2-Clause */
/* All descriptors of a process, and new ones for their files: close_range(2) and /proc. */
#include "base/base.h"
#include "base/fd.h"
#include "base/fd_proc.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436 /* Linux 5.9, the same number everywhere */
#endif

static int close_from_to(unsigned first, unsigned last)
{
	return first > last ? 0 : (int)syscall(SYS_close_range, first, last, 0);
}

/* As /proc lists them. Each is closed once: the listing is read to its end before. */
static int close_listed(int keep)
{
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *entry;
	int last = -1;

	if (!dir)
		return -1;
	while ((entry = readdir(dir)))
		last = atoi(entry->d_name) > last ? atoi(entry->d_name) : last;
	closedir(dir);
	for (int fd = 0; fd <= last; fd++)
		if (fd != keep)
			close(fd);
	return 0;
}

int fd_close_others(int keep)
{
	struct rlimit limit;

	if ((keep < 1 || close_from_to(0, (unsigned)keep - 1) == 0) &&
	    close_from_to((unsigned)(keep + 1), UINT_MAX) == 0)
		return 0;
	if (close_listed(keep) == 0)
		return 0;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return -1;
	for (rlim_t fd = 0; fd < limit.rlim_cur && fd < INT_MAX; fd++)
		if ((int)fd != keep)
			close((int)fd);
	return 0;
}

int fd_reopen_read_only(int fd)
{
	char path[sizeof "/proc/self/fd/" + 3 * sizeof fd];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return open_above_stdio(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}
