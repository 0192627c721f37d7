/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: faults and white space of UTF-8 by comparisons, for instruction sets that cannot look
 * up bytes (VEC_LOOKUP 0); see simd_utf8.h.
 */
#ifndef PCOUNT_COUNT_SIMD_UTF8_COMPARE_H
#define PCOUNT_COUNT_SIMD_UTF8_COMPARE_H

struct utf8_tables {
	bool no_break;
};

SIMD_FN struct utf8_tables utf8_tables(bool no_break)
{
	return (struct utf8_tables){no_break};
}

SIMD_FN vmask is_byte(vec v, unsigned char x)
{
	return vec_eq(v, vec_set1(x));
}

SIMD_FN vmask is_from(vec v, unsigned char x)
{
	return vec_ge(v, vec_set1(x));
}

/* Second bytes that their lead bytes forbid; other bytes after these are owed something else. */
SIMD_FN vmask is_forbidden(vec lead, vec second)
{
	vmask from_90 = is_from(second, 0x90), from_a0 = is_from(second, 0xA0);
	vmask bad = is_byte(vec_and(lead, vec_set1(0xFE)), 0xC0); /* C0, C1 */

	bad = mask_or(bad, is_from(lead, 0xF5));
	bad = mask_or(bad, mask_and(is_byte(lead, 0xF4), from_90));
	bad = mask_or(bad, mask_and(is_byte(lead, 0xED), from_a0));
	bad = mask_or(bad, mask_and_not(is_byte(lead, 0xE0), from_a0));
	return mask_or(bad, mask_and_not(is_byte(lead, 0xF0), from_90));
}

SIMD_FN struct block block_faults(const struct utf8_tables *tables UNUSED, struct block b,
                                  const unsigned char *p, unsigned longest)
{
	struct block first = block_load(p - 1), two_ago = block_load(p - 2),
		     three_ago = block_load(p - 3);

	EACH_VEC
	{
		vmask owed = is_from(first.v[i], 0xC0);
		if (longest > 2)
			owed = mask_or(owed, is_from(two_ago.v[i], 0xE0));
		if (longest > 3)
			owed = mask_or(owed, is_from(three_ago.v[i], 0xF0));
		vmask misplaced = mask_xor(owed, vec_cont(b.v[i]));
		b.v[i] = mask_vec(mask_or(misplaced, is_forbidden(first.v[i], b.v[i])));
	}
	return b;
}

/* Lead bytes of white space: C2, E1, E2, E3. */
SIMD_FN vec vec_space_leads(vec v)
{
	return mask_vec(mask_or(vec_in(v, 0xE1, 0xE3), is_byte(v, 0xC2)));
}

/* Third bytes after E2 80 that make it white. */
SIMD_FN vmask is_after_e2_80(vec v, bool no_break)
{
	vmask some = mask_or(vec_in(v, 0x80, 0x8A), vec_in(v, 0xA8, 0xA9));

	return no_break ? mask_or(some, is_byte(v, 0xAF)) : mask_and_not(some, is_byte(v, 0x87));
}

SIMD_FN struct block block_spaces(const struct utf8_tables *tables, struct block b,
                                  const unsigned char *p)
{
	struct block firsts = block_load(p - 2), seconds = block_load(p - 1);
	bool no_break = tables->no_break;

	EACH_VEC
	{
		vec v = b.v[i], first = firsts.v[i], second = seconds.v[i];
		vmask is_80 = is_byte(v, 0x80), second_80 = is_byte(second, 0x80);
		vmask after_81 = vec_in(v, 0x9F, no_break ? 0xA0 : 0x9F);
		vmask e1 = mask_and(mask_and(is_byte(first, 0xE1), is_byte(second, 0x9A)), is_80);
		vmask e2 = mask_or(mask_and(second_80, is_after_e2_80(v, no_break)),
		                   mask_and(is_byte(second, 0x81), after_81));
		vmask e3 = mask_and(mask_and(is_byte(first, 0xE3), second_80), is_80);
		vmask white = mask_or(mask_or(e1, e3), mask_and(is_byte(first, 0xE2), e2));
		if (no_break)
			white = mask_or(white, mask_and(is_byte(second, 0xC2), is_byte(v, 0xA0)));
		b.v[i] = mask_vec(white);
	}
	return b;
}

/* No cheaper way to know, without tables; so nobody asks. */
SIMD_FN struct block block_maybe_spaces(const struct utf8_tables *t, struct block b,
                                        const unsigned char *p)
{
	return block_spaces(t, b, p);
}

#include "count/simd_utf8_hints.h"

#endif
