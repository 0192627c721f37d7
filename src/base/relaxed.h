/* SPDX-License-Identifier: BSD-2-Clause */
/* A number with one writer that others may read at any time: plain loads and stores, never torn. */
#ifndef PCOUNT_BASE_RELAXED_H
#define PCOUNT_BASE_RELAXED_H

#include "base/base.h"

/* The writer's: no locked instruction, since nobody else writes. */
static inline void relaxed_add(uint64_t *number, uint64_t n)
{
	__atomic_store_n(number, *number + n, __ATOMIC_RELAXED);
}

static inline void relaxed_set(uint64_t *number, uint64_t value)
{
	__atomic_store_n(number, value, __ATOMIC_RELAXED);
}

static inline uint64_t relaxed_get(const uint64_t *number)
{
	return __atomic_load_n(number, __ATOMIC_RELAXED);
}

#endif
