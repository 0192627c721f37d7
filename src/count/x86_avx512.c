/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel for x86 with AVX-512BW: Skylake-SP (2017) and later. */
#include "base/base.h"

#ifdef __x86_64__

#define SIMD_TARGET "avx512f,avx512bw,avx512vl,bmi,bmi2,lzcnt,popcnt"
#define SIMD_LZCNT
#define SIMD_PEXT
#include "count/simd_avx512.h"

#include "count/simd_lines.h"
#include "count/simd_breaks.h"
#include "count/simd_bytes.h"
#include "count/simd_nibble.h"
#include "count/simd_exact.h"
#include "count/simd_marks.h"
#include "count/simd_nopages.h"
#include "count/simd_width.h"
#include "count/simd_utf8.h"
#include "count/simd_kernel.h"
#include "count/x86.h"

static bool usable(void)
{
	return x86_has_avx512();
}

const struct kernel kernel_avx512 = {"avx512", usable, choose, find_lines};

#endif
