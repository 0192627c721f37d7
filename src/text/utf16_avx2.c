/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-16 to UTF-8 for x86 with AVX2. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_avx2.h"

#include "text/simd_utf16.h"

const struct utf16_kernel utf16_avx2 = {"avx2", cpu_has_avx2, utf16_little, utf16_big};
