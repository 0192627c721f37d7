/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-16 to UTF-8 for any aarch64. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_neon.h"

#include "text/simd_utf16.h"

const struct utf16_kernel utf16_neon = {"neon", cpu_has_baseline, utf16_little, utf16_big};
