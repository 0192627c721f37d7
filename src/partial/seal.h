/* SPDX-License-Identifier: BSD-2-Clause */
/* The checksum at the end of a line of a partial. */
#ifndef PCOUNT_PARTIAL_SEAL_H
#define PCOUNT_PARTIAL_SEAL_H

#include "base/base.h"

enum seal_status { SEAL_GOOD, SEAL_MISSING, SEAL_WRONG };

/* The line of an object, "{...}\n", with its checksum put in; takes it. NULL: no memory. */
char *seal_line(char *line);
/* Of a line of n bytes, which white space may follow: Hadoop Streaming puts a TAB there. */
enum seal_status seal_check(const char *line, size_t n);

#endif
