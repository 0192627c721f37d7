/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernels of UTF-16 for x86-64. */
#ifndef PCOUNT_TEXT_UTF16_X86_H
#define PCOUNT_TEXT_UTF16_X86_H

#include "text/utf16.h"

extern const struct utf16_kernel utf16_avx512vbmi, utf16_avx2;

#endif
