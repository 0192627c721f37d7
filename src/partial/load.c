/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of partial lines, read into a collection. */
#include "base/base.h"
#include "partial/lines.h"
#include "partial/load.h"

#include <errno.h>
#include <stdio.h>

struct loading {
	struct collection *collection;
	const struct json *json;
	void (*bad_line)(void *arg, struct partial_place place, const char *why);
	void *arg;
};

static int load_line(const struct loading *l, const char *line, size_t n,
                     struct partial_place place)
{
	char why[PARTIAL_WHY_MAX];
	struct partial p;

	if (partial_read(l->json, line, n, &p, why) != 0) {
		l->bad_line(l->arg, place, why);
		return 0;
	}
	int status = collection_add(l->collection, &p, place);
	partial_free(&p);
	errno = ENOMEM;
	return status;
}

/* Tells of a line that the rest of the file cannot be read beyond. */
static void refuse_last(const struct loading *l, struct partial_place place,
                        enum lines_status status)
{
	char why[PARTIAL_WHY_MAX];

	snprintf(why, sizeof why, "longer than %d bytes: not a partial count", LINES_LENGTH_MAX);
	l->bad_line(l->arg, place, status == LINES_TORN ? "incomplete line" : why);
}

int load_lines(struct collection *collection, const struct json *json, int fd, uint32_t source,
               void (*bad_line)(void *arg, struct partial_place place, const char *why), void *arg)
{
	const struct loading l = {collection, json, bad_line, arg};
	struct partial_place place = {.source = source};
	struct lines *lines = lines_open(fd);
	enum lines_status status;
	int result = 0;
	const char *line;
	size_t n;

	if (!lines)
		return -1;
	do {
		status = lines_next(lines, &line, &n);
		place.line = lines_number(lines);
		if (status == LINES_ONE)
			result = load_line(&l, line, n, place);
	} while (status == LINES_ONE && result == 0);
	int error = errno;
	if (status == LINES_FAILED)
		result = -1;
	else if (status == LINES_TORN || status == LINES_TOO_LONG)
		refuse_last(&l, place, status);
	lines_close(lines);
	errno = error;
	return result;
}
