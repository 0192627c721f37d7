/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Borders between DEFLATE's blocks, found by their headers alone: those of blocks that are not the
 * last, and either stored or dynamic. What has such a header need not be a border; but whoever
 * decodes tells by the same rule whether the border that it has come to would be found.
 */
#ifndef PCOUNT_SOURCE_DEFLATE_FINDER_H
#define PCOUNT_SOURCE_DEFLATE_FINDER_H

#include "base/base.h"

#define DEFLATE_NO_BORDER UINT64_MAX

/*
 * The first bit in [at, end) where such a header begins; DEFLATE_NO_BORDER: there is none.
 * DEFLATE_SLACK bytes after `end` may be read. The header of a stored block is taken to be without
 * padding, whatever precedes it: see deflate_border_of().
 */
uint64_t deflate_find_border(const unsigned char *bytes, uint64_t at, uint64_t end);

/*
 * What deflate_find_border() says of the border at bit `at` of bytes[bits / 8], between whose
 * blocks it really is: the place of a header of either kind, which may be some bits later; or
 * DEFLATE_NO_BORDER.
 */
uint64_t deflate_border_of(const unsigned char *bytes, uint64_t at);

#endif
