/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CRC-32 by four bits at a time: a table of 16 stays in the cache, and the texts are short. A text
 * is a polynomial over two elements, its first bit the coefficient of the highest power; the
 * checksum is the remainder by POLYNOMIAL, with the bits reversed: the highest is the coefficient
 * of 1.
 */
#include "base/base.h"
#include "base/crc32.h"

uint32_t crc32_add(uint32_t crc, const void *bytes, size_t n)
{
	/* Remainders of 0 to 15 by the polynomial 0xEDB88320, all with their bits reversed. */
	static const uint32_t remainder[16] = {
		0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
		0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
		0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
	};
	const unsigned char *p = bytes;

	crc = ~crc;
	for (size_t i = 0; i < n; i++) {
		crc ^= p[i];
		crc = crc >> 4 ^ remainder[crc & 15];
		crc = crc >> 4 ^ remainder[crc & 15];
	}
	return ~crc;
}

#define POLYNOMIAL UINT32_C(0xEDB88320)
#define ONE        (UINT32_C(1) << 31)

/* The product of two remainders. */
static uint32_t multiply(uint32_t a, uint32_t b)
{
	uint32_t product = 0;

	for (uint32_t bit = ONE; bit != 0; bit >>= 1) {
		product ^= a & bit ? b : 0;
		b = b >> 1 ^ (b & 1 ? POLYNOMIAL : 0);
	}
	return product;
}

/* n more bytes make the text before them 8 n powers higher: x^(8 n), by squaring x^8. */
uint32_t crc32_join(uint32_t crc, uint32_t more, uint64_t n)
{
	uint32_t power = ONE >> 8;

	for (; n > 0; n >>= 1) {
		if (n & 1)
			crc = multiply(crc, power);
		power = multiply(power, power);
	}
	return crc ^ more;
}
