/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel for any aarch64. */
#include "base/base.h"

#ifdef __aarch64__

#include "count/simd_neon.h"

#include "count/simd_lines.h"
#include "count/simd_breaks.h"
#include "count/simd_bytes.h"
#include "count/simd_nibble.h"
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

const struct kernel kernel_neon = {"neon", usable, choose, find_lines};

#endif
