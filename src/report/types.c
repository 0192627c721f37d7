/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts summed up by type: a short table, since there are hundreds of types at most. */
#include "base/base.h"
#include "base/libc.h"
#include "report/types.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct type_sum *find(struct types *types, const char *type)
{
	for (size_t i = 0; i < types->n; i++)
		if (strcmp(types->sum[i].type, type) == 0)
			return &types->sum[i];
	if (types->n == types->room) {
		size_t room = types->room > 0 ? 2 * types->room : 16;
		struct type_sum *sum = array_resize(types->sum, room, sizeof *sum);
		if (!sum)
			return NULL;
		types->sum = sum;
		types->room = room;
	}
	char *copy = strdup(type);
	if (!copy)
		return NULL;
	types->sum[types->n] = (struct type_sum){.type = copy};
	return &types->sum[types->n++];
}

void types_add(struct types *types, const char *type, const struct counts *counts)
{
	struct type_sum *sum = find(types, type);

	if (!sum) {
		types->incomplete = true;
		return;
	}
	sum->files++;
	totals_add(&sum->totals, counts);
}

/*
 * Most bytes first; the type itself decides between equals, so that the order is always the same.
 */
static int compare(const void *a, const void *b)
{
	const struct type_sum *x = a, *y = b;

	if (x->totals.sum.bytes != y->totals.sum.bytes)
		return x->totals.sum.bytes < y->totals.sum.bytes ? 1 : -1;
	return strcmp(x->type, y->type);
}

int types_each(struct types *types, int (*print)(void *arg, const struct type_sum *sum), void *arg)
{
	if (types->incomplete) {
		errno = ENOMEM;
		return -1;
	}
	if (types->n > 0)
		qsort(types->sum, types->n, sizeof *types->sum, compare);
	for (size_t i = 0; i < types->n; i++)
		if (print(arg, &types->sum[i]) != 0)
			return -1;
	return 0;
}

void types_free(struct types *types)
{
	for (size_t i = 0; i < types->n; i++)
		free(types->sum[i].type);
	free(types->sum);
	*types = (struct types){0};
}
