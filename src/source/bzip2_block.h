/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blocks of bzip2 streams, which begin at any bit, as far as they can be handled without decoding:
 * found by their signature, and put into a stream of their own. Private to source/.
 *
 *      "BZh9" | block | block | ... | end of stream, combined CRC | up to 7 bits to the next byte
 *             ^ 48 bits of signature, 32 of CRC, ...
 *
 * Bits are numbered from the most significant of the first byte on.
 */
#ifndef PCOUNT_SOURCE_BZIP2_BLOCK_H
#define PCOUNT_SOURCE_BZIP2_BLOCK_H

#include "base/base.h"

#define BZIP2_BLOCK UINT64_C(0x314159265359) /* the signature of a block */
#define BZIP2_END   UINT64_C(0x177245385090) /* ... and of the end of a stream */

enum {
	BZIP2_HEAD = 4,       /* bytes: "BZh" and the level */
	BZIP2_SIGNATURE = 48, /* bits */
	BZIP2_CRC = 32,
	/*
	 * Bytes of a block at most: 18,002 groups of 50 symbols of 20 bits, and less than 64 KiB
	 * before them: 32,767 selectors of 6 bits, 6 tables of 258 lengths. More can be wasted on
	 * purpose.
	 */
	BZIP2_BLOCK_MOST = 18002 * 50 * 20 / 8 + (64 << 10),
};

/* Which pairs of bytes may stand inside a signature: a bit for each. */
struct bzip2_finder {
	unsigned char map[1 << 13];
};

void bzip2_finder_init(struct bzip2_finder *f);

/* The 1 to 56 bits from `bit` on, all of which lie in bytes[n]. */
uint64_t bzip2_bits(const unsigned char *bytes, size_t n, uint64_t bit, unsigned count);

/*
 * The first bit of [from, to) at which a signature begins that lies in bytes[n] to its end, of a
 * block or of an end; `to`: there is none.
 */
uint64_t bzip2_find(const struct bzip2_finder *f, const unsigned char *bytes, size_t n,
                    uint64_t from, uint64_t to);

/* Bytes of the stream that bzip2_frame() makes of a block of `bits`. */
size_t bzip2_frame_size(uint64_t bits);

/*
 * Makes a stream of the block that has the bits [from, to) of bytes[n], its signature the first of
 * them: level, block, end of stream, and in place of the combined CRC the block's own.
 */
void bzip2_frame(unsigned char *stream, unsigned level, const unsigned char *bytes, size_t n,
                 uint64_t from, uint64_t to);

/*
 * Sets bytes[4] so that data that ends with them, and that has the CRC `crc` before them, has the
 * CRC `wanted`.
 */
void bzip2_crc_forge(uint32_t crc, uint32_t wanted, unsigned char bytes[4]);

/* The CRC of a block of some data, `crc` (0 if there is none), followed by bytes[n]. */
uint32_t bzip2_crc(uint32_t crc, const unsigned char *bytes, size_t n);

/* The combined CRC of a stream, `combined` so far, after `blocks` more whose own is `crc`. */
uint32_t bzip2_combine(uint32_t combined, uint32_t crc, uint64_t blocks);

/* The CRC before `blocks` blocks, whose own is `crc`, if it is `combined` after them. */
uint32_t bzip2_uncombine(uint32_t combined, uint32_t crc, uint64_t blocks);

#endif
