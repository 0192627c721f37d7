/* SPDX-License-Identifier: BSD-2-Clause */
/* Template: lines alone, in any charset, since LF is never a part of another character. */
#ifndef PCOUNT_COUNT_SIMD_LINES_H
#define PCOUNT_COUNT_SIMD_LINES_H

#include "count/simd_equal.h"

SIMD_FN uint64_t lines_in(const unsigned char *p, size_t n)
{
	return equal_in(p, n, '\n');
}

SIMD_KERNEL void count_lines(struct counter *c UNUSED, struct tally *t, const unsigned char *p,
                             size_t n)
{
	t->bytes += n;
	t->lines += lines_in(p, n);
}

#endif
