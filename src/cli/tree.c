/* SPDX-License-Identifier: BSD-2-Clause */
/* Directory after directory, each read as a whole and sorted when the walk comes to it. */
#include "base/base.h"
#include "base/libc.h"
#include "cli/tree.h"

#include "base/fd.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A directory on the way from the root to where the walk is. */
struct level {
	char *text;       /* its entries: a letter for the kind, the name, a NUL, and so on */
	size_t room, end; /* bytes of it */
	char **entry;     /* [n] into text, in order */
	size_t n, next;
	size_t path_len; /* of tree->path up to this directory, slash included */
};

enum { KIND_FILE = 'f', KIND_DIRECTORY = 'd' };

struct tree {
	char *path;
	size_t room;
	struct level *level;
	size_t depth, levels; /* in use, allocated */
	bool begun;
	bool one_file_system;
	const struct filter *filter;
	dev_t device; /* of the root */
};

/* Makes room for `want` elements of `size` bytes in all. 0, or -1 and errno. */
static int reserve(void **array, size_t *room, size_t want, size_t size)
{
	if (want <= *room)
		return 0;
	size_t more = max_size(want, *room > 0 ? 2 * *room : 64);
	void *grown = array_resize(*array, more, size);
	if (!grown)
		return -1;
	*array = grown;
	*room = more;
	return 0;
}

/* tree->path := its first `len` bytes, then `name`. 0, or -1 and errno. */
static int path_set(struct tree *tree, size_t len, const char *name)
{
	size_t more = strlen(name) + 1;
	void *path = tree->path;

	if (reserve(&path, &tree->room, len + more + 1, 1) != 0) /* and a slash, later */
		return -1;
	tree->path = path;
	memcpy(tree->path + len, name, more);
	return 0;
}

struct tree *tree_open(const char *root, bool one_file_system, const struct filter *filter)
{
	struct tree *tree = calloc(1, sizeof *tree);

	if (!tree)
		return NULL;
	tree->one_file_system = one_file_system;
	tree->filter = filter;
	if (path_set(tree, 0, root) == 0)
		return tree;
	free(tree);
	return NULL;
}

static void level_free(struct level *level)
{
	free(level->text);
	free(level->entry);
	*level = (struct level){0};
}

void tree_close(struct tree *tree)
{
	int saved = errno;

	if (!tree)
		return;
	while (tree->depth > 0)
		level_free(&tree->level[--tree->depth]);
	free(tree->level);
	free(tree->path);
	free(tree);
	errno = saved;
}

/* The kind of an entry that is walked; 0: it is skipped. */
static char kind_of(int fd, const struct dirent *d)
{
	struct stat st;
	unsigned char type = d->d_type;

	if (type == DT_UNKNOWN && fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		type = S_ISREG(st.st_mode) ? DT_REG : S_ISDIR(st.st_mode) ? DT_DIR : DT_UNKNOWN;
	if (type == DT_DIR)
		return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0 ? KIND_DIRECTORY
		                                                                   : 0;
	return type == DT_REG ? KIND_FILE : 0;
}

static int add_entry(struct level *level, char kind, const char *name)
{
	size_t size = strlen(name) + 1;
	void *text = level->text;

	if (reserve(&text, &level->room, level->end + 1 + size, 1) != 0)
		return -1;
	level->text = text;
	level->text[level->end] = kind;
	memcpy(level->text + level->end + 1, name, size);
	level->end += 1 + size;
	level->n++;
	return 0;
}

/* Is the entry to be walked, or counted? */
static bool is_wanted(const struct filter *filter, char kind, const char *name)
{
	if (kind == KIND_DIRECTORY)
		return filter_takes_directory(filter, FILTER_FOUND, name);
	return kind == KIND_FILE && filter_takes_file(filter, FILTER_FOUND, name);
}

/* Reads the entries. 0, or -1 and errno: those read so far are there. */
static int read_entries(struct level *level, DIR *dir, const struct filter *filter)
{
	const struct dirent *d;

	while (errno = 0, (d = readdir(dir)) != NULL) {
		char kind = kind_of(dirfd(dir), d);
		if (is_wanted(filter, kind, d->d_name) && add_entry(level, kind, d->d_name) != 0)
			return -1;
	}
	return errno == 0 ? 0 : -1;
}

static int compare(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x + 1, *y + 1);
}

static int sort_entries(struct level *level)
{
	char *at = level->text;

	if (level->n == 0)
		return 0;
	level->entry = malloc(level->n * sizeof *level->entry);
	if (!level->entry) {
		level->n = 0;
		return -1;
	}
	for (size_t i = 0; i < level->n; i++, at += strlen(at) + 1)
		level->entry[i] = at;
	qsort(level->entry, level->n, sizeof *level->entry, compare);
	return 0;
}

/* Opens the directory at tree->path; -1 and errno, which is 0 if it is not to be entered. */
static int open_directory(struct tree *tree, bool root)
{
	struct stat st;
	/* The root may be a link; what has become one since its parent was read is not followed. */
	int flags = O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_NOCTTY | (root ? 0 : O_NOFOLLOW);
	int fd = open_long_above_stdio(tree->path, flags);

	if (fd < 0 || !tree->one_file_system)
		return fd;
	if (fstat(fd, &st) == 0 && (root || st.st_dev == tree->device)) {
		tree->device = st.st_dev;
		return fd;
	}
	close(fd);
	errno = 0;
	return -1;
}

/* Goes down into the directory at tree->path. 0, or -1 and errno, 0 if there is nothing to say. */
static int enter(struct tree *tree, bool root)
{
	void *levels = tree->level;

	if (reserve(&levels, &tree->levels, tree->depth + 1, sizeof *tree->level) != 0)
		return -1;
	tree->level = levels;
	int fd = open_directory(tree, root);
	if (fd < 0)
		return -1;
	DIR *dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -1;
	}
	struct level *level = &tree->level[tree->depth];
	*level = (struct level){0};
	int status = read_entries(level, dir, tree->filter);
	int error = errno;
	closedir(dir);
	if (sort_entries(level) != 0) {
		status = -1;
		error = ENOMEM;
	}
	size_t len = strlen(tree->path);
	if (len == 0 || tree->path[len - 1] != '/') {
		tree->path[len++] = '/'; /* path_set() has left room */
		tree->path[len] = '\0';
	}
	level->path_len = len;
	tree->depth++;
	errno = error;
	return status;
}

/* enter(). Is there something to tell of it? Then *step and *path. */
static bool enter_and_tell(struct tree *tree, bool root, enum tree_step *step, const char **path)
{
	size_t depth = tree->depth;

	if (enter(tree, root) == 0 || errno == 0)
		return false;
	/* Read in part: the name as that of the others, without the slash that entries need. */
	if (tree->depth > depth && tree->level[depth].path_len > 1)
		tree->path[tree->level[depth].path_len - 1] = '\0';
	*step = TREE_ERROR;
	*path = tree->path;
	return true;
}

enum tree_step tree_next(struct tree *tree, const char **path)
{
	enum tree_step step;

	if (!tree->begun) {
		tree->begun = true;
		if (enter_and_tell(tree, true, &step, path))
			return step;
	}
	while (tree->depth > 0) {
		struct level *level = &tree->level[tree->depth - 1];
		if (level->next == level->n) {
			level_free(level);
			tree->depth--;
			continue;
		}
		const char *entry = level->entry[level->next++];
		tree->path[level->path_len - 1] = '/';
		if (path_set(tree, level->path_len, entry + 1) != 0) {
			*path = tree->path;
			return TREE_ERROR;
		}
		*path = tree->path;
		if (entry[0] == KIND_FILE)
			return TREE_FILE;
		if (enter_and_tell(tree, false, &step, path))
			return step;
	}
	return TREE_END;
}
