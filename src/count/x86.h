/* SPDX-License-Identifier: BSD-2-Clause */
/* Which instruction sets this x86 processor has, and GLIBC_TUNABLES has not switched off. */
#ifndef PCOUNT_COUNT_X86_H
#define PCOUNT_COUNT_X86_H

#include "base/base.h"

bool x86_has_avx2(void);       /* with BMI1, BMI2, POPCNT */
bool x86_has_avx512(void);     /* F, BW, VL with BMI1, BMI2, POPCNT */
bool x86_has_avx512vbmi(void); /* VBMI, and what x86_has_avx512() asks */

#endif
