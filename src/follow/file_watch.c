/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of some files may have changed: inotify watches, and where they cannot be relied on. */
#include "base/base.h"
#include "follow/file_watch.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#define XFS_MAGIC      0x58465342
#define F2FS_MAGIC     0xF2F52010
#define ZFS_MAGIC      0x2FC12FC1
#define BCACHEFS_MAGIC 0xCA451A4E

struct watched {
	const char *name;  /* NULL: standard input */
	char *folder;      /* where the name is; NULL: standard input, or no memory */
	const char *base;  /* the name in it */
	int wd, folder_wd; /* of inotify; -1: not watched */
	bool local; /* it is there, on a file system whose every change comes from this machine */
	bool suspect;
	bool forgotten;
};

struct file_watch {
	int fd; /* -1: no inotify here */
	size_t n;
	struct watched file[];
};

/* "dir/" of "dir/name", "." of "name"; the base is what is behind. */
static void split(struct watched *w)
{
	const char *slash = strrchr(w->name, '/');

	w->base = slash ? slash + 1 : w->name;
	w->folder = slash ? strndup(w->name, (size_t)(slash - w->name) + 1) : strdup(".");
}

struct file_watch *file_watch_new(size_t n, const char *const *names)
{
	struct file_watch *new = calloc(1, sizeof *new + n * sizeof new->file[0]);

	if (!new)
		return NULL;
	new->n = n;
	for (size_t i = 0; i < n; i++) {
		new->file[i] = (struct watched){
			.name = names[i], .wd = -1, .folder_wd = -1, .suspect = true};
		if (names[i])
			split(&new->file[i]);
	}
	new->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	return new;
}

void file_watch_free(struct file_watch *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->n; i++)
		free(n->file[i].folder);
	if (n->fd >= 0)
		close(n->fd);
	free(n);
}

/*
 * The watch of what the name led to before is of no use any more, unless another name leads there.
 */
static void drop(struct file_watch *n, int wd)
{
	for (size_t i = 0; i < n->n; i++)
		if (n->file[i].wd == wd || n->file[i].folder_wd == wd)
			return;
	inotify_rm_watch(n->fd, wd);
}

void file_watch_add(struct file_watch *n, size_t i)
{
	/* A file and a folder that are the same inode share a watch: so they have the same mask. */
	const uint32_t mask = IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_DELETE_SELF |
	                      IN_MOVED_FROM | IN_MOVED_TO | IN_MOVE_SELF;
	struct watched *w = &n->file[i];
	int before = w->wd;

	if (n->fd < 0)
		return;
	if (w->folder && w->folder_wd < 0)
		w->folder_wd = inotify_add_watch(n->fd, w->folder, mask | IN_ONLYDIR);
	w->wd = inotify_add_watch(n->fd, w->name ? w->name : "/proc/self/fd/0", mask);
	if (before >= 0 && w->wd != before)
		drop(n, before);
}

/* Network and stacked file systems change without telling; so may any that is not known here. */
static bool is_local(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) != 0)
		return false;
	switch ((uint32_t)fs.f_type) {
	case EXT4_SUPER_MAGIC:
	case XFS_MAGIC:
	case BTRFS_SUPER_MAGIC:
	case F2FS_MAGIC:
	case ZFS_MAGIC:
	case BCACHEFS_MAGIC:
	case TMPFS_MAGIC:
	case RAMFS_MAGIC:
		return true;
	default:
		return false;
	}
}

void file_watch_opened(struct file_watch *n, size_t i, int fd)
{
	n->file[i].local = fd >= 0 && is_local(fd);
}

void file_watch_forget(struct file_watch *n, size_t i)
{
	struct watched *w = &n->file[i];
	int wd = w->wd, folder_wd = w->folder_wd;

	w->forgotten = true;
	w->wd = w->folder_wd = -1;
	if (wd >= 0)
		drop(n, wd);
	if (folder_wd >= 0)
		drop(n, folder_wd);
}

int file_watch_fd(const struct file_watch *n)
{
	return n->fd;
}

static void take_event(struct file_watch *n, const struct inotify_event *event)
{
	if (event->mask & IN_Q_OVERFLOW)
		file_watch_suspect_all(n);
	for (size_t i = 0; i < n->n; i++) {
		struct watched *w = &n->file[i];
		if (w->wd == event->wd && event->len == 0)
			w->suspect = true;
		/* Of a folder: one of its names, or it is gone itself. */
		if (w->folder_wd == event->wd &&
		    (event->len == 0 || strcmp(event->name, w->base) == 0))
			w->suspect = true;
		if ((event->mask & IN_IGNORED) && w->wd == event->wd)
			w->wd = -1;
		if ((event->mask & (IN_IGNORED | IN_MOVE_SELF)) && w->folder_wd == event->wd)
			w->folder_wd = -1;
	}
}

void file_watch_read(struct file_watch *n)
{
	char events[64 * (sizeof(struct inotify_event) + NAME_MAX + 1)]
		__attribute__((aligned(__alignof__(struct inotify_event))));
	ssize_t got;

	while (n->fd >= 0 && (got = read(n->fd, events, sizeof events)) > 0) {
		for (const char *p = events; p < events + got;) {
			const struct inotify_event *event = (const void *)p;
			take_event(n, event);
			p += sizeof *event + event->len;
		}
	}
}

void file_watch_suspect_all(struct file_watch *n)
{
	for (size_t i = 0; i < n->n; i++)
		n->file[i].suspect = true;
}

bool file_watch_take_suspect(struct file_watch *n, size_t i)
{
	bool suspect = n->file[i].suspect;

	n->file[i].suspect = false;
	return suspect;
}

bool file_watch_is_reliable(const struct file_watch *n)
{
	for (size_t i = 0; i < n->n; i++) {
		const struct watched *w = &n->file[i];
		if (!w->forgotten && (!w->local || w->wd < 0 || (w->name && w->folder_wd < 0)))
			return false;
	}
	return true;
}
