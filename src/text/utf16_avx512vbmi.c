/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-16 to UTF-8 for x86 with AVX-512VBMI2. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_avx512vbmi.h"

#include "text/simd_utf16.h"

const struct utf16_kernel utf16_avx512vbmi = {"avx512vbmi", cpu_has_avx512vbmi, utf16_little,
                                              utf16_big};
