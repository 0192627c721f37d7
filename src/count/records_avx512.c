/* SPDX-License-Identifier: BSD-2-Clause */
/* Records for x86 with AVX-512BW. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_avx512.h"

#include "count/simd_records.h"

/* What VBMI adds is of no use here, but whoever forces that kernel means this one, too. */
const struct records_kernel records_avx512vbmi = {"avx512vbmi", cpu_has_avx512vbmi, scan_records};
const struct records_kernel records_avx512 = {"avx512", cpu_has_avx512, scan_records};
