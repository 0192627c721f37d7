/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blocks of 64 bytes, whatever the instruction set has for vectors, and what is true of their bytes
 * as masks of 64 bits (bits.h). Included by vec_*.h.
 */
#ifndef PCOUNT_SIMD_BLOCK_H
#define PCOUNT_SIMD_BLOCK_H

#include "simd/bits.h"

#include <string.h>

/* Pads ragged blocks: white, no width, no line end, a character to be taken off. */
enum { VT = 0x0B };

/*
 * How far ahead of the block in hand memory is asked for. Loops that branch on what they find drop
 * the loads they had begun whenever the processor has guessed wrong, and what fetches on its own
 * stops at the end of a page; so far ahead that memory has answered by then.
 */
enum { FETCH_AHEAD = 2 << 10 };

struct block {
	vec v[VECS];
};

/* Asks for what comes FETCH_AHEAD of p[0..n), which need not exist. `n`: a constant. */
SIMD_FN void fetch_ahead(const unsigned char *p, size_t n)
{
#pragma GCC unroll 8
	for (size_t i = 0; i < n; i += BLOCK)
		__builtin_prefetch((const void *)((uintptr_t)p + FETCH_AHEAD + i));
}

SIMD_FN struct block block_load(const unsigned char *p)
{
	struct block b;

	EACH_VEC
	b.v[i] = vec_load(p + (size_t)i * VEC_BYTES);
	return b;
}

/* The n < 64 bytes at p, then VT; the bytes after them are not touched. */
SIMD_FN struct block block_load_part(const unsigned char *p, size_t n)
{
#ifdef VEC_MASKED_LOAD
	return (struct block){{vec_load_part(p, n, VT)}};
#else
	unsigned char copy[BLOCK];

	memset(copy, VT, sizeof copy);
	memcpy(copy, p, n);
	return block_load(copy);
#endif
}

SIMD_FN struct block block_zero(void)
{
	struct block b;

	EACH_VEC
	b.v[i] = vec_set1(0);
	return b;
}

SIMD_FN struct block block_or(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = vec_or(a.v[i], b.v[i]);
	return a;
}

SIMD_FN struct block block_and(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = vec_and(a.v[i], b.v[i]);
	return a;
}

/* No less than either, byte by byte; high where either is. */
SIMD_FN struct block block_bound(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = vec_bound(a.v[i], b.v[i]);
	return a;
}

SIMD_FN struct block block_min(struct block a, struct block b)
{
	EACH_VEC
	a.v[i] = vec_min(a.v[i], b.v[i]);
	return a;
}

/* ---- which bytes ... ---- */

/* Bytes from lo to hi. */
SIMD_FN vmask vec_in(vec v, unsigned char lo, unsigned char hi)
{
	return vec_le(vec_sub(v, vec_set1(lo)), vec_set1((unsigned char)(hi - lo)));
}

/* For `which`, an expression in the vector v: its bits of the block b. */
#define BLOCK_BITS(b, which)               \
	do {                               \
		vmask masks_[VECS];        \
		EACH_VEC                   \
		{                          \
			vec v = (b).v[i];  \
			masks_[i] = which; \
		}                          \
		return vec_bits(masks_);   \
	} while (0)

SIMD_FN uint64_t block_eq(struct block b, unsigned char x)
{
	BLOCK_BITS(b, vec_eq(v, vec_set1(x)));
}

/* Bytes from x up. */
SIMD_FN uint64_t block_ge(struct block b, unsigned char x)
{
	BLOCK_BITS(b, vec_ge(v, vec_set1(x)));
}

/* Bytes from lo to hi. */
SIMD_FN uint64_t block_in(struct block b, unsigned char lo, unsigned char hi)
{
	BLOCK_BITS(b, vec_in(v, lo, hi));
}

/* Bytes from 80 up. */
SIMD_FN uint64_t block_high(struct block b)
{
	BLOCK_BITS(b, vec_high(v));
}

/* Continuation bytes, 80 to BF. */
SIMD_FN uint64_t block_cont(struct block b)
{
	BLOCK_BITS(b, vec_cont(v));
}

/* Bytes that are not 0. */
SIMD_FN uint64_t block_nonzero(struct block b)
{
	return ~block_eq(b, 0);
}

/*
 * TAB LF VT FF CR SPACE. By lookup: each low nibble has at most one of them, and a byte that is
 * what the table has for its low nibble is it.
 */
SIMD_FN uint64_t block_ascii_space(struct block b)
{
#if VEC_LOOKUP >= 16
	static const unsigned char by_low_nibble[16] = {' ', [9] = '\t', '\n', '\v', '\f', '\r'};
	vec table = vec_table(by_low_nibble);

	BLOCK_BITS(b, vec_eq(vec_lookup_low(table, v), v));
#else
	BLOCK_BITS(b, mask_or(vec_in(v, '\t', '\r'), vec_eq(v, vec_set1(' '))));
#endif
}

/* LF, FF and CR, which end a line's columns. */
SIMD_FN uint64_t block_breaks(struct block b)
{
#if VEC_LOOKUP >= 16
	static const unsigned char by_low_nibble[16] = {1, [10] = '\n', [12] = '\f', '\r'};
	vec table = vec_table(by_low_nibble);

	BLOCK_BITS(b, vec_eq(vec_lookup_low(table, v), v));
#else
	BLOCK_BITS(b, mask_or(vec_eq(v, vec_set1('\n')), vec_in(v, '\f', '\r')));
#endif
}

/* ---- is there any byte ... ---- */

/* ... that has any of these bits? */
SIMD_FN bool block_any_of(struct block b, unsigned char bits)
{
	vec all = b.v[0];

	for (int i = 1; i < VECS; i++)
		all = vec_or(all, b.v[i]);
	return vec_common(all, vec_set1(bits));
}

/* ... that is not 0? */
SIMD_FN bool block_any(struct block b)
{
	vec all = b.v[0];

	for (int i = 1; i < VECS; i++)
		all = vec_or(all, b.v[i]);
	return vec_common(all, all);
}

SIMD_FN bool block_has_high(struct block b)
{
	vec all = b.v[0];

	for (int i = 1; i < VECS; i++)
		all = vec_or(all, b.v[i]);
	return mask_any(vec_high(all));
}

/* x or more? Maybe yes if not: see vec_bound(). */
SIMD_FN bool block_has_from(struct block b, unsigned char x)
{
	vec most = b.v[0];

	for (int i = 1; i < VECS; i++)
		most = vec_bound(most, b.v[i]);
	return mask_any(vec_ge(most, vec_set1(x)));
}

/* x or less? */
SIMD_FN bool block_has_upto(struct block b, unsigned char x)
{
	vec least = b.v[0];

	for (int i = 1; i < VECS; i++)
		least = vec_min(least, b.v[i]);
	return mask_any(vec_le(least, vec_set1(x)));
}

/* ---- sums in 64 lanes, each of up to 255 blocks ---- */

/* Adds 1 where a byte of b is x. */
SIMD_FN struct block sum_eq(struct block sum, struct block b, unsigned char x)
{
	EACH_VEC
	sum.v[i] = vec_count(sum.v[i], vec_eq(b.v[i], vec_set1(x)));
	return sum;
}

/* Adds 1 where b has a continuation byte. */
SIMD_FN struct block sum_cont(struct block sum, struct block b)
{
	EACH_VEC
	sum.v[i] = vec_count(sum.v[i], vec_cont(b.v[i]));
	return sum;
}

SIMD_FN uint64_t sum_total(struct block sum)
{
	return vec_total(sum.v);
}

/* Sum of the bytes of v. */
SIMD_FN uint64_t vec_sum(vec v)
{
	struct block b = block_zero();

	b.v[0] = v;
	return vec_total(b.v);
}

#endif
