/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: what a group of blocks may have, for simd_nibble.h and simd_plain.h, which include it.
 */
#ifndef PCOUNT_COUNT_SIMD_LOOK_H
#define PCOUNT_COUNT_SIMD_LOOK_H

/* Of a group of blocks: its faults, and lead bytes of white space. */
struct utf8_look {
	struct block faults, leads;
	bool before; /* such a lead byte is one of the two bytes before the group */
};

SIMD_FN bool is_space_lead(unsigned char b)
{
	return b == 0xC2 || (b >= 0xE1 && b <= 0xE3);
}

SIMD_FN struct utf8_look utf8_look_start(const unsigned char *p)
{
	return (struct utf8_look){
		block_zero(),
		block_zero(),
		is_space_lead(p[-1]) || is_space_lead(p[-2]),
	};
}

SIMD_FN void utf8_look(struct utf8_look *look, const struct utf8_tables *t, struct block b,
                       const unsigned char *p, unsigned needs, unsigned longest)
{
	if (needs & NEED_CHARS)
		look->faults = block_or(look->faults, block_faults(t, b, p, longest));
	if (needs & NEED_WORDS)
		EACH_VEC
	look->leads.v[i] = vec_or(look->leads.v[i], vec_space_leads(b.v[i]));
}

SIMD_FN bool look_has_faults(const struct utf8_look *look)
{
	return block_any(look->faults);
}

SIMD_FN bool look_has_spaces(const struct utf8_look *look)
{
	return look->before || block_any(look->leads);
}

#endif
