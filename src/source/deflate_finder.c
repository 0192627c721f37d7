/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks for headers of DEFLATE's blocks at every bit. */
#include "base/base.h"
#include "source/deflate_code.h"
#include "source/deflate_finder.h"
#include "source/format.h"

enum {
	STORED_BITS = 3, /* of a stored block before its length, without padding */
	DYNAMIC = DEFLATE_DYNAMIC << 1,
	PRECODE_MOST = 19,
	WINDOW_BITS = 8 * (8 << 10),
};

/* The sum of 2^(7 - length) for two lengths of the precode, by their 6 bits. */
static const unsigned char *two_lengths(void)
{
#define WEIGHT(x)  ((x) == 0 ? 0 : 128 >> (x))
#define PAIR(x, y) (WEIGHT(x) + WEIGHT(y))
#define ROW(y)                                                                              \
	PAIR(0, y), PAIR(1, y), PAIR(2, y), PAIR(3, y), PAIR(4, y), PAIR(5, y), PAIR(6, y), \
		PAIR(7, y)
	static const unsigned char weights[64] = {ROW(0), ROW(1), ROW(2), ROW(3),
	                                          ROW(4), ROW(5), ROW(6), ROW(7)};
#undef ROW
#undef PAIR
#undef WEIGHT
	return weights;
}

/*
 * Is the precode complete of the header with these first bits, `rest` being those from bit 17 on?
 * Few are by chance, and this is quickly seen.
 */
static bool has_precode(uint64_t header, uint64_t rest)
{
	const unsigned char *weights = two_lengths();
	unsigned n = (header >> 13 & 15) + 4, sum = 0;

	/* At most 57 bits. */
	rest &= (UINT64_C(1) << 3 * n) - 1;
	for (unsigned i = 0; i < PRECODE_MOST; i += 2, rest >>= 6)
		sum += weights[rest & 63];
	return sum == 128;
}

static bool is_dynamic(const unsigned char *bytes, uint64_t at)
{
	struct deflate_lengths lengths;
	uint64_t header = deflate_bits(bytes, at);

	return (header & 7) == DYNAMIC && (header >> 3 & 31) <= 29 && (header >> 8 & 31) <= 29 &&
	       has_precode(header, deflate_bits(bytes, at + 17)) &&
	       deflate_read_lengths(bytes, &at, &lengths);
}

static uint64_t find_dynamic(const unsigned char *bytes, uint64_t at, uint64_t end)
{
	while (at < end) {
		/* 57 bits, of which the first 50 can begin with the 8 that tell. */
		uint64_t word = deflate_bits(bytes, at);
		/* Bits where 0, 0, 1 begin: not the last, dynamic. */
		uint64_t begins = ~word & ~(word >> 1) & word >> 2 & ((UINT64_C(1) << 50) - 1);
		for (; begins != 0; begins &= begins - 1) {
			uint64_t place = at + (unsigned)__builtin_ctzll(begins);
			if (place >= end)
				return DEFLATE_NO_BORDER;
			if (is_dynamic(bytes, place))
				return place;
		}
		at += 50;
	}
	return DEFLATE_NO_BORDER;
}

/* Is there a stored block's length at this byte, and are the bits before it zero? */
static bool is_stored(const unsigned char *bytes, uint64_t byte)
{
	return (load_le16(bytes + byte) ^ load_le16(bytes + byte + 2)) == 0xFFFF &&
	       bytes[byte - 1] >> (8 - STORED_BITS) == 0;
}

static uint64_t find_stored(const unsigned char *bytes, uint64_t at, uint64_t end)
{
	for (uint64_t byte = (at + STORED_BITS + 7) / 8; byte * 8 < end + STORED_BITS; byte++)
		if (is_stored(bytes, byte))
			return byte * 8 - STORED_BITS;
	return DEFLATE_NO_BORDER;
}

uint64_t deflate_find_border(const unsigned char *bytes, uint64_t at, uint64_t end)
{
	uint64_t found = DEFLATE_NO_BORDER;

	/* One after the other, but not so far that what one finds is of no use for the other. */
	for (uint64_t stop = at; at < end && found == DEFLATE_NO_BORDER; at = stop) {
		stop = end - at > WINDOW_BITS ? at + WINDOW_BITS : end;
		found = find_stored(bytes, at, stop);
		found = min_u64(found, find_dynamic(bytes, at, min_u64(found, stop)));
	}
	return found;
}

uint64_t deflate_border_of(const unsigned char *bytes, uint64_t at)
{
	unsigned header = deflate_bits(bytes, at) & 7;

	if (header == DYNAMIC)
		return is_dynamic(bytes, at) ? at : DEFLATE_NO_BORDER;
	if (header != DEFLATE_STORED << 1)
		return DEFLATE_NO_BORDER;
	uint64_t byte = (at + STORED_BITS + 7) / 8;
	unsigned padding = (unsigned)(byte * 8 - at);
	bool zero = (deflate_bits(bytes, at) & ((UINT64_C(1) << padding) - 1)) == 0;
	return zero && is_stored(bytes, byte) ? byte * 8 - STORED_BITS : DEFLATE_NO_BORDER;
}
