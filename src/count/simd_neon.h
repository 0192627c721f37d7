/* SPDX-License-Identifier: BSD-2-Clause */
/* Vector operations for the templates: NEON, what every aarch64 has; four vectors to a block. */
#ifndef PCOUNT_COUNT_SIMD_NEON_H
#define PCOUNT_COUNT_SIMD_NEON_H

#include "count/simd.h"

#include <arm_neon.h>
#include <string.h>

typedef uint8x16_t vec;

enum { VECS = 4 }; /* vectors in a block */

struct block {
	vec v[VECS];
};

/* What simd_nibble.h asks of a vector. */
SIMD_FN vec vec_set1(unsigned char x)
{
	return vdupq_n_u8(x);
}

SIMD_FN vec vec_table(const unsigned char table[16])
{
	return vld1q_u8(table);
}

SIMD_FN vec vec_lookup(vec table, vec index)
{
	return vqtbl1q_u8(table, index);
}

SIMD_FN vec vec_high_nibble(vec v)
{
	return vshrq_n_u8(v, 4);
}

SIMD_FN vec vec_low_nibble(vec v)
{
	return vandq_u8(v, vec_set1(0x0F));
}

SIMD_FN vec vec_and(vec a, vec b)
{
	return vandq_u8(a, b);
}

SIMD_FN vec vec_or(vec a, vec b)
{
	return vorrq_u8(a, b);
}

SIMD_FN vec vec_xor(vec a, vec b)
{
	return veorq_u8(a, b);
}

/* All ones where a and b are equal. */
SIMD_FN vec vec_is(vec a, vec b)
{
	return vceqq_u8(a, b);
}

SIMD_FN vec vec_sub_saturating(vec a, vec b)
{
	return vqsubq_u8(a, b);
}

/* Continuation bytes, 80 to BF: the signed bytes below C0. */
SIMD_FN vec vec_cont(vec v)
{
	return vcltq_s8(vreinterpretq_s8_u8(v), vdupq_n_s8(-64));
}

SIMD_FN struct block block_load(const unsigned char *p)
{
	return (struct block){{vld1q_u8(p), vld1q_u8(p + 16), vld1q_u8(p + 32), vld1q_u8(p + 48)}};
}

/* The n < 64 bytes at p, then VT. */
SIMD_FN struct block block_load_part(const unsigned char *p, size_t n)
{
	unsigned char copy[BLOCK];

	memset(copy, VT, sizeof copy);
	memcpy(copy, p, n);
	return block_load(copy);
}

SIMD_FN struct block block_zero(void)
{
	vec zero = vec_set1(0);

	return (struct block){{zero, zero, zero, zero}};
}

/*
 * One bit for each byte that is all ones; the others are 0. Each vector keeps bit i % 8 of its byte
 * i, and adding neighbours three times gathers eight bytes in one:
 *
 *      01 02 04 08 10 20 40 80 ... -> 03 0C 30 C0 ... -> 0F F0 ... -> FF ...
 */
SIMD_FN uint64_t mask_of(struct block b)
{
	static const unsigned char bits[16] = {1, 2, 4, 8, 16, 32, 64, 128,
	                                       1, 2, 4, 8, 16, 32, 64, 128};
	vec weights = vld1q_u8(bits);
	vec low = vpaddq_u8(vandq_u8(b.v[0], weights), vandq_u8(b.v[1], weights));
	vec high = vpaddq_u8(vandq_u8(b.v[2], weights), vandq_u8(b.v[3], weights));
	vec all = vpaddq_u8(low, high);

	return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(all, all)), 0);
}

SIMD_FN uint64_t block_eq(struct block b, unsigned char x)
{
	EACH_VEC
	b.v[i] = vceqq_u8(b.v[i], vec_set1(x));
	return mask_of(b);
}

/* Bytes from x up. */
SIMD_FN uint64_t block_ge(struct block b, unsigned char x)
{
	EACH_VEC
	b.v[i] = vcgeq_u8(b.v[i], vec_set1(x));
	return mask_of(b);
}

/* Bytes from lo to hi. */
SIMD_FN uint64_t block_in(struct block b, unsigned char lo, unsigned char hi)
{
	EACH_VEC
	b.v[i] = vcleq_u8(vsubq_u8(b.v[i], vec_set1(lo)), vec_set1((unsigned char)(hi - lo)));
	return mask_of(b);
}

/* LF, FF and CR, which end a line's columns. */
SIMD_FN uint64_t block_breaks(struct block b)
{
	EACH_VEC
	{
		vec lf = vceqq_u8(b.v[i], vec_set1('\n')), ff = vceqq_u8(b.v[i], vec_set1('\f'));
		b.v[i] = vec_or(vec_or(lf, ff), vceqq_u8(b.v[i], vec_set1('\r')));
	}
	return mask_of(b);
}

/* Bytes from 80 up. */
SIMD_FN uint64_t block_high(struct block b)
{
	return block_ge(b, 0x80);
}

SIMD_FN uint64_t block_cont(struct block b)
{
	EACH_VEC
	b.v[i] = vec_cont(b.v[i]);
	return mask_of(b);
}

/*
 * TAB LF VT FF CR SPACE: each low nibble has at most one, and a byte that is what the table has for
 * its low nibble is it.
 */
SIMD_FN uint64_t block_ascii_space(struct block b)
{
	static const unsigned char by_low_nibble[16] = {' ', [9] = '\t', '\n', '\v', '\f', '\r'};
	vec table = vec_table(by_low_nibble);

	EACH_VEC
	b.v[i] = vceqq_u8(vec_lookup(table, vec_low_nibble(b.v[i])), b.v[i]);
	return mask_of(b);
}

SIMD_FN struct block block_or(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = vorrq_u8(a.v[i], b.v[i]);
	return a;
}

/* The larger of two bytes each. */
SIMD_FN struct block block_max(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = vmaxq_u8(a.v[i], b.v[i]);
	return a;
}

/* The smaller of two bytes each. */
SIMD_FN struct block block_min(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = vminq_u8(a.v[i], b.v[i]);
	return a;
}

/* Is one of the bytes x or less? */
SIMD_FN bool block_has_upto(struct block b, unsigned char x)
{
	return vminvq_u8(vminq_u8(vminq_u8(b.v[0], b.v[1]), vminq_u8(b.v[2], b.v[3]))) <= x;
}

/* Is one of the bytes x or more? */
SIMD_FN bool block_has_from(struct block b, unsigned char x)
{
	return vmaxvq_u8(vmaxq_u8(vmaxq_u8(b.v[0], b.v[1]), vmaxq_u8(b.v[2], b.v[3]))) >= x;
}

SIMD_FN bool block_has_high(struct block b)
{
	return vmaxvq_u8(vec_or(vec_or(b.v[0], b.v[1]), vec_or(b.v[2], b.v[3]))) >= 0x80;
}

SIMD_FN bool block_any(struct block b)
{
	return vmaxvq_u8(vec_or(vec_or(b.v[0], b.v[1]), vec_or(b.v[2], b.v[3]))) != 0;
}

/* Is one of the bytes x? */
SIMD_FN bool block_has(struct block b, unsigned char x)
{
	vec any = vceqq_u8(b.v[0], vec_set1(x));

	for (int i = 1; i < VECS; i++)
		any = vec_or(any, vceqq_u8(b.v[i], vec_set1(x)));
	return vmaxvq_u8(any) != 0;
}

/* Bytes that are not 0. */
SIMD_FN uint64_t block_nonzero(struct block b)
{
	return ~block_eq(b, 0);
}

/* A sum of bytes equal to x, up to 255 blocks of them, in 64 lanes. */
SIMD_FN struct block sum_eq(struct block sum, struct block b, unsigned char x)
{
	EACH_VEC
	sum.v[i] = vsubq_u8(sum.v[i], vceqq_u8(b.v[i], vec_set1(x)));
	return sum;
}

/* The same of continuation bytes. */
SIMD_FN struct block sum_cont(struct block sum, struct block b)
{
	EACH_VEC
	sum.v[i] = vsubq_u8(sum.v[i], vec_cont(b.v[i]));
	return sum;
}

SIMD_FN uint64_t sum_total(struct block sum)
{
	uint64_t total = 0;

	EACH_VEC
	total += vaddlvq_u8(sum.v[i]);
	return total;
}

#endif
