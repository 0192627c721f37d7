/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that not every C library has, under names that none of them uses. */
#ifndef PCOUNT_BASE_LIBC_H
#define PCOUNT_BASE_LIBC_H

#include "base/base.h"

/* realloc() to `n` elements of `size` bytes; NULL with ENOMEM also if that is no size_t. */
void *array_resize(void *array, size_t n, size_t size);

#endif
