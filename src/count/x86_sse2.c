/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel for any x86-64. */
#include "base/base.h"

#ifdef __x86_64__

#define SIMD_NO_POPCNT
#include "count/simd_sse2.h"

#include "count/simd_lines.h"
#include "count/simd_breaks.h"
#include "count/simd_bytes.h"
#include "count/simd_plain.h"
#include "count/simd_exact.h"
#include "count/simd_marks.h"
#include "count/simd_nopages.h"
#include "count/simd_width.h"
#include "count/simd_utf8.h"
#include "count/simd_kernel.h"

static bool usable(void)
{
	return true;
}

const struct kernel kernel_sse2 = {"sse2", usable, choose, find_lines};

#endif
