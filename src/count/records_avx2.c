/* SPDX-License-Identifier: BSD-2-Clause */
/* Records for x86 with AVX2 and PCLMULQDQ. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_avx2.h"

#include "count/simd_records.h"

static bool usable(void)
{
	return cpu_has_avx2() && cpu_has_clmul();
}

const struct records_kernel records_avx2 = {"avx2", usable, scan_records};
