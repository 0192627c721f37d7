/* SPDX-License-Identifier: BSD-2-Clause */
/* The checksum of gzip (RFC 1952, section 8), for short texts. */
#ifndef PCOUNT_BASE_CRC32_H
#define PCOUNT_BASE_CRC32_H

#include "base/base.h"

/* That of some bytes, `crc`, followed by n more. Of none it is 0. */
uint32_t crc32_add(uint32_t crc, const void *bytes, size_t n);

/* That of some bytes, `crc`, followed by n of which the checksum is `more`. */
uint32_t crc32_join(uint32_t crc, uint32_t more, uint64_t n);

#endif
