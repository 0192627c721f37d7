/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ragged edges of a block of UTF-8 text, one byte at a time, so that what lies between them
 * begins and ends between two characters and the SIMD loops have nothing to carry in or out but
 * the state of words and columns.
 *
 *      p |  enter  |               bulk                |  leave | p + n
 *           until the tally is decided                    a proper prefix of a character
 *           and has no tail
 */
#ifndef PCOUNT_COUNT_EDGES_H
#define PCOUNT_COUNT_EDGES_H

#include "base/base.h"
#include "tally/tally.h"

enum { UTF8_ENTER_MIN = 3 }; /* so that the SIMD loops can look back */

/*
 * Appends at least UTF8_ENTER_MIN bytes, until t->decided and no tail is left, or all n are used
 * up: how many were.
 */
size_t utf8_enter(const struct charset *cs, struct tally *t, const unsigned char *p, size_t n);

/* Appends the n bytes of a proper prefix, see utf8_unfinished(), to the tail. */
void utf8_leave(const struct charset *cs, struct tally *t, const unsigned char *p, size_t n);

#endif
