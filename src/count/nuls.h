/* SPDX-License-Identifier: BSD-2-Clause */
/* A run of NULs, such as the holes of a file are: counted by its length. */
#ifndef PCOUNT_COUNT_NULS_H
#define PCOUNT_COUNT_NULS_H

#include "base/base.h"
#include "count/counter.h"

/* t := t followed by `n` NULs, as c->count() would have it, and the profile too if there is one. */
void counter_add_nuls(struct counter *c, struct tally *t, uint64_t n);

#endif
