/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The regular files below a directory, for -r: depth first, the names of each directory in the
 * order of their bytes, so that the same tree gives the same lines everywhere. Symbolic links in it
 * are not followed, so no loop is possible; nor is anything else opened that could block. One
 * directory is read at a time, when its turn has come: memory is for the names on the way down
 * only.
 */
#ifndef PCOUNT_CLI_TREE_H
#define PCOUNT_CLI_TREE_H

#include "base/base.h"
#include "cli/filter.h"

struct tree;

enum tree_step {
	TREE_FILE,  /* *path is a regular file */
	TREE_ERROR, /* *path is a directory that could not be read, or not in full: errno */
	TREE_END,
};

/*
 * The tree below directory `root`, which may be a symbolic link, as far as the filter takes it,
 * which must outlive it. NULL: no memory.
 */
struct tree *tree_open(const char *root, bool one_file_system, const struct filter *filter);

/* The next step; *path, which begins with `root` as it was given, is valid until the next call. */
enum tree_step tree_next(struct tree *tree, const char **path);

void tree_close(struct tree *tree);

#endif
