/* SPDX-License-Identifier: BSD-2-Clause */
/* The headers of zstd frames and blocks, by RFC 8878, without decoding anything. */
#ifndef PCOUNT_SOURCE_ZSTD_FRAME_H
#define PCOUNT_SOURCE_ZSTD_FRAME_H

#include "base/base.h"

enum zstd_kind {
	ZSTD_KIND_FRAME,
	ZSTD_KIND_SKIPPABLE,
	ZSTD_KIND_LEGACY,  /* of zstd 0.1 to 0.7 */
	ZSTD_KIND_UNKNOWN, /* no signature of zstd's */
};

enum {
	ZSTD_HEADER_MIN = 5,  /* signature and descriptor of a frame */
	ZSTD_HEADER_MAX = 18, /* + window 1, dictionary ID 4, content size 8 */
	ZSTD_SKIPPABLE_HEADER = 8,
	ZSTD_BLOCK_HEADER = 3,
	ZSTD_CHECKSUM = 4,
};

/* What a frame's header says. */
struct zstd_frame {
	unsigned header;     /* bytes of it */
	uint32_t dictionary; /* its ID, 0 if none is named */
	bool checksum;       /* four bytes of it follow the last block */
	bool has_size;       /* the next is known */
	uint64_t size;       /* bytes of content */
	uint64_t memory;     /* bytes of the window: of the past that must be kept */
};

/* What a block's header says. */
struct zstd_block {
	bool last;
	bool invalid;     /* of a type that does not exist, or nothing that is compressed */
	uint32_t content; /* bytes that follow the header */
	bool has_plain;   /* the next is known: it is stored, or a byte repeated */
	uint32_t plain;   /* bytes that come of it */
};

/* By the first four bytes. */
enum zstd_kind zstd_kind(const unsigned char *bytes);
/* Bytes of the header of a frame that begins with these ZSTD_HEADER_MIN bytes. */
unsigned zstd_header_size(const unsigned char *bytes);
/* Reads such a header, all of it. */
struct zstd_frame zstd_frame_read(const unsigned char *bytes);
/* Reads ZSTD_BLOCK_HEADER bytes. */
struct zstd_block zstd_block_read(const unsigned char *bytes);
/* Bytes of content of a skippable frame that begins with these ZSTD_SKIPPABLE_HEADER bytes. */
uint32_t zstd_skippable_size(const unsigned char *bytes);

/* See struct format_ops. */
struct header_window;
bool zstd_may_begin(const unsigned char *first, size_t n);
uint64_t zstd_member_end(struct header_window *w, uint64_t at, uint64_t size);

#endif
