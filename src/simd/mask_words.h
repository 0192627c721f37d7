/* SPDX-License-Identifier: BSD-2-Clause */
/* The operations on a vmask where that is an integer; see vec.h. Included after its typedef. */
#ifndef PCOUNT_SIMD_MASK_WORDS_H
#define PCOUNT_SIMD_MASK_WORDS_H

SIMD_FN vmask mask_and(vmask a, vmask b)
{
	return a & b;
}

SIMD_FN vmask mask_or(vmask a, vmask b)
{
	return a | b;
}

SIMD_FN vmask mask_xor(vmask a, vmask b)
{
	return a ^ b;
}

SIMD_FN vmask mask_and_not(vmask a, vmask b)
{
	return a & ~b;
}

SIMD_FN bool mask_any(vmask m)
{
	return m != 0;
}

#endif
