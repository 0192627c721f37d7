/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vector layer: what kernels ask of an instruction set. Each of vec_sse2.h, vec_avx2.h,
 * vec_avx512.h, vec_avx512vbmi.h, vec_neon.h and vec_portable.h defines the same names with the
 * same meaning; a kernel file includes one of them, then its templates, which know nothing of the
 * instruction set. block.h, which they include, builds blocks of 64 bytes and their bit masks upon
 * that.
 *
 * Types
 *      vec                       VEC_BYTES unsigned bytes, the first in memory first
 *      vmask                     a truth value for each byte; what it looks like differs
 * Constants
 *      VECS, VEC_BYTES           vectors in a block of 64 bytes, bytes in a vector
 *      VEC_LOOKUP                entries of the largest table that bytes are looked up in at once:
 *                                0, 16 or 64
 *      VEC_TARGET                the target attribute; absent: the compiler's default
 *      VEC_POPCNT VEC_LZCNT VEC_PEXT VEC_COMPRESS VEC_MASKED_LOAD
 *                                defined: there are such instructions, and they are fast
 * Bytes
 *      vec_load(p)               of p[0..VEC_BYTES), any alignment
 *      vec_load_part(p, n, x)    p[0..n), n below VEC_BYTES, then x; VEC_MASKED_LOAD only
 *      vec_set1(x)               x in all bytes
 *      vec_and(a, b) vec_or(a, b) vec_xor(a, b)
 *      vec_sub(a, b)             modulo 256
 *      vec_sub_saturating(a, b)  0 where b is greater
 *      vec_min(a, b)
 *      vec_bound(a, b)           no less than either, and below 80 if both are: cheap
 *      vec_common(a, b)          is any bit set in both?
 *      vec_and_not(a, b)         a & ~b
 *      vec_add(a, b)             of each byte, which no sum fills up
 *      vec_popcount(v)           of each byte: how many bits are set
 *      vec_total(v)              of the VECS vectors of a block: sum of the bytes
 * Masks
 *      vec_eq(a, b)              a = b
 *      vec_ge(a, b) vec_le(a, b) a >= b, a <= b: b may be a constant, a should not
 *      vec_cont(v)               continuation bytes of UTF-8, 80 to BF
 *      vec_high(v)               bytes from 80 up
 *      mask_and(a, b) mask_or(a, b) mask_xor(a, b) mask_and_not(a, b)    the last is a & ~b
 *      mask_any(m)               is any true?
 *      mask_vec(m)               not 0 where m is true, else 0
 *      vec_count(sum, m)         sum, and 1 more where m is true
 *      vec_bits(m)               of the VECS masks of a block: 64 bits, that of the first byte
 *                                lowest
 *
 * Planes of bits (planes.h), of eight vectors of text
 *      vec_swap_bits(a, b, k, m) the bits of *a that are k above those of m in their byte, and
 *                                those of m in *b, change places; k: 4, 2 or 1
 *      vec_planes(plane, p)      the planes of the text at p; VEC_PLANES only
 *      plane_later(x, before, k) x as of k bytes later, k from 1 to 3; the first k are the last of
 *                                `before`, of the text before
 *      plane_end(x)              bit 63: that of the last byte, 62: of the one before, 61
 *      plane_ending(bits)        a plane that ends so
 *
 * Tables, VEC_LOOKUP >= 16
 *      vec_table(t)              of the 16 bytes t
 *      vec_lookup(table, i)      the entry of each byte of i, all of which are below 16
 *      vec_lookup_low(table, v)  the entry of the low nibble of each byte of v that is below 80; of
 *                                others, that entry or 0
 *      vec_high_nibble(v)        each byte / 16
 *
 * Tables, VEC_LOOKUP = 64
 *      vec_lookup64(table, v)    the entry, in a table of 64 bytes, of the low six bits of each
 *                                byte
 *      vec_select(m, a, b)       a where m is true, else b
 *
 * Units of two bytes, and lanes of four, for UTF-16
 *      vec_set_pairs(x, y)       x in all even bytes, y in all odd ones
 *      vec_swap_pairs(v)         bytes exchanged in each pair
 *      vec_store_narrow(p, v)    the first byte of each pair to p[0..VEC_BYTES / 2)
 * and with VEC_LOOKUP >= 16
 *      lane_mask                 a truth value for each lane
 *      vec_set32(x)              x in all lanes
 *      vec_shl32(v, k) vec_shr32(v, k)
 *      vec_widen_low(v) vec_widen_high(v)    lanes of the first, of the last half of the units
 *      lane_ge(v, x)             lanes from x up, both below 2^31
 *      lane_select(m, a, b)      a where m is true, else b
 *      lane_bits(m)              a bit for each, that of the first lowest
 *      vec_store_part(p, v, i, order)    the i-th 16 bytes of v to p[16], those that order[16]
 *                                names, 0 for 80
 *      vec_compress(p, v, keep)  the bytes of v where keep is not 0, one after the other, and more,
 *                                to p[0..VEC_BYTES); how many; VEC_COMPRESS only
 */
#ifndef PCOUNT_SIMD_VEC_H
#define PCOUNT_SIMD_VEC_H

#include "base/base.h"

/*
 * SIMD_FN: a function of a template, inlined into the kernels and compiled for their target.
 * SIMD_KERNEL: one that is called, through a pointer. SIMD_APART: a rare case, kept out of a loop.
 */
#ifdef VEC_TARGET
#define SIMD_FN     static inline __attribute__((always_inline, target(VEC_TARGET)))
#define SIMD_KERNEL static __attribute__((target(VEC_TARGET)))
#define SIMD_APART  static __attribute__((noinline, target(VEC_TARGET)))
#else
#define SIMD_FN     ALWAYS_INLINE
#define SIMD_KERNEL static
#define SIMD_APART  static __attribute__((noinline))
#endif

/* Before a loop over the vectors of a block, so that blocks live in registers. */
#define EACH_VEC _Pragma("GCC unroll 8") for (int i = 0; i < VECS; i++)
/*
 * Before a loop over the few blocks of a group. Not unrolled where a block is many vectors: that
 * would be much code for no gain (portable: 3 times the size, and slower).
 */
#ifdef VEC_MANY
#define EACH_BLOCK _Pragma("GCC unroll 1")
#else
#define EACH_BLOCK _Pragma("GCC unroll 8")
#endif
/* For instructions with a constant in them: shift(v, k), k being 4, 2 or 1. */
#define BY_4_2_1(shift, v, k) ((k) == 4 ? shift(v, 4) : (k) == 2 ? shift(v, 2) : shift(v, 1))
/* Before a loop over the 16 bytes of a vector. */
#define EACH_PART _Pragma("GCC unroll 4") for (int i = 0; i < VEC_BYTES / 16; i++)

#endif
