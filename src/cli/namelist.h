/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of NUL-terminated names, as --files0-from takes them: read at once or as they come. */
#ifndef PCOUNT_CLI_NAMELIST_H
#define PCOUNT_CLI_NAMELIST_H

#include "base/base.h"
#include "cli/operand.h"

struct namelist;

/* Opens the list in file `path`, or on standard input if that is "-". NULL and errno on failure. */
struct namelist *namelist_open(const char *path);

/* A regular file of at most 10 MiB, which GNU wc reads as a whole before anything else. */
bool namelist_is_small(const struct namelist *list);

/*
 * Reads all of it and closes it, standard input too: no descriptor is left that a name in it may
 * refer to. Names stay where they are until namelist_close(). 0, or -1 and errno.
 */
int namelist_read_all(struct namelist *list);

/* After namelist_read_all(): the number of names. */
uint64_t namelist_count(const struct namelist *list);

/*
 * The next name into *name; unless all is read, it is valid until the next call. Never reads more
 * than there is at the moment. SUPPLY_WAIT: it would block, and may_block is false. After
 * SUPPLY_NONE, namelist_error() is the errno of a read that failed, or 0.
 */
enum supply namelist_next(struct namelist *list, bool may_block, const char **name);
int namelist_error(const struct namelist *list);

/* After namelist_read_all(): back to the first name. */
void namelist_rewind(struct namelist *list);

void namelist_close(struct namelist *list);

#endif
