/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel for x86 with AVX-512BW: Skylake-SP (2017) and later. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_avx512.h"

#include "count/simd_kernel.h"

const struct kernel kernel_avx512 = {"avx512", cpu_has_avx512, choose, find_lines};
