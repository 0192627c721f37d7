/* SPDX-License-Identifier: BSD-2-Clause */
/* All descriptors of a process, and new ones for their files. */
#ifndef PCOUNT_BASE_FD_PROC_H
#define PCOUNT_BASE_FD_PROC_H

#include "base/base.h"

/*
 * Closes all descriptors but `keep`, or if that is -1, all; without close_range(2), those that
 * /proc lists, else those that the limit allows. 0, or -1 and errno: some may be open.
 */
int fd_close_others(int keep);

/*
 * Another descriptor of the file that `fd` is, for reading only, with an offset of its own. -1 and
 * errno: there is no /proc, or no right to it.
 */
int fd_reopen_read_only(int fd);

#endif
