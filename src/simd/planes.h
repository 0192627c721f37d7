/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bits of a text, sorted: plane k has bit k of PLANES_BYTES bytes, a bit for each. So what is
 * true of bytes takes a few operations on planes for eight vectors at once, and the bytes before
 * are a shift away. Known as parallel bit streams: R. D. Cameron, "A case study in SIMD text
 * processing with parallel bit streams: UTF-8 to UTF-16 transcoding" (2008).
 *
 * Where nothing better is defined (VEC_PLANES), by transposing matrices of 8 by 8 bits: byte j of
 * plane k has bit k of byte j of each of the eight vectors, the first vector lowest:
 *
 *      bit i of byte j      is for byte j of vector i
 *
 * Exchanging squares of 4 by 4, then 2 by 2, then single bits, transposes:
 *
 *      a  a0 a1 | a2 a3        a0 a1 | b0 b1
 *      b  b0 b1 | b2 b3   ->   a2 a3 | b2 b3
 */
#ifndef PCOUNT_SIMD_PLANES_H
#define PCOUNT_SIMD_PLANES_H

enum { PLANES_BYTES = 8 * VEC_BYTES };

#ifndef VEC_PLANES
SIMD_FN void vec_planes(vec plane[8], const unsigned char *p)
{
	vec v[8];

#pragma GCC unroll 8
	for (int i = 0; i < 8; i++)
		v[i] = vec_load(p + i * VEC_BYTES);
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		vec_swap_bits(&v[i], &v[i + 4], 4, 0x0F);
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		vec_swap_bits(&v[i / 2 * 4 + i % 2], &v[i / 2 * 4 + i % 2 + 2], 2, 0x33);
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		vec_swap_bits(&v[2 * i], &v[2 * i + 1], 1, 0x55);
#pragma GCC unroll 8
	for (int i = 0; i < 8; i++)
		plane[i] = v[i];
}
#endif

#endif
