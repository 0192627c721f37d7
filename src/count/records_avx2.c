/* SPDX-License-Identifier: BSD-2-Clause */
/* Records for x86 with AVX2. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_avx2.h"

#include "count/simd_records.h"

const struct records_kernel records_avx2 = {"avx2", cpu_has_avx2, scan_records};
