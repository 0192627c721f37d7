/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The append scanner: counts on where a tally has ended, what was appended to a file or what a
 * stream brings next. By the calling thread: between two checks of a file little comes.
 */
#ifndef PCOUNT_SCAN_APPEND_H
#define PCOUNT_SCAN_APPEND_H

#include "base/base.h"
#include "count/counter.h"
#include "tally/tally.h"

struct append_scanner;

/* NULL and errno: it cannot be set up. */
struct append_scanner *append_scanner_new(const struct counter *counter);
void append_scanner_free(struct append_scanner *a);

/*
 * Appends bytes [begin, end) of a regular file to the tally, or as many as there are. 0, or -1 and
 * errno: then what was read before is counted.
 */
int append_range(struct append_scanner *a, int fd, uint64_t begin, uint64_t end,
                 struct tally *tally);

/*
 * Appends what one read(2) of a stream gives. 1: go on; 0: the stream has ended; -1 and errno: it
 * cannot be read.
 */
int append_stream(struct append_scanner *a, int fd, struct tally *tally);

#endif
