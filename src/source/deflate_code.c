/* SPDX-License-Identifier: BSD-2-Clause */
/* Headers of DEFLATE's dynamic blocks, and tables that tell symbols by the next bits. */
#include "base/base.h"
#include "source/deflate_code.h"

#include <string.h>

enum {
	PRECODE = 19, /* symbols of the code that code lengths are written in */
	PRECODE_BITS = 7,
	CODE_BITS = 15, /* the longest of other codes */
};

/* ---- lengths ---- */

/* Do the codes use up all that 15 bits can be? If there is but one it may be a bit, or not be. */
static bool is_complete(const unsigned char *lengths, unsigned n)
{
	int32_t left = 1 << CODE_BITS;
	unsigned used = 0;

	for (unsigned i = 0; i < n; i++) {
		left -= lengths[i] > 0 ? 1 << (CODE_BITS - lengths[i]) : 0;
		used += lengths[i] > 0;
	}
	return left == 0 || used == 0 || (used == 1 && left == 1 << (CODE_BITS - 1));
}

/* A table of precode symbols by the next 7 bits: symbol << 3 | length. False: not complete. */
static bool make_precode(const unsigned char lengths[PRECODE],
                         unsigned char table[1 << PRECODE_BITS])
{
	unsigned next = 0;

	/* Codes are counted up as they are read, their highest bit first: reversed in the table. */
	for (unsigned bits = 1; bits <= PRECODE_BITS; bits++)
		for (unsigned symbol = 0; symbol < PRECODE; symbol++) {
			if (lengths[symbol] != bits)
				continue;
			unsigned reversed = 0;
			for (unsigned i = 0; i < PRECODE_BITS; i++)
				reversed |= (next >> i & 1) << (PRECODE_BITS - 1 - i);
			if (next + (1u << (PRECODE_BITS - bits)) > 1u << PRECODE_BITS)
				return false;
			for (unsigned i = reversed; i < 1u << PRECODE_BITS; i += 1u << bits)
				table[i] = (unsigned char)(symbol << 3 | bits);
			next += 1u << (PRECODE_BITS - bits);
		}
	return next == 1u << PRECODE_BITS;
}

/* Reads n code lengths, with their repetitions. */
static bool read_runs(const unsigned char *bytes, uint64_t *at, const unsigned char *table,
                      unsigned char *lengths, unsigned n)
{
	unsigned done = 0;

	while (done < n) {
		uint64_t bits = deflate_bits(bytes, *at);
		unsigned entry = table[bits & ((1u << PRECODE_BITS) - 1)], symbol = entry >> 3;
		*at += entry & 7;
		bits >>= entry & 7;
		if (symbol < 16) {
			lengths[done++] = (unsigned char)symbol;
			continue;
		}
		/* 16: the last length again; 17, 18: zeros. */
		static const unsigned char extra[] = {2, 3, 7}, least[] = {3, 3, 11};
		unsigned run =
			least[symbol - 16] + (unsigned)(bits & ((1u << extra[symbol - 16]) - 1));
		*at += extra[symbol - 16];
		if (run > n - done || (symbol == 16 && done == 0))
			return false;
		memset(lengths + done, symbol == 16 ? lengths[done - 1] : 0, run);
		done += run;
	}
	return true;
}

bool deflate_read_lengths(const unsigned char *bytes, uint64_t *at, struct deflate_lengths *l)
{
	static const unsigned char order[PRECODE] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
	                                             11, 4,  12, 3, 13, 2, 14, 1, 15};
	unsigned char precode[PRECODE] = {0}, table[1 << PRECODE_BITS];
	unsigned char lengths[DEFLATE_LITLENS + DEFLATE_DISTANCES];
	uint64_t bits = deflate_bits(bytes, *at + 3);
	unsigned n_litlen = (bits & 31) + 257, n_distance = (bits >> 5 & 31) + 1;
	unsigned n_precode = (bits >> 10 & 15) + 4;

	if (n_litlen > 286 || n_distance > 30)
		return false;
	*at += 3 + 14;
	bits = deflate_bits(bytes, *at);
	for (unsigned i = 0; i < n_precode; i++, bits >>= 3)
		precode[order[i]] = bits & 7;
	*at += 3u * n_precode;
	if (!make_precode(precode, table) ||
	    !read_runs(bytes, at, table, lengths, n_litlen + n_distance))
		return false;
	*l = (struct deflate_lengths){{0}, {0}};
	memcpy(l->litlen, lengths, n_litlen);
	memcpy(l->distance, lengths + n_litlen, n_distance);
	return l->litlen[256] > 0 && is_complete(l->litlen, DEFLATE_LITLENS) &&
	       is_complete(l->distance, DEFLATE_DISTANCES);
}

void deflate_fixed_lengths(struct deflate_lengths *l)
{
	memset(l->litlen, 8, sizeof l->litlen);
	memset(l->litlen + 144, 9, 256 - 144);
	memset(l->litlen + 256, 7, 280 - 256);
	memset(l->distance, 5, sizeof l->distance);
}

/* ---- tables ---- */

/* What a symbol means, without the length of its code. */
static uint32_t litlen_entry(unsigned symbol)
{
	static const struct {
		unsigned short least;
		unsigned char extra;
	} lengths[] = {
		{3, 0},   {4, 0},   {5, 0},   {6, 0},   {7, 0},   {8, 0},  {9, 0},  {10, 0},
		{11, 1},  {13, 1},  {15, 1},  {17, 1},  {19, 2},  {23, 2}, {27, 2}, {31, 2},
		{35, 3},  {43, 3},  {51, 3},  {59, 3},  {67, 4},  {83, 4}, {99, 4}, {115, 4},
		{131, 5}, {163, 5}, {195, 5}, {227, 5}, {258, 0},
	};

	if (symbol < 256)
		return DEFLATE_LITERAL | 1u << 24 | symbol << 8;
	if (symbol == 256)
		return DEFLATE_SPECIAL | DEFLATE_END_OF_BLOCK;
	if (symbol - 257 >= ARRAY_LEN(lengths))
		return DEFLATE_SPECIAL;
	return (uint32_t)lengths[symbol - 257].extra << 24 | (uint32_t)lengths[symbol - 257].least
	                                                             << 8;
}

/* 1, 2, 3, 4, and then two of each number of extra bits. */
static uint32_t distance_entry(unsigned symbol)
{
	unsigned extra = symbol < 2 ? 0 : symbol / 2 - 1;
	uint32_t least = symbol < 2 ? symbol + 1 : ((2u + symbol % 2) << extra) + 1;

	return symbol < 30 ? extra << 24 | least << 8 : DEFLATE_SPECIAL;
}

/* The codes' symbols in the order of their codes; count[] is how many have each length. */
static unsigned sort_symbols(const unsigned char *lengths, unsigned n,
                             unsigned short sorted[DEFLATE_LITLENS],
                             unsigned short count[CODE_BITS + 1])
{
	unsigned short place[CODE_BITS + 2] = {0};

	memset(count, 0, (CODE_BITS + 1) * sizeof *count);
	for (unsigned i = 0; i < n; i++)
		count[lengths[i]]++;
	for (unsigned bits = 1; bits <= CODE_BITS; bits++)
		place[bits + 1] = (unsigned short)(place[bits] + count[bits]);
	for (unsigned i = 0; i < n; i++)
		if (lengths[i] > 0)
			sorted[place[lengths[i]]++] = (unsigned short)i;
	return n - count[0];
}

/* The next code of `bits` bits, both reversed: counted up from the highest bit on. */
static unsigned next_code(unsigned code, unsigned bits)
{
	unsigned bit = 1u << (bits - 1);

	while (code & bit)
		bit >>= 1;
	return bit == 0 ? 0 : (code & (bit - 1)) | bit;
}

/* Bits of the second table for the codes that begin with the same `first` bits as this one. */
static unsigned second_bits(unsigned bits, unsigned first, const unsigned short *count,
                            unsigned left_of_length)
{
	unsigned extra = bits - first;
	int32_t left = (1 << extra) - (int32_t)left_of_length;

	while (left > 0 && first + extra < CODE_BITS) {
		extra++;
		left = left * 2 - count[first + extra];
	}
	return extra;
}

/*
 * A table by the next `first` bits, and behind it second ones for longer codes. Codes that are not
 * there leave entries that say so.
 */
static void make_table(uint32_t *table, unsigned room, unsigned first, const unsigned char *lengths,
                       unsigned n, uint32_t (*entry_of)(unsigned symbol))
{
	unsigned short sorted[DEFLATE_LITLENS], count[CODE_BITS + 1];
	unsigned used = sort_symbols(lengths, n, sorted, count);
	unsigned code = 0, end = 1u << first, second = 0, second_prefix = ~0u, size = 0;
	unsigned left_of_length[CODE_BITS + 1];

	for (unsigned i = 0; i <= CODE_BITS; i++)
		left_of_length[i] = count[i];
	for (unsigned i = 0; i < room; i++)
		table[i] = DEFLATE_SPECIAL;
	for (unsigned i = 0; i < used; i++) {
		unsigned bits = lengths[sorted[i]];
		uint32_t entry = entry_of(sorted[i]);
		if (bits <= first) {
			for (unsigned at = code; at < 1u << first; at += 1u << bits)
				table[at] = entry | bits;
		} else {
			unsigned prefix = code & ((1u << first) - 1);
			if (prefix != second_prefix) {
				size = second_bits(bits, first, count, left_of_length[bits]);
				second_prefix = prefix;
				second = end;
				end += 1u << size;
				verify(end <= room);
				table[prefix] = DEFLATE_SPECIAL | DEFLATE_TABLE | size << 24 |
				                second << 8 | first;
			}
			for (unsigned at = code >> first; at < 1u << size;
			     at += 1u << (bits - first))
				table[second + at] = entry | (bits - first);
		}
		left_of_length[bits]--;
		code = next_code(code, bits);
	}
}

/* Where the bits after a literal are another's, and all of them are in the index: both at once. */
static void pair_literals(uint32_t *table)
{
	uint32_t single[1 << DEFLATE_LITLEN_BITS];

	memcpy(single, table, sizeof single);
	for (unsigned i = 0; i < ARRAY_LEN(single); i++) {
		uint32_t first = single[i];
		if (!(first & DEFLATE_LITERAL))
			continue;
		uint32_t next = single[i >> (first & 31)];
		unsigned bits = (first & 31) + (next & 31);
		if ((next & DEFLATE_LITERAL) && bits <= DEFLATE_LITLEN_BITS)
			table[i] = DEFLATE_LITERAL | (next & 0xFF00) << 8 | (first & 0xFF00) |
			           2u << 24 | bits;
	}
}

void deflate_make_tables(struct deflate_tables *t, const struct deflate_lengths *l)
{
	make_table(t->litlen, DEFLATE_LITLEN_ROOM, DEFLATE_LITLEN_BITS, l->litlen, DEFLATE_LITLENS,
	           litlen_entry);
	pair_literals(t->litlen);
	make_table(t->distance, DEFLATE_DISTANCE_ROOM, DEFLATE_DISTANCE_BITS, l->distance,
	           DEFLATE_DISTANCES, distance_entry);
}
