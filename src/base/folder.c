/* SPDX-License-Identifier: BSD-2-Clause */
/* Names looked up from the folder that the last one was in. */
#include "base/base.h"
#include "base/fd.h"
#include "base/folder.h"
#include "base/system.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/*
 * For this long a folder is taken to be where it was. Names of one list are opened earlier than
 * their turn by more than that, so nothing can be seen that could not be seen without it; a list
 * that comes slowly finds what is there when it comes.
 */
#define TRUST_NS UINT64_C(10000000)

void folder_close(struct folder *f)
{
	int saved = errno;

	if (f->open)
		close(f->fd);
	f->open = false;
	errno = saved;
}

/*
 * Opens the folder. It must never take the descriptor that a file needs: where there are few, files
 * wait for others to be closed, and the folder stays open. So none is taken from the upper half.
 */
static void open_folder(struct folder *f, uint64_t now)
{
	char name[FOLDER_PATH_MAX + 1];
	struct rlimit limit;

	memcpy(name, f->path, f->length);
	name[f->length] = '\0';
	f->fd = fd_above_stdio(system_open_folder(AT_FDCWD, name));
	f->until = now + TRUST_NS;
	f->open = f->fd >= 0;
	if (f->open &&
	    (getrlimit(RLIMIT_NOFILE, &limit) != 0 || (rlim_t)f->fd >= limit.rlim_cur / 2))
		folder_close(f);
}

/*
 * The descriptor to look the path up from, or AT_FDCWD, and *rest of the path from there. A folder
 * is opened only for the second name in a row that is in it.
 */
static int find_base(struct folder *f, const char *path, uint64_t now, const char **rest)
{
	const char *slash = strrchr(path, '/');

	*rest = path;
	if (!slash || slash == path || slash[1] == '\0')
		return AT_FDCWD;
	size_t length = (size_t)(slash - path) + 1;
	if (length > sizeof f->path)
		return AT_FDCWD;
	if (f->length != length || memcmp(f->path, path, length) != 0) {
		folder_close(f);
		f->length = length;
		memcpy(f->path, path, length);
		return AT_FDCWD;
	}
	if (f->open && now > f->until)
		folder_close(f);
	if (!f->open)
		open_folder(f, now);
	if (!f->open)
		return AT_FDCWD;
	*rest = slash + 1;
	return f->fd;
}

int folder_open(struct folder *f, const char *path, int flags, uint64_t now)
{
	const char *rest;
	int from = find_base(f, path, now, &rest);
	int fd = openat_above_stdio(from, rest, flags);

	/* All descriptors of the system are in use: one less. */
	if (UNLIKELY(fd < 0) && from != AT_FDCWD && errno == ENFILE) {
		folder_close(f);
		fd = open_above_stdio(path, flags);
	}
	return fd;
}

int folder_stat(struct folder *f, const char *path, struct stat *st, uint64_t now)
{
	const char *rest;
	int from = find_base(f, path, now, &rest);

	return fstatat(from, rest, st, 0);
}
