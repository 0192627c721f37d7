/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of a file of partials, one by one, in memory that is bounded whatever the file is. */
#ifndef PCOUNT_PARTIAL_LINES_H
#define PCOUNT_PARTIAL_LINES_H

#include "base/base.h"

enum {
	/* Far above what a name of PATH_MAX bytes comes to, each of them \u00XX, and a window. */
	LINES_LENGTH_MAX = 131072,
};

enum lines_status {
	LINES_ONE,      /* a line, with a newline after it */
	LINES_TORN,     /* the last one, without */
	LINES_TOO_LONG, /* no newline within LINES_LENGTH_MAX bytes: the file cannot be read on */
	LINES_END,
	LINES_FAILED, /* errno */
};

struct lines;

/* Reads from the descriptor's offset on, and never closes it. NULL: no memory. */
struct lines *lines_open(int fd);
void lines_close(struct lines *lines);

/* The next line, valid until the next call; *n: its length without the newline. */
enum lines_status lines_next(struct lines *lines, const char **line, size_t *n);
/* The number of the line, from 1 on, and where it begins, in bytes from the first. */
uint64_t lines_number(const struct lines *lines);
uint64_t lines_begin(const struct lines *lines);

#endif
