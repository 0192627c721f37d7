/* SPDX-License-Identifier: BSD-2-Clause */
/* Records for any x86-64. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_sse2.h"

#include "count/simd_records.h"

const struct records_kernel records_sse2 = {"sse2", cpu_has_baseline, scan_records};
