/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UTF-16 to UTF-8, all that can be decided of a block. What is no character becomes the byte FF,
 * one for each half of a surrogate pair without the other: in UTF-8 that is one encoding error.
 */
#ifndef PCOUNT_TEXT_UTF16_H
#define PCOUNT_TEXT_UTF16_H

#include "base/base.h"

enum {
	UTF16_GROWTH = 3,   /* bytes that a unit of 2 bytes becomes, at most */
	UTF16_ERROR = 0xFF, /* what half of a surrogate pair becomes */
	UTF16_SLACK = 64,   /* bytes after the output that may be written to */
};

/*
 * Transcodes in[0..n), from a unit's first byte on, to out[], which has room for UTF16_GROWTH bytes
 * a unit and UTF16_SLACK more. The output's length; *used: bytes of the input, all but an odd last
 * byte and the first half of a pair before it.
 */
typedef size_t utf16_fn(const unsigned char *in, size_t n, size_t *used, unsigned char *out);

/* One family, for one instruction set, for either order of bytes. */
struct utf16_kernel {
	const char *name;
	bool (*usable)(void);
	utf16_fn *little, *big;
};

/* Best first, ended by NULL; the last is `scalar`, the reference. */
extern const struct utf16_kernel *const utf16_kernels[];

extern const struct utf16_kernel utf16_portable;
extern const struct utf16_kernel utf16_avx512vbmi, utf16_avx512, utf16_avx2, utf16_sse2; /* x86-64
                                                                                          */
extern const struct utf16_kernel utf16_neon; /* aarch64 */

/* The best usable one, or the one of that name (PCOUNT_KERNEL), or scalar. */
const struct utf16_kernel *utf16_choose(const char *forced);

/*
 * For kernels: converts by the reference code until `units` units, or one more, are used up, or the
 * rest of in[0..n) is too short to tell: bytes used. *out is moved on.
 */
size_t utf16_convert_units(const unsigned char *in, size_t n, size_t units, bool big,
                           unsigned char **out);

#endif
