/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that not every C library has, under names that none of them uses. */
#ifndef PCOUNT_BASE_LIBC_H
#define PCOUNT_BASE_LIBC_H

#include "base/base.h"

#include <sys/types.h>

/* gettid(2), which glibc before 2.30 lacks. */
pid_t thread_id(void);

/* realloc() to `n` elements of `size` bytes; NULL with ENOMEM also if that is no size_t. */
void *array_resize(void *array, size_t n, size_t size);

/*
 * pread(2) of what need not be waited for, by preadv2(2) with RWF_NOWAIT, which glibc before 2.26
 * and musl before 1.2.5 lack. EAGAIN: it would have to wait; EOPNOTSUPP: it cannot be told.
 */
ssize_t pread_nowait(int fd, void *bytes, size_t n, off_t offset);

#endif
