/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens the files of tasks, and keeps the last one. */
#include "base/base.h"
#include "base/clock.h"
#include "scan/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void files_init(struct files *f, enum fd_scope scope)
{
	*f = (struct files){.scope = scope, .cached_fd = -1};
}

static void drop_cached(struct files *f)
{
	if (f->cached_fd >= 0)
		close(f->cached_fd);
	f->cached_fd = -1;
}

void files_close(struct files *f)
{
	int saved = errno;

	drop_cached(f);
	folder_close(&f->folder);
	errno = saved;
}

int files_open(struct files *f, const struct task *task, uint64_t now)
{
	if (f->open)
		return f->open(f->arg, task);
	/* Not to hang on a FIFO that has taken the place of the file seen before. */
	return task->path
	               ? folder_open(&f->folder, task->path, O_RDONLY | O_NONBLOCK | O_NOCTTY, now)
	               : -1;
}

uint64_t files_mtime_ns(const struct stat *st)
{
	return (uint64_t)st->st_mtim.tv_sec * 1000000000u + (uint64_t)st->st_mtim.tv_nsec;
}

static bool is_tasks_file(const struct files *f, const struct task *task)
{
	struct stat st;

	if (fstat(f->cached_fd, &st) != 0 || st.st_ino != task->ino)
		return false;
	if (f->scope != FD_REMOTE)
		return st.st_dev == task->dev;
	/* Disks of hosts that were copied from one another number their files alike. */
	return (uint64_t)st.st_size >= task->size && files_mtime_ns(&st) == task->mtime_ns;
}

int files_of_piece(struct files *f, const struct task *task)
{
	if (f->scope == FD_SHARED || (task->fd == STDIN_FILENO && f->scope == FD_LOCAL))
		return task->fd;
	if (f->cached_fd >= 0 && f->cached_dev == task->dev && f->cached_ino == task->ino)
		return f->cached_fd;
	drop_cached(f);
	f->cached_fd = files_open(f, task, clock_now_ns());
	if (f->cached_fd >= 0 && !is_tasks_file(f, task))
		drop_cached(f);
	f->cached_dev = task->dev;
	f->cached_ino = task->ino;
	return f->cached_fd;
}
