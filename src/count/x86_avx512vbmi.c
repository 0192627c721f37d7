/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel for x86 with AVX-512VBMI2: Ice Lake (2019), Zen 4 (2022) and later. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_avx512vbmi.h"

#include "count/simd_kernel.h"

const struct kernel kernel_avx512vbmi = {"avx512vbmi", cpu_has_avx512vbmi, choose, find_lines};
