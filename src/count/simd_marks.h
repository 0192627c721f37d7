/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: bounds of the columns of UTF-8 characters, for instruction sets that cannot look up
 * pages.
 */
#ifndef PCOUNT_COUNT_SIMD_MARKS_H
#define PCOUNT_COUNT_SIMD_MARKS_H

/* Bytes of a block that begin a character which has a column, and those which have a second one. */
struct width_marks {
	uint64_t one, two;
};

/* Bounds: maybe too many, never too few. `wide`, a constant: there may be wide ones. */
SIMD_FN struct width_marks width_marks(const struct counter *c, struct block b, bool wide)
{
	return (struct width_marks){~block_cont(b), wide ? block_ge(b, c->wide_from) : 0};
}

#endif
