/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How far a run has got, as one line. Everything here may be called from a signal handler: no
 * allocation, no stdio, no errno.
 */
#ifndef PCOUNT_REPORT_PROGRESS_H
#define PCOUNT_REPORT_PROGRESS_H

#include "base/base.h"

/* When to show it. */
enum progress_when {
	PROGRESS_AUTO, /* on a terminal, when it takes long */
	PROGRESS_ALWAYS,
	PROGRESS_NEVER,
};

/* How much there is to be counted, as far as it is known before. */
struct amount {
	uint64_t files; /* 0: unknown */
	uint64_t bytes; /* in them, of compressed files those of the files; 0: unknown */
};

struct progress {
	uint64_t bytes, bytes_known; /* read so far, and in all; known 0: unknown */
	uint64_t files, files_known; /* complete, and in all; known 0: unknown */
	bool by_files;               /* sizes are believed and not read: files say how far it is */
	double rate;                 /* bytes a second; 0: not yet known */
	bool passes;                 /* what is read goes on to somebody else: as it flows, */
	double line_rate;            /* newlines a second; 0: not counted, or none yet */
	uint64_t elapsed_s;          /* seconds since the start */
	const char *name;            /* of the first file that is not complete; NULL: none */
};

/* How it is shown. */
struct progress_style {
	unsigned columns; /* at most */
	bool utf8;        /* the locale's charset: names and bar may be more than ASCII */
};

enum { PROGRESS_MAX = 2048 }; /* bytes of a line */

/*
 * The line for a terminal, without a newline: as much as fits, the least important left out.
 * Returns its bytes.
 */
size_t progress_line(char out[PROGRESS_MAX], const struct progress *p, struct progress_style style);

/* The line for a log: all of it, without a bar and without a newline. */
size_t progress_text(char out[PROGRESS_MAX], const struct progress *p, bool utf8);

#endif
