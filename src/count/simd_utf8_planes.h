/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: line feeds, white space, continuation bytes and faults of PLANES_BYTES bytes of UTF-8
 * at once, on planes of bits (simd/planes.h): plane k of a group of bytes has their bits k. What
 * shows only at the bytes before needs some planes of the group before; see `before`.
 */
#ifndef PCOUNT_COUNT_SIMD_UTF8_PLANES_H
#define PCOUNT_COUNT_SIMD_UTF8_PLANES_H

#include "simd/planes.h"

/* Planes of the group before, whose last bits are 0 if it ends in three bytes of ASCII. */
struct utf8_before {
	vec owe1, owe2, owe3; /* bytes that owe one continuation byte, or two, three, at least */
	vec owe_high;         /* E0, F0: the next byte must not make an overlong form */
	vec owe_low;          /* ED, F4: nor a surrogate, nor a character past U+10FFFF */
};

/* The planes of a group, and what more than one question asks of them. */
struct utf8_planes {
	vec bit[8];
	vec low_1to2, low_0to2, low; /* any of the bits 1 and 2, 0 to 2, 0 to 3 */
	vec cont, lead;              /* 80 to BF, C0 to FF */
	vec lead3;                   /* E0 to FF */
};

SIMD_FN struct utf8_planes utf8_planes(const unsigned char *p)
{
	struct utf8_planes x;

	vec_planes(x.bit, p);
	x.low_1to2 = vec_or(x.bit[1], x.bit[2]);
	x.low_0to2 = vec_or(x.bit[0], x.low_1to2);
	x.low = vec_or(x.bit[3], x.low_0to2);
	x.cont = vec_and_not(x.bit[7], x.bit[6]);
	x.lead = vec_and(x.bit[7], x.bit[6]);
	x.lead3 = vec_and(x.lead, x.bit[5]);
	return x;
}

/* TAB LF VT FF CR (09 to 0D) and SPACE (20). */
SIMD_FN vec planes_ascii_space(const struct utf8_planes *x)
{
	vec from_1_to_5 = vec_and_not(x->low_0to2, vec_and(x->bit[1], x->bit[2]));
	vec control = vec_and_not(vec_and(x->bit[3], from_1_to_5), x->bit[5]);
	vec space = vec_and_not(x->bit[5], x->low);

	return vec_and_not(vec_or(control, space), vec_or(vec_or(x->bit[7], x->bit[6]), x->bit[4]));
}

/* LF (0A), one of the ASCII spaces. */
SIMD_FN vec planes_line_feed(const struct utf8_planes *x, vec ascii_space)
{
	return vec_and(vec_and_not(ascii_space, vec_or(x->bit[5], x->bit[0])), x->bit[1]);
}

/*
 * Where the text is not well-formed, as far as its bytes up to there show. Continuation bytes must
 * be where they are owed and nowhere else:
 *
 *      bytes     E2 82 AC F0 9F 98 80 41
 *      owe1       1  1     1  1  1           by itself, or by having owed two the byte before
 *      cont          1  1     1  1  1        owe1 one byte later
 */
SIMD_FN vec planes_faults(const struct utf8_planes *x, struct utf8_before *before)
{
	const vec *bit = x->bit;
	vec lead4 = vec_and(x->lead3, bit[4]);
	vec after_lead4 = plane_later(lead4, before->owe3, 1);
	vec owe2 = vec_or(x->lead3, after_lead4);
	vec owe1 = vec_or(x->lead, plane_later(owe2, before->owe2, 1));
	vec faults = vec_xor(x->cont, plane_later(owe1, before->owe1, 1));

	/* C0, C1; F5 to FF */
	vec from_2 = vec_or(vec_or(bit[5], bit[4]), vec_or(bit[3], x->low_1to2));
	vec from_5 = vec_or(bit[3], vec_and(bit[2], vec_or(bit[1], bit[0])));
	faults = vec_or(faults, vec_and_not(x->lead, from_2));
	faults = vec_or(faults, vec_and(lead4, from_5));

	/* Second bytes: high from 90 on after F0 to F4, else from A0 on. */
	vec owe_high = vec_and_not(x->lead3, x->low);
	vec owe_low = vec_and(vec_and_not(vec_and(x->lead3, bit[2]), bit[1]),
	                      vec_and(vec_xor(bit[4], bit[3]), vec_xor(bit[4], bit[0])));
	vec high = vec_or(bit[5], vec_and(bit[4], after_lead4));
	faults = vec_or(faults, vec_and_not(plane_later(owe_high, before->owe_high, 1), high));
	faults = vec_or(faults, vec_and(plane_later(owe_low, before->owe_low, 1), high));

	*before = (struct utf8_before){owe1, owe2, lead4, owe_high, owe_low};
	return faults;
}

/* ---- white space of several bytes, at its last byte ---- */

struct utf8_spaces {
	vec two, three; /* of so many bytes */
};

/* May white space begin with it: C2, E1, E2, E3? */
SIMD_FN bool is_space_lead(unsigned char b)
{
	return b == 0xC2 || (b >= 0xE1 && b <= 0xE3);
}

/* May there be any, in the group at p: any of these lead bytes? */
SIMD_FN bool planes_may_have_spaces(const struct utf8_planes *x, const unsigned char *p)
{
	const vec *bit = x->bit;
	vec e1_to_e3 = vec_and(x->lead3, vec_or(bit[1], bit[0]));
	vec c2 = vec_and_not(vec_and_not(vec_and(x->lead, bit[1]), bit[5]), bit[0]);
	vec leads = vec_and_not(vec_or(e1_to_e3, c2), vec_or(bit[4], vec_or(bit[3], bit[2])));

	return vec_common(leads, leads) || is_space_lead(p[-1]) || is_space_lead(p[-2]);
}

/* x one byte later, of which `last` holds for the byte before the group. */
SIMD_FN vec plane_after(vec x, bool last)
{
	return plane_later(x, vec_set1(last ? 0xFF : 0), 1);
}

/* Pairs of bytes that white space of three begins with, by what makes its third byte fit. */
struct space_pairs {
	vec by_80;   /* 80: after E1 9A, E2 80, E3 80 */
	vec by_more; /* others: after E2 80, E2 81 */
};

SIMD_FN struct space_pairs planes_space_pairs(const struct utf8_planes *x, unsigned char last)
{
	const vec *bit = x->bit;
	vec e = vec_and_not(x->lead3, vec_or(bit[4], vec_or(bit[3], bit[2])));
	vec after_e1_e3 = plane_after(vec_and(e, bit[0]), last == 0xE1 || last == 0xE3);
	vec after_e2_e3 = plane_after(vec_and(e, bit[1]), last == 0xE2 || last == 0xE3);
	vec is_80_81 = vec_and_not(vec_and_not(x->cont, vec_or(bit[5], bit[4])),
	                           vec_or(bit[3], x->low_1to2));
	vec is_9a = vec_and_not(vec_and(vec_and(x->cont, bit[4]), vec_and(bit[3], bit[1])),
	                        vec_or(bit[5], vec_or(bit[2], bit[0])));

	return (struct space_pairs){
		.by_80 = vec_or(vec_and_not(vec_and(after_e2_e3, is_80_81), bit[0]),
	                        vec_and(vec_and_not(after_e1_e3, after_e2_e3), is_9a)),
		.by_more = vec_and(vec_and_not(after_e2_e3, after_e1_e3), is_80_81),
	};
}

SIMD_FN struct utf8_spaces planes_spaces(const struct utf8_planes *x, const unsigned char *p,
                                         bool no_break)
{
	const vec *bit = x->bit;
	const vec maybe = vec_set1(no_break ? 0xFF : 0);
	unsigned char last = p[-1], last_2 = p[-2];
	struct space_pairs pairs = planes_space_pairs(x, last);
	vec by_80 = plane_after(pairs.by_80, last == 0x80   ? last_2 == 0xE2 || last_2 == 0xE3
	                                     : last == 0x9A ? last_2 == 0xE1
	                                                    : false);
	vec by_more = plane_after(pairs.by_more, last_2 == 0xE2 && (last == 0x80 || last == 0x81));
	vec c2 = vec_and_not(vec_and_not(vec_and(x->lead, bit[1]), vec_or(bit[5], bit[4])),
	                     vec_or(bit[3], vec_or(bit[2], bit[0])));

	vec seven = vec_and(vec_and(bit[2], bit[1]), bit[0]);
	vec from_80 = vec_and_not(x->cont, vec_or(bit[5], bit[4])); /* to 8F */
	vec from_90 = vec_and_not(vec_and(x->cont, bit[4]), bit[5]);
	vec from_a0 = vec_and_not(vec_and(x->cont, bit[5]), bit[4]);
	vec is_80 = vec_and_not(from_80, x->low);
	vec is_a0 = vec_and_not(from_a0, x->low);
	/* After E2 80: 80 to 8A, where 87 is a no-break space, A8 A9, AF, which is one, too. */
	vec to_8a = vec_and_not(from_80, vec_and(bit[3], vec_or(bit[2], vec_and(bit[1], bit[0]))));
	to_8a = vec_and_not(to_8a, vec_and_not(seven, maybe));
	vec a8_a9_af = vec_and(vec_and(from_a0, bit[3]),
	                       vec_or(vec_and(seven, maybe), vec_and_not(bit[3], x->low_1to2)));
	/* After E2 81: 9F, and A0, a no-break space. */
	vec after_81 = vec_or(vec_and(from_90, vec_and(seven, bit[3])), vec_and(is_a0, maybe));

	vec after_e2_80 = vec_and(by_80, by_more), after_e2_81 = vec_and_not(by_more, by_80);
	return (struct utf8_spaces){
		.two = vec_and(vec_and(plane_after(c2, last == 0xC2), is_a0), maybe),
		.three = vec_or(vec_and(by_80, is_80),
	                        vec_or(vec_and(after_e2_80, vec_or(to_8a, a8_a9_af)),
	                               vec_and(after_e2_81, after_81))),
	};
}

#endif
