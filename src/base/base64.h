/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes as text: base64 of RFC 4648, section 4, with padding. */
#ifndef PCOUNT_BASE_BASE64_H
#define PCOUNT_BASE_BASE64_H

#include "base/base.h"

/* bytes[n] as a string for free(); NULL: no memory. */
char *base64_encode(const void *bytes, size_t n);

/*
 * The bytes that the text stands for, with a NUL after them, for free(), and their number in *n.
 * NULL and errno: EINVAL if it is not base64, strictly, or ENOMEM.
 */
char *base64_decode(const char *text, size_t *n);

#endif
