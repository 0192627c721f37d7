/* SPDX-License-Identifier: BSD-2-Clause */
/* Error numbers and signals for programs: their names, and texts that no locale changes. */
#ifndef PCOUNT_BASE_ERRNAME_H
#define PCOUNT_BASE_ERRNAME_H

#include "base/base.h"

/* "ENOENT" for ENOENT; NULL: unknown here. */
const char *error_name(int errnum);
/* In English, where the C library can; valid until the next call. For the main thread only. */
const char *error_text(int errnum);
/* "KILL" for SIGKILL; NULL: unknown here. */
const char *signal_name(int sig);

#endif
