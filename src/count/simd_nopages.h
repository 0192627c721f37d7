/* SPDX-License-Identifier: BSD-2-Clause */
/* Template: instead of simd_pages.h, for instruction sets that cannot look up 64 bytes at once. */
#ifndef PCOUNT_COUNT_SIMD_NOPAGES_H
#define PCOUNT_COUNT_SIMD_NOPAGES_H

enum { WIDTH_EXACT = false };

SIMD_FN struct width_marks width_marks_exact(struct counter *c UNUSED, struct block b UNUSED,
                                             const unsigned char *p UNUSED,
                                             uint64_t lead_bytes UNUSED)
{
	return (struct width_marks){0};
}

#endif
