/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: faults and white space of UTF-8 by comparisons, for SSE2, which cannot look up bytes.
 */
#ifndef PCOUNT_COUNT_SIMD_PLAIN_H
#define PCOUNT_COUNT_SIMD_PLAIN_H

struct utf8_tables {
	bool no_break;
};

SIMD_FN struct utf8_tables utf8_tables(bool no_break)
{
	return (struct utf8_tables){no_break};
}

/* Second bytes that their lead bytes forbid; other bytes after these are owed something else. */
SIMD_FN vec vec_forbidden(vec lead, vec second)
{
	vec from_90 = vec_from(second, 0x90), from_a0 = vec_from(second, 0xA0);
	vec bad = vec_is(vec_and(lead, vec_set1(0xFE)), 0xC0); /* C0, C1 */

	bad = vec_or(bad, vec_from(lead, 0xF5));
	bad = vec_or(bad, vec_and(vec_is(lead, 0xF4), from_90));
	bad = vec_or(bad, vec_and(vec_is(lead, 0xED), from_a0));
	bad = vec_or(bad, vec_and_not(vec_is(lead, 0xE0), from_a0));
	return vec_or(bad, vec_and_not(vec_is(lead, 0xF0), from_90));
}

SIMD_FN struct block block_faults(const struct utf8_tables *tables UNUSED, struct block b,
                                  const unsigned char *p, unsigned longest)
{
	struct block first = block_load(p - 1), two_ago = block_load(p - 2),
		     three_ago = block_load(p - 3);

	EACH_VEC
	{
		vec owed = vec_from(first.v[i], 0xC0);
		if (longest > 2)
			owed = vec_or(owed, vec_from(two_ago.v[i], 0xE0));
		if (longest > 3)
			owed = vec_or(owed, vec_from(three_ago.v[i], 0xF0));
		vec misplaced = vec_xor(owed, vec_cont(b.v[i]));
		b.v[i] = vec_or(misplaced, vec_forbidden(first.v[i], b.v[i]));
	}
	return b;
}

/* Lead bytes of white space: C2, E1, E2, E3. */
SIMD_FN vec vec_space_leads(vec v)
{
	return vec_or(vec_in(v, 0xE1, 0xE3), vec_is(v, 0xC2));
}

#include "count/simd_look.h"

/* Third bytes after E2 80 that make it white. */
SIMD_FN vec vec_after_e2_80(vec v, bool no_break)
{
	vec some = vec_or(vec_in(v, 0x80, 0x8A), vec_in(v, 0xA8, 0xA9));

	return no_break ? vec_or(some, vec_is(v, 0xAF)) : vec_and_not(some, vec_is(v, 0x87));
}

SIMD_FN struct block block_spaces(const struct utf8_tables *tables, struct block b,
                                  const unsigned char *p)
{
	struct block first = block_load(p - 2), second = block_load(p - 1);
	bool no_break = tables->no_break;

	EACH_VEC
	{
		vec v = b.v[i], x80 = vec_is(v, 0x80), second_80 = vec_is(second.v[i], 0x80);
		vec after_81 = vec_in(v, 0x9F, no_break ? 0xA0 : 0x9F);
		vec e1 = vec_and(vec_and(vec_is(first.v[i], 0xE1), vec_is(second.v[i], 0x9A)), x80);
		vec e2 = vec_or(vec_and(second_80, vec_after_e2_80(v, no_break)),
		                vec_and(vec_is(second.v[i], 0x81), after_81));
		vec e3 = vec_and(vec_and(vec_is(first.v[i], 0xE3), second_80), x80);
		b.v[i] = vec_or(vec_or(e1, e3), vec_and(vec_is(first.v[i], 0xE2), e2));
		if (no_break)
			b.v[i] =
				vec_or(b.v[i], vec_and(vec_is(second.v[i], 0xC2), vec_is(v, 0xA0)));
	}
	return b;
}

#endif
