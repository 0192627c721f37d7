/* SPDX-License-Identifier: BSD-2-Clause */
/* Globs against names. */
#include "base/base.h"
#include "base/libc.h"
#include "cli/filter.h"

#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The length of a path without the slashes at its end; "/" keeps one. */
static size_t trimmed(const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	return n;
}

int filter_add(struct filter *f, enum filter_kind kind, const char *glob)
{
	struct filter_rule *grown = array_resize(f->rule, f->n + 1, sizeof *f->rule);

	if (!grown)
		return -1;
	f->rule = grown;
	char *copy = strndup(glob, kind == FILTER_EXCLUDE_DIR ? trimmed(glob) : strlen(glob));
	if (!copy)
		return -1;
	f->rule[f->n++] = (struct filter_rule){kind, copy};
	return 0;
}

void filter_free(struct filter *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->rule[i].glob);
	free(f->rule);
	*f = (struct filter){0};
}

/* Does the glob match the path, or what follows a slash in it? */
static bool matches_suffix(const char *glob, const char *path)
{
	for (const char *at = path; at; at = strchr(at, '/')) {
		at += at > path; /* after the slash */
		if ((at == path || *at != '/') && fnmatch(glob, at, 0) == 0)
			return true;
	}
	return false;
}

static bool matches(const char *glob, enum filter_scope scope, const char *name)
{
	return scope == FILTER_NAMED ? matches_suffix(glob, name) : fnmatch(glob, name, 0) == 0;
}

bool filter_takes_file(const struct filter *f, enum filter_scope scope, const char *name)
{
	bool taken = true, first = true;

	for (size_t i = 0; i < f->n; i++) {
		const struct filter_rule *rule = &f->rule[i];
		if (rule->kind == FILTER_EXCLUDE_DIR)
			continue;
		if (first)
			taken = rule->kind == FILTER_EXCLUDE;
		first = false;
		if (matches(rule->glob, scope, name))
			taken = rule->kind == FILTER_INCLUDE;
	}
	return taken;
}

bool filter_takes_directory(const struct filter *f, enum filter_scope scope, const char *name)
{
	if (f->n == 0)
		return true;
	char path[PATH_MAX];
	size_t n = trimmed(name);
	/* What is longer cannot be a directory that the user has named. */
	if (n >= sizeof path)
		return true;
	memcpy(path, name, n);
	path[n] = '\0';
	for (size_t i = 0; i < f->n; i++)
		if (f->rule[i].kind == FILTER_EXCLUDE_DIR && matches(f->rule[i].glob, scope, path))
			return false;
	return true;
}
