/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures at any bit, streams of one block, and sums of CRCs. */
#include "base/base.h"
#include "source/bzip2_block.h"

#include <endian.h>
#include <string.h>

#define POLYNOMIAL UINT32_C(0x04C11DB7) /* that of gzip, with the bits in their natural order */

static uint64_t low_bits(unsigned n)
{
	return (UINT64_C(1) << n) - 1;
}

/* Eight bytes from p on, or as many as there are before `end`, with zeros after them. */
static uint64_t load_be64(const unsigned char *p, const unsigned char *end)
{
	uint64_t word = 0;

	if (end - p >= 8) {
		memcpy(&word, p, sizeof word);
		return be64toh(word);
	}
	for (unsigned i = 0; i < 8; i++)
		word = word << 8 | (p + i < end ? p[i] : 0u);
	return word;
}

uint64_t bzip2_bits(const unsigned char *bytes, size_t n, uint64_t bit, unsigned count)
{
	uint64_t word = load_be64(bytes + bit / 8, bytes + n);

	return word << bit % 8 >> (64 - count);
}

/* ---- signatures ---- */

/*
 * Of four neighbouring bytes that are multiples of four apart, one is at least the second of a
 * signature, and the next one of it too: whatever its bit is, these 16 bits are among 32.
 *
 *      byte    0        1        2        3        4        5        6
 *              ...sssss ssssssss ssssssss ssssssss ssssssss ssssssss sss.....
 *                       '---- the pair begins here or -'- here ---'
 */
enum { STRIDE = 4 };

void bzip2_finder_init(struct bzip2_finder *f)
{
	static const uint64_t signatures[] = {BZIP2_BLOCK, BZIP2_END};

	memset(f->map, 0, sizeof f->map);
	for (size_t i = 0; i < ARRAY_LEN(signatures); i++)
		for (unsigned skip = 1; skip <= 8 * STRIDE; skip++) {
			unsigned pair = signatures[i] >> (BZIP2_SIGNATURE - 16 - skip) & 0xFFFF;
			f->map[pair / 8] |= (unsigned char)(1 << pair % 8);
		}
}

static bool is_signature(const unsigned char *bytes, size_t n, uint64_t bit)
{
	if (bit + BZIP2_SIGNATURE > 8 * (uint64_t)n)
		return false;
	uint64_t bits = bzip2_bits(bytes, n, bit, BZIP2_SIGNATURE);
	return bits == BZIP2_BLOCK || bits == BZIP2_END;
}

uint64_t bzip2_find(const struct bzip2_finder *f, const unsigned char *bytes, size_t n,
                    uint64_t from, uint64_t to)
{
	/* The pair's first byte is at most four after the one that the signature begins in. */
	for (size_t at = (size_t)(from / 8) + STRIDE; at + 1 < n && 8 * (at - STRIDE) < to;
	     at += STRIDE) {
		unsigned pair = (unsigned)bytes[at] << 8 | bytes[at + 1];
		if (!(f->map[pair / 8] & 1 << pair % 8))
			continue;
		uint64_t last = min_u64(8 * at, to);
		for (uint64_t bit = max_u64(8 * (at - STRIDE), from); bit < last; bit++)
			if (is_signature(bytes, n, bit))
				return bit;
	}
	return to;
}

/* ---- streams of one block ---- */

size_t bzip2_frame_size(uint64_t bits)
{
	return BZIP2_HEAD + (size_t)((bits + BZIP2_SIGNATURE + BZIP2_CRC + 7) / 8);
}

/* Puts the last `count` bits of `value` at `bit`, where there are zeros. */
static void put_bits(unsigned char *bytes, uint64_t bit, uint64_t value, unsigned count)
{
	while (count > 0) {
		unsigned room = 8 - bit % 8, part = count < room ? count : room;
		uint64_t bits = value >> (count - part) & low_bits(part);
		bytes[bit / 8] |= (unsigned char)(bits << (room - part));
		bit += part;
		count -= part;
	}
}

void bzip2_frame(unsigned char *stream, unsigned level, const unsigned char *bytes, size_t n,
                 uint64_t from, uint64_t to)
{
	uint64_t bits = to - from, whole = bits / 8;
	const unsigned char *p = bytes + from / 8, *end = bytes + n;
	unsigned shift = from % 8;

	memcpy(stream, "BZh", 3);
	stream[3] = (unsigned char)('0' + level);
	unsigned char *out = stream + BZIP2_HEAD;
	memset(out + whole, 0, (size_t)(bzip2_frame_size(bits) - BZIP2_HEAD - whole));
	/* 7 bytes of each word are good after the shift. */
	uint64_t done = 0;
	for (; done + 8 <= whole && end - p >= 8; done += 7, p += 7) {
		uint64_t word = htobe64(load_be64(p, end) << shift);
		memcpy(out + done, &word, sizeof word);
	}
	for (; done < whole; done++, p++)
		out[done] = (unsigned char)(load_be64(p, end) << shift >> 56);
	unsigned rest = bits % 8;
	if (rest > 0)
		put_bits(out, 8 * whole, bzip2_bits(bytes, n, from + 8 * whole, rest), rest);
	put_bits(out, bits, BZIP2_END, BZIP2_SIGNATURE);
	put_bits(out, bits + BZIP2_SIGNATURE,
	         bzip2_bits(bytes, n, from + BZIP2_SIGNATURE, BZIP2_CRC), BZIP2_CRC);
}

/* ---- CRCs ---- */

uint32_t bzip2_crc(uint32_t crc, const unsigned char *bytes, size_t n)
{
	crc = ~crc;
	for (size_t i = 0; i < n; i++) {
		crc ^= (uint32_t)bytes[i] << 24;
		for (int bit = 0; bit < 8; bit++)
			crc = crc << 1 ^ (crc >> 31 ? POLYNOMIAL : 0);
	}
	return ~crc;
}

void bzip2_crc_forge(uint32_t crc, uint32_t wanted, unsigned char bytes[4])
{
	uint32_t before = ~wanted;

	/* The register as it must be before 32 zero bits; other bits are added to it. */
	for (int bit = 0; bit < 32; bit++)
		before = before & 1 ? (before ^ POLYNOMIAL) >> 1 | UINT32_C(1) << 31 : before >> 1;
	before ^= ~crc;
	for (int i = 0; i < 4; i++)
		bytes[i] = (unsigned char)(before >> (24 - 8 * i));
}

static uint32_t rotate_left(uint32_t word, unsigned n)
{
	return word << n % 32 | word >> (32 - n) % 32;
}

/* Each block rotates the sum by one bit and is added to it: what was there before only rotates. */
uint32_t bzip2_combine(uint32_t combined, uint32_t crc, uint64_t blocks)
{
	return rotate_left(combined, (unsigned)(blocks % 32)) ^ crc;
}

uint32_t bzip2_uncombine(uint32_t combined, uint32_t crc, uint64_t blocks)
{
	return rotate_left(combined ^ crc, 32 - (unsigned)(blocks % 32));
}
