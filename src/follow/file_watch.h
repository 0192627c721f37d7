/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of some files may have changed: by inotify(7), each file, the folder that its name is in,
 * and those of symbolic links on the way to it; where that does not work, by the clock.
 */
#ifndef PCOUNT_FOLLOW_FILE_WATCH_H
#define PCOUNT_FOLLOW_FILE_WATCH_H

#include "base/base.h"

struct file_watch;

/*
 * For n files, by names that stay where they are; the name NULL is standard input. All are
 * suspected at first. NULL: no memory.
 */
struct file_watch *file_watch_new(size_t n, const char *const *names);
void file_watch_free(struct file_watch *n);

/* To be called before file `i` is checked, so that nothing that happens later is missed. */
void file_watch_add(struct file_watch *n, size_t i);
/* It is open as this descriptor; -1: it is not there. */
void file_watch_opened(struct file_watch *n, size_t i, int fd);
/* It will not be checked any more. */
void file_watch_forget(struct file_watch *n, size_t i);

/* Readable when file_watch_read() has something to take; -1: there is none, only the clock. */
int file_watch_fd(const struct file_watch *n);
/* Takes in what has happened, and suspects the files it has happened to. */
void file_watch_read(struct file_watch *n);
void file_watch_suspect_all(struct file_watch *n);
/* Is the file suspected? And no more from now on. */
bool file_watch_take_suspect(struct file_watch *n, size_t i);

/* Is every change notified? Else the files have to be checked now and then. */
bool file_watch_is_reliable(const struct file_watch *n);

#endif
