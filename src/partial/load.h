/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of partial lines, read into a collection. */
#ifndef PCOUNT_PARTIAL_LOAD_H
#define PCOUNT_PARTIAL_LOAD_H

#include "base/base.h"
#include "partial/collection.h"

/*
 * Adds all lines from the descriptor's offset on. Of each that is none, `bad_line` is told why, in
 * words which may have text of others in them; one that is too long is the last. `source` is for
 * the places of the lines. 0, or -1 and errno: they cannot be read, or there is no memory for them.
 */
int load_lines(struct collection *collection, const struct json *json, int fd, uint32_t source,
               void (*bad_line)(void *arg, struct partial_place place, const char *why), void *arg);

#endif
