/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel for any aarch64. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_neon.h"

#include "count/simd_kernel.h"

const struct kernel kernel_neon = {"neon", cpu_has_baseline, choose, find_lines};
