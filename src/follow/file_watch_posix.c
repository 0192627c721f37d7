/* SPDX-License-Identifier: BSD-2-Clause */
/* POSIX tells of no changes: every file is checked, whenever the clock says so. */
#include "base/base.h"
#include "follow/file_watch.h"

#include <stdlib.h>

struct file_watch {
	size_t n;
	bool suspect[];
};

struct file_watch *file_watch_new(size_t n, const char *const *names UNUSED)
{
	struct file_watch *new = calloc(1, sizeof *new + n * sizeof new->suspect[0]);

	if (!new)
		return NULL;
	new->n = n;
	file_watch_suspect_all(new);
	return new;
}

void file_watch_free(struct file_watch *n)
{
	free(n);
}

void file_watch_add(struct file_watch *n UNUSED, size_t i UNUSED)
{
}

void file_watch_opened(struct file_watch *n UNUSED, size_t i UNUSED, int fd UNUSED)
{
}

void file_watch_forget(struct file_watch *n UNUSED, size_t i UNUSED)
{
}

int file_watch_fd(const struct file_watch *n UNUSED)
{
	return -1;
}

void file_watch_read(struct file_watch *n UNUSED)
{
}

void file_watch_suspect_all(struct file_watch *n)
{
	for (size_t i = 0; i < n->n; i++)
		n->suspect[i] = true;
}

bool file_watch_take_suspect(struct file_watch *n, size_t i)
{
	bool suspect = n->suspect[i];

	n->suspect[i] = false;
	return suspect;
}

bool file_watch_is_reliable(const struct file_watch *n UNUSED)
{
	return false;
}
