/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which instruction sets this processor has, and GLIBC_TUNABLES has not switched off. All that
 * chooses by instruction set asks here.
 */
#ifndef PCOUNT_SIMD_CPU_H
#define PCOUNT_SIMD_CPU_H

#include "base/base.h"

bool cpu_has_avx2(void);       /* with BMI1, BMI2, LZCNT, POPCNT */
bool cpu_has_avx512(void);     /* F, BW, VL, and what comes with AVX2 */
bool cpu_has_avx512vbmi(void); /* VBMI, VBMI2, BITALG, GFNI, and what cpu_has_avx512() asks */

/* What every processor of the architecture has: SSE2 of x86-64, NEON of AArch64. */
static inline bool cpu_has_baseline(void)
{
	return true;
}

#endif
