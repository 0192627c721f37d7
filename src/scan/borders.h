/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a piece really begins and ends, in encodings that cannot be cut between any two bytes. Both
 * neighbours of a cut read the same bytes around it, and so agree. Private to scan/.
 */
#ifndef PCOUNT_SCAN_BORDERS_H
#define PCOUNT_SCAN_BORDERS_H

#include "base/base.h"
#include "scan/scan.h"

enum borders {
	BORDERS_SET,
	BORDERS_EMPTY, /* nothing of it is left: an earlier piece goes on through it */
	BORDERS_ERROR, /* errno: they cannot be read, and perhaps by the neighbour can */
};

/* Moves the task's piece, [*begin, *end) at first, to what is its own. */
enum borders borders_move(struct scanner *s, const struct task *task, int fd,
                          enum reader_strategy strategy, uint64_t *begin, uint64_t *end);

#endif
