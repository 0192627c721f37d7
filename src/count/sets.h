/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of bytes in the form that the SIMD loops need. */
#ifndef PCOUNT_COUNT_SETS_H
#define PCOUNT_COUNT_SETS_H

#include "base/base.h"
#include "tally/charset.h"

enum {
	SETS_SPACES = 4,
	SETS_PRINTS = 6, /* CP1252, the most ragged of the common ones, has 5 */
};

struct byte_range {
	unsigned char lo, hi; /* both inclusive */
};

/*
 * A charset whose ASCII part is the usual one (white space 09-0D and 20, one column for 20-7E),
 * and what else is white or printable from 80 up (single-byte charsets only).
 */
struct byte_sets {
	bool usual;      /* the charset is like that, and the lists below are long enough */
	unsigned spaces; /* different bytes in space[] */
	unsigned prints; /* ranges in print[] */
	unsigned char space[SETS_SPACES]; /* filled up with SPACE */
	struct byte_range print[SETS_PRINTS];
};

struct byte_sets byte_sets_of(const struct charset *cs);

#endif
