/* SPDX-License-Identifier: BSD-2-Clause */
/* What zlib makes of raw DEFLATE, block by block; loaded as the program loads it. */
#ifndef PCOUNT_TESTS_ZLIB_ORACLE_H
#define PCOUNT_TESTS_ZLIB_ORACLE_H

#include "base/base.h"
#include "base/library.h"

#ifdef HAVE_LIBZ

#include <string.h>
#include <zlib.h>

struct zlib_oracle {
	typeof(inflateInit2_) *inflate_init;
	typeof(inflate) *inflate;
	typeof(inflateEnd) *inflate_end;
	typeof(deflateInit2_) *deflate_init;
	typeof(deflate) *deflate;
	typeof(deflateEnd) *deflate_end;
};

/* Is it there? */
static inline bool zlib_oracle_load(struct zlib_oracle *z)
{
	static const char *const files[] = {LIBZ_SONAME, "libz.so.1", NULL};
	static const struct library_symbol symbols[] = {
		{LIBRARY_SYMBOL(inflateInit2_)}, {LIBRARY_SYMBOL(inflate)},
		{LIBRARY_SYMBOL(inflateEnd)},    {LIBRARY_SYMBOL(deflateInit2_)},
		{LIBRARY_SYMBOL(deflate)},       {LIBRARY_SYMBOL(deflateEnd)},
	};

	return LIBRARY_LOAD(files, symbols, z) == LIBRARY_LOADED;
}

enum { ORACLE_BLOCKS = 4096 };

/* Blocks that are whole. */
struct zlib_blocks {
	unsigned n;
	uint64_t end[ORACLE_BLOCKS]; /* bits */
	size_t size[ORACLE_BLOCKS];  /* of all text so far */
	bool complete;               /* the last is the stream's last */
	size_t in;                   /* bytes of a complete stream */
};

/* The blocks of bytes[n], up to ORACLE_BLOCKS, and text[room]. */
static inline void zlib_oracle_blocks(const struct zlib_oracle *z, const unsigned char *bytes,
                                      size_t n, unsigned char *text, size_t room,
                                      struct zlib_blocks *blocks)
{
	z_stream s = {.avail_in = (unsigned)n, .next_out = text, .avail_out = (unsigned)room};
	int code = z->inflate_init(&s, -15, ZLIB_VERSION, sizeof s);

	memcpy(&s.next_in, &bytes, sizeof bytes);
	blocks->n = 0;
	blocks->complete = false;
	while (code == Z_OK && blocks->n < ORACLE_BLOCKS) {
		code = z->inflate(&s, Z_BLOCK);
		bool ends = (s.data_type & 128) || code == Z_STREAM_END;
		if (!ends || code < 0)
			continue;
		blocks->end[blocks->n] = s.total_in * 8 - (unsigned)(s.data_type & 7);
		blocks->size[blocks->n++] = s.total_out;
		if (s.data_type & 64 || code == Z_STREAM_END) {
			blocks->complete = true;
			blocks->in = s.total_in;
			break;
		}
	}
	z->inflate_end(&s);
}

/* Packs text[n] into packed[room], which is enough: how much it is. */
static inline size_t zlib_oracle_pack(const struct zlib_oracle *z, const unsigned char *text,
                                      size_t n, int level, int memory, int strategy,
                                      unsigned char *packed, size_t room)
{
	z_stream s = {.avail_in = (unsigned)n, .next_out = packed, .avail_out = (unsigned)room};

	memcpy(&s.next_in, &text, sizeof text);
	verify(z->deflate_init(&s, level, Z_DEFLATED, -15, memory, strategy, ZLIB_VERSION,
	                       sizeof s) == Z_OK);
	verify(z->deflate(&s, Z_FINISH) == Z_STREAM_END);
	z->deflate_end(&s);
	return s.total_out;
}

#endif
#endif
