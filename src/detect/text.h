/* SPDX-License-Identifier: BSD-2-Clause */
/* Is it text? Told from the first bytes, in about a microsecond. */
#ifndef PCOUNT_DETECT_TEXT_H
#define PCOUNT_DETECT_TEXT_H

#include "base/base.h"

enum { TEXT_SNIFF_BYTES = 4096 }; /* first bytes that are inspected, or all there are */

/*
 * Do bytes[n] look like the beginning of a text in some encoding that extends ASCII? Not if they
 * begin as a format does that is known to be none, hold a NUL, or more than one in 64 is a control
 * character that has no place in texts (all but BEL, BS, TAB, LF, VT, FF, CR, ESC). Of random bytes
 * one in ten is. Bytes above 7F may be letters of any encoding. Nothing at all is a text.
 */
bool text_is_likely(const unsigned char *bytes, size_t n);

#endif
