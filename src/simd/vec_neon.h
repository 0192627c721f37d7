/* SPDX-License-Identifier: BSD-2-Clause */
/* The vector layer by NEON, which every aarch64 has; see vec.h. */
#ifndef PCOUNT_SIMD_VEC_NEON_H
#define PCOUNT_SIMD_VEC_NEON_H

#define VEC_POPCNT
#define VEC_LOOKUP 16

#include "simd/bits.h"
#include "simd/vec.h"

#include <arm_neon.h>

typedef uint8x16_t vec;
typedef uint8x16_t vmask; /* all ones or all zeros */
typedef uint32x4_t lane_mask;

enum { VECS = 4, VEC_BYTES = 16 };

SIMD_FN vec vec_load(const unsigned char *p)
{
	return vld1q_u8(p);
}

SIMD_FN vec vec_set1(unsigned char x)
{
	return vdupq_n_u8(x);
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

SIMD_FN vec vec_sub(vec a, vec b)
{
	return vsubq_u8(a, b);
}

SIMD_FN vec vec_sub_saturating(vec a, vec b)
{
	return vqsubq_u8(a, b);
}

SIMD_FN vec vec_bound(vec a, vec b)
{
	return vmaxq_u8(a, b);
}

SIMD_FN vec vec_min(vec a, vec b)
{
	return vminq_u8(a, b);
}

SIMD_FN bool vec_common(vec a, vec b)
{
	return vmaxvq_u8(vandq_u8(a, b)) != 0;
}

SIMD_FN uint64_t vec_total(const vec v[VECS])
{
	uint64_t total = 0;

	EACH_VEC
	total += vaddlvq_u8(v[i]);
	return total;
}

SIMD_FN vmask vec_eq(vec a, vec b)
{
	return vceqq_u8(a, b);
}

SIMD_FN vmask vec_ge(vec a, vec b)
{
	return vcgeq_u8(a, b);
}

SIMD_FN vmask vec_le(vec a, vec b)
{
	return vcleq_u8(a, b);
}

/* The signed bytes below C0. */
SIMD_FN vmask vec_cont(vec v)
{
	return vcltq_s8(vreinterpretq_s8_u8(v), vdupq_n_s8(-64));
}

SIMD_FN vmask vec_high(vec v)
{
	return vcltzq_s8(vreinterpretq_s8_u8(v));
}

SIMD_FN vmask mask_and(vmask a, vmask b)
{
	return vandq_u8(a, b);
}

SIMD_FN vmask mask_or(vmask a, vmask b)
{
	return vorrq_u8(a, b);
}

SIMD_FN vmask mask_xor(vmask a, vmask b)
{
	return veorq_u8(a, b);
}

SIMD_FN vmask mask_and_not(vmask a, vmask b)
{
	return vbicq_u8(a, b);
}

SIMD_FN bool mask_any(vmask m)
{
	return vmaxvq_u8(m) != 0;
}

SIMD_FN vec mask_vec(vmask m)
{
	return m;
}

SIMD_FN vec vec_count(vec sum, vmask m)
{
	return vsubq_u8(sum, m);
}

/*
 * Each vector keeps bit i % 8 of its byte i, and adding neighbours three times gathers eight bytes
 * in one:
 *
 *      01 02 04 08 10 20 40 80 ... -> 03 0C 30 C0 ... -> 0F F0 ... -> FF ...
 */
SIMD_FN uint64_t vec_bits(const vmask m[VECS])
{
	static const unsigned char bits[16] = {1, 2, 4, 8, 16, 32, 64, 128,
	                                       1, 2, 4, 8, 16, 32, 64, 128};
	vec weights = vld1q_u8(bits);
	vec low = vpaddq_u8(vandq_u8(m[0], weights), vandq_u8(m[1], weights));
	vec high = vpaddq_u8(vandq_u8(m[2], weights), vandq_u8(m[3], weights));
	vec all = vpaddq_u8(low, high);

	return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(all, all)), 0);
}

SIMD_FN vec vec_table(const unsigned char table[16])
{
	return vld1q_u8(table);
}

SIMD_FN vec vec_lookup(vec table, vec index)
{
	return vqtbl1q_u8(table, index);
}

SIMD_FN vec vec_lookup_low(vec table, vec v)
{
	return vqtbl1q_u8(table, vandq_u8(v, vdupq_n_u8(0x0F)));
}

SIMD_FN vec vec_high_nibble(vec v)
{
	return vshrq_n_u8(v, 4);
}

SIMD_FN vec vec_set_pairs(unsigned char first, unsigned char second)
{
	return vreinterpretq_u8_u16(vdupq_n_u16((uint16_t)(first | second << 8)));
}

SIMD_FN vec vec_swap_pairs(vec v)
{
	return vrev16q_u8(v);
}

SIMD_FN void vec_store_narrow(unsigned char *out, vec v)
{
	vst1_u8(out, vmovn_u16(vreinterpretq_u16_u8(v)));
}

SIMD_FN vec vec_set32(uint32_t x)
{
	return vreinterpretq_u8_u32(vdupq_n_u32(x));
}

SIMD_FN vec vec_shl32(vec v, unsigned k)
{
	return vreinterpretq_u8_u32(vshlq_u32(vreinterpretq_u32_u8(v), vdupq_n_s32((int)k)));
}

SIMD_FN vec vec_shr32(vec v, unsigned k)
{
	return vreinterpretq_u8_u32(vshlq_u32(vreinterpretq_u32_u8(v), vdupq_n_s32(-(int)k)));
}

SIMD_FN vec vec_widen_low(vec v)
{
	return vreinterpretq_u8_u32(vmovl_u16(vget_low_u16(vreinterpretq_u16_u8(v))));
}

SIMD_FN vec vec_widen_high(vec v)
{
	return vreinterpretq_u8_u32(vmovl_high_u16(vreinterpretq_u16_u8(v)));
}

SIMD_FN lane_mask lane_ge(vec v, uint32_t x)
{
	return vcgeq_u32(vreinterpretq_u32_u8(v), vdupq_n_u32(x));
}

SIMD_FN vec lane_select(lane_mask m, vec a, vec b)
{
	return vbslq_u8(vreinterpretq_u8_u32(m), a, b);
}

SIMD_FN unsigned lane_bits(lane_mask m)
{
	static const uint32_t bits[4] = {1, 2, 4, 8};

	return vaddvq_u32(vandq_u32(m, vld1q_u32(bits)));
}

SIMD_FN void vec_store_part(unsigned char *out, vec v, int i UNUSED, const unsigned char order[16])
{
	vst1q_u8(out, vqtbl1q_u8(v, vld1q_u8(order)));
}

SIMD_FN vec vec_and_not(vec a, vec b)
{
	return vbicq_u8(a, b);
}

SIMD_FN vec vec_add(vec a, vec b)
{
	return vaddq_u8(a, b);
}

SIMD_FN void vec_swap_bits(vec *a, vec *b, unsigned k, unsigned char m)
{
	vec low = vec_set1(m), x = *a;

	*a = vbslq_u8(low, x, vshlq_u8(*b, vdupq_n_s8((signed char)k)));
	*b = vbslq_u8(low, vshlq_u8(x, vdupq_n_s8((signed char)-(int)k)), *b);
}

SIMD_FN vec plane_later(vec x, vec before, unsigned k)
{
	vec y = vsriq_n_u8(vaddq_u8(x, x), before, 7);

	return k == 1 ? vextq_u8(y, x, 15) : k == 2 ? vextq_u8(y, x, 14) : vextq_u8(y, x, 13);
}

SIMD_FN uint64_t plane_end(vec x)
{
	uint64_t last = vgetq_lane_u64(vreinterpretq_u64_u8(x), 1);

	return last >> 63 << 63 | (last >> 55 & 1) << 62 | (last >> 47 & 1) << 61;
}

SIMD_FN vec plane_ending(uint64_t bits)
{
	return vreinterpretq_u8_u32(vdupq_n_u32(plane_end_bytes(bits)));
}

SIMD_FN vec vec_popcount(vec v)
{
	return vcntq_u8(v);
}

#include "simd/block.h"

#endif
