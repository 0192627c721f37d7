/* SPDX-License-Identifier: BSD-2-Clause */
/* CRC-32 of long texts, by the libraries that decode gzip (gzip.c). */
#ifndef PCOUNT_SOURCE_CHECKSUM_H
#define PCOUNT_SOURCE_CHECKSUM_H

#include "base/base.h"

/* One of them, or none; begin with {0}. */
struct checksum {
	uint32_t (*isal)(uint32_t crc, const unsigned char *bytes, uint64_t n);
	unsigned long (*zlib)(unsigned long crc, const unsigned char *bytes, size_t n);
};

/* Loads the fastest library that is there. */
void checksum_load(struct checksum *c);

/* crc32_add(). */
uint32_t checksum_crc32(const struct checksum *c, uint32_t crc, const unsigned char *bytes,
                        size_t n);

#endif
