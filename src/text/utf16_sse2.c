/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-16 to UTF-8 for any x86-64. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_sse2.h"

#include "text/simd_utf16.h"

const struct utf16_kernel utf16_sse2 = {"sse2", cpu_has_baseline, utf16_little, utf16_big};
