/* SPDX-License-Identifier: BSD-2-Clause */
/* Prefix codes of DEFLATE (RFC 1951, 3.2): the header of a block, and tables to decode by. */
#ifndef PCOUNT_SOURCE_DEFLATE_CODE_H
#define PCOUNT_SOURCE_DEFLATE_CODE_H

#include "base/base.h"

#include <string.h>

enum {
	DEFLATE_STORED,
	DEFLATE_FIXED,
	DEFLATE_DYNAMIC,

	DEFLATE_LITLENS = 288, /* literals, the end of a block, lengths */
	DEFLATE_DISTANCES = 32,
	DEFLATE_LITLEN_BITS = 12, /* of a table; longer codes go on in a second one */
	DEFLATE_DISTANCE_BITS = 8,
	/* What tables of complete codes need, by enough.c of zlib: 288 12 15, and 32 8 15. */
	DEFLATE_LITLEN_ROOM = 4382,
	DEFLATE_DISTANCE_ROOM = 402,
	/* Bits of a block's longest header: 3 + 14 + 19 * 3 + (286 + 30) * 14. */
	DEFLATE_HEADER_BITS = 4498,
	/* Bytes that must be there to be read after all input, whatever they are. */
	DEFLATE_SLACK = 1 << 10,
};

/*
 * An entry of a table. The lowest 5 bits are the length of the code, or of both codes.
 *
 *      literals      DEFLATE_LITERAL | (1 or 2 literals) << 24 | second << 16 | first << 8
 *      length,       extra bits << 24 | least << 8
 *      distance
 *      others        DEFLATE_SPECIAL, with one of the flags below, or none: there is no such code
 *      second table  ... | DEFLATE_TABLE | bits of its index << 24 | its place << 8
 */
#define DEFLATE_LITERAL      UINT32_C(0x80000000)
#define DEFLATE_SPECIAL      UINT32_C(0x40000000)
#define DEFLATE_TABLE        UINT32_C(0x20000000)
#define DEFLATE_END_OF_BLOCK UINT32_C(0x10000000)

struct deflate_tables {
	uint32_t litlen[DEFLATE_LITLEN_ROOM];
	uint32_t distance[DEFLATE_DISTANCE_ROOM];
};

/* The lengths of a block's codes, in bits; 0: there is no such symbol. */
struct deflate_lengths {
	unsigned char litlen[DEFLATE_LITLENS];
	unsigned char distance[DEFLATE_DISTANCES];
};

/* At least 57 bits from bit `at` of `bytes` on. Up to 8 bytes from there are read. */
static inline uint64_t deflate_bits(const unsigned char *bytes, uint64_t at)
{
	uint64_t word;

	memcpy(&word, bytes + at / 8, sizeof word);
	return (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(word) : word) >> at % 8;
}

/*
 * Are these the lengths of a dynamic block's header that begins at bit *at, 3 bits before its
 * counts? Only if its codes are complete, as zlib wants them; *at is then the bit after it. What it
 * reads may be DEFLATE_HEADER_BITS long, and a word.
 */
bool deflate_read_lengths(const unsigned char *bytes, uint64_t *at, struct deflate_lengths *l);

/* Makes tables of a dynamic block's lengths, or of those of a fixed one. */
void deflate_make_tables(struct deflate_tables *t, const struct deflate_lengths *l);
void deflate_fixed_lengths(struct deflate_lengths *l);

#endif
