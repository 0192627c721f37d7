/* SPDX-License-Identifier: BSD-2-Clause */
/* The output, line by line: each by one write(2), or some joined if nobody can tell. */
#ifndef PCOUNT_REPORT_SINK_H
#define PCOUNT_REPORT_SINK_H

#include "base/base.h"

#include <limits.h>

/* Starts as all zero: nothing is kept. */
struct sink {
	int fd;               /* where lines go; 0: to standard output */
	bool joins;           /* lines may be kept until sink_flush() */
	size_t used;          /* bytes of lines that are not written yet: */
	char bytes[PIPE_BUF]; /* no more than a pipe takes at once and never tears */
};

/*
 * May lines to this descriptor be joined without anybody noticing? Not where a reader sees what
 * one write(2) has brought.
 */
bool sink_may_join(int fd);

/*
 * Writes line[n], which is whole lines, or keeps it. 0, or -1 and errno: lines are not, or not
 * completely, written.
 */
int sink_put(struct sink *sink, const char *line, size_t n);

/* Writes what is kept. 0, or -1 and errno as sink_put(). */
int sink_flush(struct sink *sink);

#endif
