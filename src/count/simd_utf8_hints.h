/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: what a group of blocks may have, by gathering faults and lead bytes of white space, for
 * simd_utf8_nibbles.h, which includes it.
 */
#ifndef PCOUNT_COUNT_SIMD_UTF8_HINTS_H
#define PCOUNT_COUNT_SIMD_UTF8_HINTS_H

#include "count/simd_utf8_planes.h"

struct utf8_hints {
	struct block faults, leads;
	bool before; /* a lead byte of white space is one of the two bytes before the group */
};

SIMD_FN struct utf8_hints utf8_hints_start(const unsigned char *p)
{
	return (struct utf8_hints){
		block_zero(),
		block_zero(),
		is_space_lead(p[-1]) || is_space_lead(p[-2]),
	};
}

SIMD_FN void utf8_hints_add(struct utf8_hints *hints, const struct utf8_tables *t, struct block b,
                            const unsigned char *p, unsigned needs, unsigned longest)
{
	if (needs & NEED_CHARS)
		hints->faults = block_or(hints->faults, block_faults(t, b, p, longest));
	if (needs & NEED_WORDS)
		EACH_VEC
	hints->leads.v[i] = vec_or(hints->leads.v[i], vec_space_leads(b.v[i]));
}

SIMD_FN bool utf8_hints_faults(const struct utf8_hints *hints)
{
	return block_any(hints->faults);
}

SIMD_FN bool utf8_hints_spaces(const struct utf8_hints *hints)
{
	return hints->before || block_any(hints->leads);
}

#endif
