/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers as users write them. */
#ifndef PCOUNT_BASE_SIZE_H
#define PCOUNT_BASE_SIZE_H

#include "base/base.h"

/* Of a file whose size nobody has asked for, or could be told. */
#define SIZE_UNKNOWN UINT64_MAX

/*
 * Reads a size: decimal digits, then nothing, a letter of K M G T P E or that letter and "iB" for
 * powers of 1024, or the letter and "B" for powers of 1000; the letter in either case. 0, or -1 and
 * errno: EINVAL if it is none, EOVERFLOW if it does not fit.
 */
int size_parse(const char *text, uint64_t *size);

/* Reads decimal digits and nothing else. 0, or -1 and errno, as size_parse(). */
int number_parse(const char *text, uint64_t *number);

/* The number of decimal digits of `number`, 1 to 20. */
unsigned number_digits(uint64_t number);

#endif
