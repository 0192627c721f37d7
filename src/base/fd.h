/* SPDX-License-Identifier: BSD-2-Clause */
/* File descriptors: opening clear of the standard three, writing everything, first bytes. */
#ifndef PCOUNT_BASE_FD_H
#define PCOUNT_BASE_FD_H

#include "base/base.h"

#include <sys/types.h>

/*
 * The descriptor moved, with O_CLOEXEC, if it is 0, 1 or 2; else itself. -1 and errno: fd is -1, or
 * that failed and it is closed.
 */
int fd_above_stdio(int fd);

/*
 * open(2) for reading with O_CLOEXEC and `flags`, never giving 0, 1 or 2, even if the user has
 * closed those: a counted file must not be taken for standard input, nor written to as output.
 * The descriptor, or -1 and errno. Any thread.
 */
int open_above_stdio(const char *path, int flags);
/* open_above_stdio() by openat(2), from the folder `from`. */
int openat_above_stdio(int from, const char *path, int flags);
/*
 * open_above_stdio() for a path that may be longer than the PATH_MAX bytes which the kernel takes
 * at once: what does not fit is looked up from the folder that the part before it leads to.
 */
int open_long_above_stdio(const char *path, int flags);
/* A file for writing, empty, which is made if it is not there; as open_above_stdio(). */
int create_above_stdio(const char *path);

/*
 * Writes n bytes as write_all() does. Returns how many were written; if that is not all, errno says
 * why.
 */
size_t write_most(int fd, const void *bytes, size_t n);

/*
 * Writes all n bytes, by one write(2) if the kernel takes them at once; goes on after a short
 * write and EINTR, and waits where a non-blocking descriptor is full. A status line on the same
 * terminal makes room for it. 0, or -1 and errno.
 */
int write_all(int fd, const void *bytes, size_t n);

/*
 * read(2), again after EINTR; where a non-blocking descriptor has nothing yet, it waits. As
 * read(2), with EAGAIN only if it may not wait. Any thread.
 */
ssize_t read_some(int fd, void *bytes, size_t n);

/*
 * The first bytes of a file from `offset` on, again after EINTR and short reads, n at most; less:
 * there are no more. -1 and errno: a read has failed, whatever had come before. By uncached_pread()
 * if that is wanted.
 */
ssize_t peek_file(int fd, uint64_t offset, void *bytes, size_t n);

#endif
