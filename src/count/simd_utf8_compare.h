/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: faults of UTF-8 by comparisons, for instruction sets that cannot look up bytes
 * (VEC_LOOKUP 0); see simd_utf8.h.
 */
#ifndef PCOUNT_COUNT_SIMD_UTF8_COMPARE_H
#define PCOUNT_COUNT_SIMD_UTF8_COMPARE_H

enum { FAULTS = 0xFF };

/* There are none. */
struct utf8_tables {
	bool none;
};

SIMD_FN struct utf8_tables utf8_tables(bool no_break UNUSED)
{
	return (struct utf8_tables){false};
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

#endif
