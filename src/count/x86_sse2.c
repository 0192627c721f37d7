/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel for any x86-64. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_sse2.h"

#include "count/simd_kernel.h"

const struct kernel kernel_sse2 = {"sse2", cpu_has_baseline, choose, find_lines};
