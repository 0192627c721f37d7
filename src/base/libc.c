/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that not every C library has. */
#include "base/base.h"
#include "base/libc.h"

#include <errno.h>
#include <stdlib.h>

void *array_resize(void *array, size_t n, size_t size)
{
	size_t bytes;

	if (!__builtin_mul_overflow(n, size, &bytes))
		return realloc(array, bytes);
	errno = ENOMEM;
	return NULL;
}
