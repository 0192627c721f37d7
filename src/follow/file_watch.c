/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of some files may have changed: inotify watches, and where they cannot be relied on. */
#include "base/base.h"
#include "base/libc.h"
#include "follow/file_watch.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { LINKS_MAX = 40 }; /* as many as the kernel follows */

/* A file and a folder that are the same inode share a watch: so they have the same mask. */
#define MASK                                                                              \
	(IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVED_FROM | \
	 IN_MOVED_TO | IN_MOVE_SELF)

#define XFS_MAGIC      0x58465342
#define F2FS_MAGIC     0xF2F52010
#define ZFS_MAGIC      0x2FC12FC1
#define BCACHEFS_MAGIC 0xCA451A4E

/* A name in a folder, on the path to a file: another may take its place. */
struct step {
	int wd;     /* of the folder, by inotify; -1: not watched */
	char *base; /* the name in it */
};

struct watched {
	const char *name;  /* NULL: standard input */
	struct step *step; /* [n_steps]: symbolic links on the path, and the name at its end */
	size_t n_steps;
	bool incomplete; /* not all steps are known */
	int wd;          /* of the file itself, by inotify; -1: not watched */
	bool local; /* it is there, on a file system whose every change comes from this machine */
	bool suspect;
	bool forgotten;
};

struct file_watch {
	int fd; /* -1: no inotify here */
	size_t n;
	struct watched file[];
};

struct file_watch *file_watch_new(size_t n, const char *const *names)
{
	struct file_watch *new = calloc(1, sizeof *new + n * sizeof new->file[0]);

	if (!new)
		return NULL;
	new->n = n;
	for (size_t i = 0; i < n; i++)
		new->file[i] = (struct watched){.name = names[i], .wd = -1, .suspect = true};
	new->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	return new;
}

static void free_steps(struct step *step, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(step[i].base);
	free(step);
}

void file_watch_free(struct file_watch *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->n; i++)
		free_steps(n->file[i].step, n->file[i].n_steps);
	if (n->fd >= 0)
		close(n->fd);
	free(n);
}

/* ---- the path to a file ---- */

/* 0, or -1: no memory. */
static int add_step(struct file_watch *n, struct watched *w, const char *folder, const char *base)
{
	struct step *more = array_resize(w->step, w->n_steps + 1, sizeof *more);
	char *copy = strdup(base);

	if (more)
		w->step = more;
	if (!more || !copy) {
		free(copy);
		return -1;
	}
	w->step[w->n_steps++] = (struct step){
		.wd = inotify_add_watch(n->fd, *folder ? folder : ".", MASK | IN_ONLYDIR),
		.base = copy,
	};
	return 0;
}

/* The parts of a path: the folder up to which it is walked, a name in it, and what is left. */
struct walk {
	char folder[PATH_MAX]; /* "" or with a slash at its end */
	char base[NAME_MAX + 1];
	char left[PATH_MAX];
};

/*
 * Replaces what is left of the path, after a link, by its target and what was left. 0, or -1: that
 * is too long.
 */
static int follow_link(struct walk *walk, const char *target)
{
	char left[PATH_MAX];
	int n = snprintf(left, sizeof left, "%s/%s", target, walk->left);

	if (n < 0 || (size_t)n >= sizeof left)
		return -1;
	memcpy(walk->left, left, (size_t)n + 1);
	if (*target == '/')
		strcpy(walk->folder, "/");
	return 0;
}

/* Is there another name of at most NAME_MAX bytes? It is taken, without slashes around it. */
static bool next_name(struct walk *walk)
{
	size_t skipped = strspn(walk->left, "/"), n = strcspn(walk->left + skipped, "/");

	if (n == 0 || n > NAME_MAX)
		return false;
	memcpy(walk->base, walk->left + skipped, n);
	walk->base[n] = '\0';
	n += skipped;
	n += strspn(walk->left + n, "/");
	memmove(walk->left, walk->left + n, strlen(walk->left + n) + 1);
	return true;
}

/* Goes into the folder that has the name. 0, or -1: its path is too long. */
static int enter(struct walk *walk)
{
	size_t n = strlen(walk->folder), more = strlen(walk->base);

	if (n + more + 2 > sizeof walk->folder)
		return -1;
	memcpy(walk->folder + n, walk->base, more);
	memcpy(walk->folder + n + more, "/", 2);
	return 0;
}

/*
 * Walks from name to name as the kernel does, and watches each folder with a link on the path, and
 * the one in which the path ends, or does not go on. 0, or -1: it cannot be told.
 */
static int watch_path(struct file_watch *n, struct watched *w)
{
	struct walk walk = {.folder = ""};
	char path[PATH_MAX + NAME_MAX + 1], target[PATH_MAX];
	struct stat st;
	int links = 0;

	if (strlen(w->name) >= sizeof walk.left)
		return -1;
	strcpy(walk.left, w->name);
	if (*w->name == '/')
		strcpy(walk.folder, "/");
	while (next_name(&walk)) {
		snprintf(path, sizeof path, "%s%s", walk.folder, walk.base);
		bool missing = lstat(path, &st) != 0, is_link = !missing && S_ISLNK(st.st_mode);
		if ((missing || is_link || !*walk.left) &&
		    add_step(n, w, walk.folder, walk.base) != 0)
			return -1;
		ssize_t length = is_link ? readlink(path, target, sizeof target - 1) : 0;
		if (missing || (!is_link && !*walk.left))
			return 0;
		if (is_link && (length <= 0 || ++links > LINKS_MAX))
			return -1;
		target[length] = '\0';
		if ((is_link ? follow_link(&walk, target) : enter(&walk)) != 0)
			return -1;
	}
	return -1;
}

/*
 * The watch of what the name led to before is of no use any more, unless another name leads there.
 */
static void drop(struct file_watch *n, int wd)
{
	if (wd < 0)
		return;
	for (size_t i = 0; i < n->n; i++) {
		const struct watched *w = &n->file[i];
		if (w->wd == wd)
			return;
		for (size_t k = 0; k < w->n_steps; k++)
			if (w->step[k].wd == wd)
				return;
	}
	inotify_rm_watch(n->fd, wd);
}

static void drop_steps(struct file_watch *n, struct step *step, size_t n_steps)
{
	for (size_t k = 0; k < n_steps; k++)
		drop(n, step[k].wd);
	free_steps(step, n_steps);
}

void file_watch_add(struct file_watch *n, size_t i)
{
	struct watched *w = &n->file[i];
	int before = w->wd;
	struct step *old = w->step;
	size_t n_old = w->n_steps;

	if (n->fd < 0)
		return;
	w->step = NULL;
	w->n_steps = 0;
	w->incomplete = w->name && watch_path(n, w) != 0;
	w->wd = inotify_add_watch(n->fd, w->name ? w->name : "/proc/self/fd/0", MASK);
	if (w->wd != before)
		drop(n, before);
	drop_steps(n, old, n_old);
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
	int wd = w->wd;
	struct step *step = w->step;
	size_t n_steps = w->n_steps;

	w->forgotten = true;
	w->wd = -1;
	w->step = NULL;
	w->n_steps = 0;
	drop(n, wd);
	drop_steps(n, step, n_steps);
}

int file_watch_fd(const struct file_watch *n)
{
	return n->fd;
}

static void take_event_for(struct watched *w, const struct inotify_event *event)
{
	if (w->wd == event->wd && event->len == 0)
		w->suspect = true;
	if ((event->mask & IN_IGNORED) && w->wd == event->wd)
		w->wd = -1;
	for (size_t k = 0; k < w->n_steps; k++) {
		struct step *step = &w->step[k];
		if (step->wd != event->wd)
			continue;
		/* Of a folder: one of its names, or it is gone itself. */
		if (event->len == 0 || strcmp(event->name, step->base) == 0)
			w->suspect = true;
		if (event->mask & (IN_IGNORED | IN_MOVE_SELF))
			step->wd = -1;
	}
}

static void take_event(struct file_watch *n, const struct inotify_event *event)
{
	if (event->mask & IN_Q_OVERFLOW)
		file_watch_suspect_all(n);
	for (size_t i = 0; i < n->n; i++)
		take_event_for(&n->file[i], event);
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

static bool is_reliable(const struct watched *w)
{
	if (w->forgotten)
		return true;
	for (size_t k = 0; k < w->n_steps; k++)
		if (w->step[k].wd < 0)
			return false;
	return w->local && w->wd >= 0 && !w->incomplete;
}

bool file_watch_is_reliable(const struct file_watch *n)
{
	for (size_t i = 0; i < n->n; i++)
		if (!is_reliable(&n->file[i]))
			return false;
	return true;
}
