/* SPDX-License-Identifier: BSD-2-Clause */
/* Repeated entries of tables. */
#ifndef PCOUNT_COUNT_REPEAT_H
#define PCOUNT_COUNT_REPEAT_H

#define TWICE(x)   x, x
#define FOUR(x)    TWICE(x), TWICE(x)
#define EIGHT(x)   FOUR(x), FOUR(x)
#define SIXTEEN(x) EIGHT(x), EIGHT(x)

#endif
