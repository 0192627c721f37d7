/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --include, --exclude and --exclude-dir: which files are counted, and which directories are
 * walked, by globs as fnmatch(3) has them. The rules are those of GNU grep:
 *
 *      - a file that is found below a directory is judged by its name alone, without directories;
 *        one that is named by the user by its name and by what follows any slash in it;
 *      - of --include and --exclude the last that matches decides; if none does, a file is taken
 *        unless the first of them is an --include;
 *      - a directory that matches an --exclude-dir is not walked.
 */
#ifndef PCOUNT_CLI_FILTER_H
#define PCOUNT_CLI_FILTER_H

#include "base/base.h"

enum filter_kind { FILTER_INCLUDE, FILTER_EXCLUDE, FILTER_EXCLUDE_DIR };

struct filter_rule {
	enum filter_kind kind;
	char *glob; /* allocated; of a directory without slashes at its end */
};

/* All zero: everything is taken. */
struct filter {
	struct filter_rule *rule; /* [n], in the order of the command line */
	size_t n;
};

/* Where a name comes from. */
enum filter_scope {
	FILTER_FOUND, /* an entry of a directory */
	FILTER_NAMED, /* a path that the user has named */
};

/* Adds a rule. 0, or -1 and errno. */
int filter_add(struct filter *f, enum filter_kind kind, const char *glob);
void filter_free(struct filter *f);

bool filter_takes_file(const struct filter *f, enum filter_scope scope, const char *name);
bool filter_takes_directory(const struct filter *f, enum filter_scope scope, const char *name);

#endif
