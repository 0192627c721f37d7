/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Columns of characters by the Unicode data, for where no UTF-8 locale is installed, or none is a
 * file that could have its own.
 */
#ifndef PCOUNT_TALLY_UNICODE_WIDTH_H
#define PCOUNT_TALLY_UNICODE_WIDTH_H

#include "base/base.h"

#include <uchar.h>

/*
 * Columns of `c`, 0 to 2, as wcwidth() of a glibc that knows the same version of Unicode has them;
 * 0 too where it is -1. Any value of char32_t.
 */
unsigned unicode_width(char32_t c);

#endif
