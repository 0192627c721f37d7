/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel for any processor, by words of 64 bits. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_portable.h"

#include "count/simd_kernel.h"

const struct kernel kernel_portable = {"portable", cpu_has_baseline, choose, find_lines};
