/* SPDX-License-Identifier: BSD-2-Clause */
/* What all who count for one run must have in common, as text that users can compare. */
#ifndef PCOUNT_RUN_FINGERPRINT_H
#define PCOUNT_RUN_FINGERPRINT_H

#include "base/base.h"
#include "cli/options.h"

enum { FINGERPRINT_MAX = 512 }; /* bytes, the NUL included */

/*
 * All that bears on results: the options by which bytes are counted, the charset and the version.
 * Options that only decide what is printed, or how fast it comes, are not in it.
 */
void fingerprint_text(const struct options *options, char text[FINGERPRINT_MAX]);

#endif
