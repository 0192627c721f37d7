/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of some files may have changed: by inotify(7), each file and the folder that its name is
 * in, and where that does not work, by the clock.
 */
#ifndef PCOUNT_RUN_NOTIFY_H
#define PCOUNT_RUN_NOTIFY_H

#include "base/base.h"

struct notify;

/*
 * For so many files, by names that stay where they are; the name NULL is standard input. All are
 * suspected at first. NULL: no memory.
 */
struct notify *notify_new(size_t n, const char *const *names);
void notify_free(struct notify *n);

/* To be called before file `i` is looked at, so that nothing that happens later is missed. */
void notify_watch(struct notify *n, size_t i);
/* It is open as this descriptor; -1: it is not there. */
void notify_found(struct notify *n, size_t i, int fd);
/* It will not be looked at any more. */
void notify_forget(struct notify *n, size_t i);

/* Readable when notify_take() has something to take; -1: there is none, only the clock. */
int notify_fd(const struct notify *n);
/* Takes in what has happened, and suspects the files it has happened to. */
void notify_take(struct notify *n);
void notify_suspect_all(struct notify *n);
/* Is the file suspected? And no more from now on. */
bool notify_is_suspect(struct notify *n, size_t i);

/* Would every change be told? Else one has to look now and then. */
bool notify_is_sure(const struct notify *n);

#endif
