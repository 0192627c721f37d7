/* SPDX-License-Identifier: BSD-2-Clause */
/* Records for any AArch64. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_neon.h"

#include "count/simd_records.h"

const struct records_kernel records_neon = {"neon", cpu_has_baseline, scan_records};
