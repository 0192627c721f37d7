/* SPDX-License-Identifier: BSD-2-Clause */
/* The number of cachestat(2), Linux 6.5, for headers that are older. */
#ifndef PCOUNT_BASE_CACHESTAT_H
#define PCOUNT_BASE_CACHESTAT_H

#include <sys/syscall.h>

/* From pidfd_send_signal(2), Linux 5.1, on the numbers follow each other on all architectures. */
#if !defined SYS_cachestat && defined SYS_pidfd_send_signal
#define SYS_cachestat (SYS_pidfd_send_signal + 27)
#endif

#endif
