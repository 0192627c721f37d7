/* SPDX-License-Identifier: BSD-2-Clause */
/* CRC-32 by four bits at a time: a table of 16 stays in the cache, and the texts are short. */
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
