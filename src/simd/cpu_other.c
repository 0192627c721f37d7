/* SPDX-License-Identifier: BSD-2-Clause */
/* For builds without kernels of x86: none of its instruction sets is there. */
#include "base/base.h"
#include "simd/cpu.h"

bool cpu_has_avx2(void)
{
	return false;
}

bool cpu_has_avx512(void)
{
	return false;
}

bool cpu_has_avx512vbmi(void)
{
	return false;
}
