/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-16 to UTF-8 for any processor, by words of 64 bits. */
#include "base/base.h"
#include "simd/cpu.h"
#include "simd/vec_portable.h"

#include "text/simd_utf16.h"

const struct utf16_kernel utf16_portable = {"portable", cpu_has_baseline, utf16_little, utf16_big};
