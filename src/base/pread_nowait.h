/* SPDX-License-Identifier: BSD-2-Clause */
/* pread(2) of what need not be waited for. */
#ifndef PCOUNT_BASE_PREAD_NOWAIT_H
#define PCOUNT_BASE_PREAD_NOWAIT_H

#include "base/base.h"

#include <sys/types.h>

/*
 * By preadv2(2) with RWF_NOWAIT, which glibc before 2.26 and musl before 1.2.5 lack. EAGAIN: it
 * would have to wait; EOPNOTSUPP: it cannot be told.
 */
ssize_t pread_nowait(int fd, void *bytes, size_t n, off_t offset);

#endif
