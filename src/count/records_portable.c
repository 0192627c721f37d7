/* SPDX-License-Identifier: BSD-2-Clause */
/* Records for any processor, by words of 64 bits. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_portable.h"

#include "count/simd_records.h"

const struct records_kernel records_portable = {"portable", cpu_has_baseline, scan_records};
