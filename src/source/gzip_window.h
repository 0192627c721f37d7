/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text before a point, packed as a stream of zlib (RFC 1950). It is packed by the library, if
 * that is there, and unpacked without one: who reads a journal parses nothing by foreign code.
 */
#ifndef PCOUNT_SOURCE_GZIP_WINDOW_H
#define PCOUNT_SOURCE_GZIP_WINDOW_H

#include "base/base.h"

/* Begin with {0}. */
struct window_packer {
	bool loaded; /* or found not to be there: then it is stored as it is */
	int (*compress2)(unsigned char *to, unsigned long *n_to, const unsigned char *from,
	                 unsigned long n, int level);
};

/* At most as many bytes as bytes[n] are packed into. */
static inline size_t window_packed_most(size_t n)
{
	return n + n / 1000 + 64;
}

/* Packs bytes[n], a window at most, into packed[window_packed_most(n)]. How many they are. */
size_t window_pack(struct window_packer *p, const unsigned char *bytes, size_t n,
                   unsigned char *packed);

/* Unpacks what must come to bytes[n]. 0, or -1: it does not, or there is no memory. */
int window_unpack(const unsigned char *packed, size_t n_packed, unsigned char *bytes, size_t n);

#endif
