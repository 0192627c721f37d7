/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures, NULs, control characters. */
#include "base/base.h"
#include "detect/text.h"

#include <string.h>

/* Formats that can be without a NUL for long, or begin with much ASCII. */
static const struct {
	const char *bytes;
	size_t n;
} signatures[] = {
#define SIGNATURE(s)            \
	{                       \
		s, sizeof s - 1 \
	}
	SIGNATURE("%PDF-"),
	SIGNATURE("\x1F\x8B\x08"),     /* gzip */
	SIGNATURE("BZh"),              /* bzip2 */
	SIGNATURE("\x28\xB5\x2F\xFD"), /* zstd */
	SIGNATURE("\xFD"
                  "7zXZ"),             /* xz */
	SIGNATURE("\x04\x22\x4D\x18"), /* lz4 */
	SIGNATURE("PK\x03\x04"),       /* zip and all that is built on it */
	SIGNATURE("7z\xBC\xAF\x27\x1C"),
	SIGNATURE("Rar!\x1A\x07"),
	SIGNATURE("\x89PNG\r\n"),
	SIGNATURE("GIF87a"),
	SIGNATURE("GIF89a"),
	SIGNATURE("\xFF\xD8\xFF"), /* JPEG */
	SIGNATURE("\x7F"
                  "ELF"),
	SIGNATURE("!<arch>\n"),
	SIGNATURE("SQLite format 3"),
	SIGNATURE("\xCA\xFE\xBA\xBE"), /* Java */
	SIGNATURE("OggS"),
	SIGNATURE("fLaC"),
#undef SIGNATURE
};

/* BEL to CR, and ESC. */
#define CONTROLS_OF_TEXT (UINT32_C(0x3F80) | UINT32_C(1) << 0x1B)
enum { CONTROLS_SHARE = 64 };

static bool has_signature(const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < ARRAY_LEN(signatures); i++)
		if (n >= signatures[i].n && bytes[0] == (unsigned char)signatures[i].bytes[0] &&
		    memcmp(bytes, signatures[i].bytes, signatures[i].n) == 0)
			return true;
	return false;
}

static unsigned is_odd(unsigned char b)
{
	return b < 0x20 ? ~(CONTROLS_OF_TEXT >> b) & 1u : b == 0x7F;
}

/* Has one of eight bytes a value below 20 or of 7F? */
static bool has_control(uint64_t eight)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	uint64_t del = eight ^ ones * 0x7F;

	return (((eight - ones * 0x20) & ~eight) | ((del - ones) & ~del)) & highs;
}

static size_t odd_controls(const unsigned char *bytes, size_t n)
{
	size_t odd = 0, i = 0;
	uint64_t eight;

	for (; i + sizeof eight <= n; i += sizeof eight) {
		memcpy(&eight, bytes + i, sizeof eight);
		for (size_t j = 0; has_control(eight) && j < sizeof eight; j++)
			odd += is_odd(bytes[i + j]);
	}
	for (; i < n; i++)
		odd += is_odd(bytes[i]);
	return odd;
}

bool text_is_likely(const unsigned char *bytes, size_t n)
{
	if (n > TEXT_SNIFF_BYTES)
		n = TEXT_SNIFF_BYTES;
	if (n == 0)
		return true;
	return !has_signature(bytes, n) && !memchr(bytes, 0, n) &&
	       odd_controls(bytes, n) <= n / CONTROLS_SHARE;
}
