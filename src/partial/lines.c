/* SPDX-License-Identifier: BSD-2-Clause */
/* A window over the file that is as long as the longest line. */
#include "base/base.h"
#include "base/fd.h"
#include "partial/lines.h"

#include <stdlib.h>
#include <string.h>

struct lines {
	int fd;
	bool at_end;
	uint64_t number;
	uint64_t begin;  /* of the last line that was given out, in the file */
	size_t length;   /* of that line, its newline included */
	size_t at, used; /* window[at, used) has not been given out yet */
	char window[LINES_LENGTH_MAX + 1];
};

struct lines *lines_open(int fd)
{
	struct lines *lines = malloc(sizeof *lines);

	if (!lines)
		return NULL;
	lines->fd = fd;
	lines->at_end = false;
	lines->number = lines->begin = 0;
	lines->length = lines->at = lines->used = 0;
	return lines;
}

void lines_close(struct lines *lines)
{
	free(lines);
}

/* Reads once, after what is there. 0, or -1 and errno. */
static int fill(struct lines *l)
{
	memmove(l->window, l->window + l->at, l->used - l->at);
	l->used -= l->at;
	l->at = 0;
	ssize_t n = read_some(l->fd, l->window + l->used, sizeof l->window - l->used);
	if (n < 0)
		return -1;
	l->used += (size_t)n;
	l->at_end = n == 0;
	return 0;
}

static enum lines_status give(struct lines *l, const char **line, size_t length, size_t newline)
{
	*line = l->window + l->at;
	l->length = length + newline;
	l->at += l->length;
	return newline ? LINES_ONE : LINES_TORN;
}

enum lines_status lines_next(struct lines *l, const char **line, size_t *n)
{
	size_t searched = 0;

	l->begin += l->length;
	l->length = 0;
	l->number++;
	for (;;) {
		const char *from = l->window + l->at;
		const char *end = memchr(from + searched, '\n', l->used - l->at - searched);
		if (end) {
			*n = (size_t)(end - from);
			return give(l, line, *n, 1);
		}
		searched = *n = l->used - l->at;
		if (searched == sizeof l->window)
			return LINES_TOO_LONG;
		if (l->at_end)
			return searched > 0 ? give(l, line, searched, 0) : LINES_END;
		if (fill(l) != 0)
			return LINES_FAILED;
	}
}

uint64_t lines_number(const struct lines *lines)
{
	return lines->number;
}

uint64_t lines_begin(const struct lines *lines)
{
	return lines->begin;
}
