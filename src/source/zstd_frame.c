/* SPDX-License-Identifier: BSD-2-Clause */
/* The headers of zstd frames and blocks, by RFC 8878, without decoding anything. */
#include "base/base.h"
#include "source/format.h"
#include "source/zstd_frame.h"

#include <string.h>

/* RFC 8878 section 3.1. The early versions are known by zstd's own documentation. */
enum {
	SIGNATURE_SIZE = 4,
	BLOCK_STORED = 0,
	BLOCK_RLE = 1,
	BLOCK_COMPRESSED = 2, /* always has content */
	BLOCK_RESERVED = 3,
};
#define SIGNATURE        UINT32_C(0xFD2FB528)
#define SIGNATURE_LEGACY UINT32_C(0xFD2FB522) /* 0.2; to ...27, 0.7 */
#define SIGNATURE_0_1    UINT32_C(0x1EB52FFD)

enum zstd_kind zstd_kind(const unsigned char *bytes)
{
	uint32_t signature = load_le32(bytes);

	if (signature == SIGNATURE)
		return ZSTD_KIND_FRAME;
	if ((signature & ~FORMAT_SKIPPABLE_FREE) == FORMAT_SKIPPABLE)
		return ZSTD_KIND_SKIPPABLE;
	if ((signature >= SIGNATURE_LEGACY && signature < SIGNATURE) || signature == SIGNATURE_0_1)
		return ZSTD_KIND_LEGACY;
	return ZSTD_KIND_UNKNOWN;
}

bool zstd_may_begin(const unsigned char *first, size_t n)
{
	for (uint32_t version = SIGNATURE_LEGACY; version <= SIGNATURE; version++)
		if (word_begins(first, n, version, UINT32_MAX))
			return true;
	return word_begins(first, n, FORMAT_SKIPPABLE, ~FORMAT_SKIPPABLE_FREE) ||
	       word_begins(first, n, SIGNATURE_0_1, UINT32_MAX);
}

/*
 * The descriptor, bit by bit: size of the content size (2 bits), single segment, unused, reserved,
 * checksum, size of the dictionary ID (2 bits). A single segment has no window byte, and always a
 * content size.
 */
struct fields {
	unsigned window, dictionary, content; /* bytes of each */
};

static struct fields fields_of(unsigned descriptor)
{
	static const uint8_t dictionary[] = {0, 1, 2, 4}, content[] = {0, 2, 4, 8};
	bool single = descriptor & 0x20;
	unsigned size = content[descriptor >> 6];

	return (struct fields){
		.window = !single,
		.dictionary = dictionary[descriptor & 3],
		.content = size == 0 && single ? 1 : size,
	};
}

unsigned zstd_header_size(const unsigned char *bytes)
{
	struct fields f = fields_of(bytes[SIGNATURE_SIZE]);

	return ZSTD_HEADER_MIN + f.window + f.dictionary + f.content;
}

static uint64_t load_little(const unsigned char *bytes, unsigned n)
{
	unsigned char padded[8] = {0};

	memcpy(padded, bytes, n);
	return load_le64(padded);
}

struct zstd_frame zstd_frame_read(const unsigned char *bytes)
{
	unsigned descriptor = bytes[SIGNATURE_SIZE];
	struct fields f = fields_of(descriptor);
	const unsigned char *p = bytes + ZSTD_HEADER_MIN;
	struct zstd_frame frame = {
		.header = zstd_header_size(bytes),
		.checksum = descriptor & 4,
	};

	if (f.window > 0) {
		/* 5 bits of exponent above 1 KiB, 3 bits of eighths. */
		uint64_t base = UINT64_C(1) << (10 + (*p >> 3));
		frame.memory = base + base / 8 * (*p & 7);
		p++;
	}
	frame.dictionary = (uint32_t)load_little(p, f.dictionary);
	p += f.dictionary;
	frame.has_size = f.content > 0;
	frame.size = load_little(p, f.content) + (f.content == 2 ? 256 : 0);
	if (f.window == 0)
		frame.memory = frame.size;
	return frame;
}

struct zstd_block zstd_block_read(const unsigned char *bytes)
{
	uint32_t header = bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16;
	unsigned type = header >> 1 & 3;
	uint32_t content = type == BLOCK_RLE ? 1 : header >> 3;

	return (struct zstd_block){
		.last = header & 1,
		.invalid = type == BLOCK_RESERVED || (type == BLOCK_COMPRESSED && content == 0),
		.content = content,
		.has_plain = type == BLOCK_STORED || type == BLOCK_RLE,
		.plain = header >> 3,
	};
}

uint32_t zstd_skippable_size(const unsigned char *bytes)
{
	return load_le32(bytes + SIGNATURE_SIZE);
}

/* The end of the frame with this header at `at`, or DECODER_NO_BORDER, or DECODER_UNREAD. */
static uint64_t frame_end(struct header_window *w, uint64_t at, const unsigned char *header,
                          uint64_t size)
{
	struct zstd_frame frame = zstd_frame_read(header);
	struct zstd_block block;
	unsigned char bytes[ZSTD_BLOCK_HEADER];

	at += frame.header;
	do {
		ssize_t have = at < size ? header_peek(w, at, bytes, sizeof bytes) : 0;
		if (have < (ssize_t)sizeof bytes)
			return have < 0 ? DECODER_UNREAD : DECODER_NO_BORDER;
		block = zstd_block_read(bytes);
		if (block.invalid)
			return DECODER_NO_BORDER;
		at += ZSTD_BLOCK_HEADER + block.content;
	} while (!block.last);
	return at + (frame.checksum ? ZSTD_CHECKSUM : 0);
}

uint64_t zstd_member_end(struct header_window *w, uint64_t at, uint64_t size)
{
	unsigned char header[ZSTD_HEADER_MAX];
	ssize_t got = header_peek(w, at, header, sizeof header);

	if (got < 0)
		return DECODER_UNREAD;
	size_t have = (size_t)got;
	enum zstd_kind kind = have < SIGNATURE_SIZE ? ZSTD_KIND_UNKNOWN : zstd_kind(header);
	if (kind == ZSTD_KIND_SKIPPABLE && have >= ZSTD_SKIPPABLE_HEADER)
		return at + ZSTD_SKIPPABLE_HEADER + (uint64_t)zstd_skippable_size(header);
	if (kind == ZSTD_KIND_FRAME && have >= ZSTD_HEADER_MIN && have >= zstd_header_size(header))
		return frame_end(w, at, header, size);
	return DECODER_NO_BORDER;
}
