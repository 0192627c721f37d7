/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel for x86 with AVX2: Haswell (2013), Zen (2017) and later. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_avx2.h"

#include "count/simd_kernel.h"

const struct kernel kernel_avx2 = {"avx2", cpu_has_avx2, choose, find_lines};
