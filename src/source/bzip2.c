/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bzip2 by libbz2, stream after stream, as pbzip2(1) writes them too. Streams begin at a byte, and
 * with ten bytes that hardly ever stand anywhere else, so files of many can be cut.
 */
#include "base/base.h"
#include "base/dlopen_note.h"
#include "base/fd.h"
#include "base/optional.h"
#include "source/format.h"

#include <string.h>

enum {
	HEAD = 10, /* signature, level, signature of a block or of the end */
	/* Streams are of one block of at most 900 KB where they are made to be cut. */
	STREAM_MAX = 16 << 20,
};

/* "BZh" could begin a text; with what must follow it, it does not. */
static bool bzip2_detect(const unsigned char *bytes, size_t n)
{
	static const unsigned char block[] = {0x31, 0x41, 0x59, 0x26, 0x53, 0x59};
	static const unsigned char end[] = {0x17, 0x72, 0x45, 0x38, 0x50, 0x90};

	return n >= HEAD && memcmp(bytes, "BZh", 3) == 0 && bytes[3] >= '1' && bytes[3] <= '9' &&
	       (memcmp(bytes + 4, block, sizeof block) == 0 ||
	        memcmp(bytes + 4, end, sizeof end) == 0);
}

static bool bzip2_may_begin(const unsigned char *first, size_t n)
{
	return memcmp(first, "BZh", min_size(n, 3)) == 0 &&
	       (n < 4 || (first[3] >= '1' && first[3] <= '9'));
}

static uint64_t bzip2_next_member(int fd, uint64_t at, uint64_t size)
{
	unsigned char bytes[16 << 10];
	uint64_t stop = at + min_u64(size - at, STREAM_MAX);

	while (at < stop) {
		ssize_t n = peek_file(fd, at, bytes, sizeof bytes);
		if (n < 0)
			return DECODER_UNREAD;
		if (n < HEAD)
			break;
		const unsigned char *p = bytes, *end = bytes + n - HEAD + 1;
		while ((p = memchr(p, 'B', (size_t)(end - p)))) {
			if (bzip2_detect(p, HEAD))
				return at + (uint64_t)(p - bytes);
			p++;
		}
		at += (uint64_t)(end - bytes);
	}
	return DECODER_NO_BORDER;
}

#ifdef HAVE_LIBBZ2

#include <bzlib.h>
#include <stdlib.h>

DLOPEN_NOTE(bz2, "bzip2", "Counts inside bzip2 files", LIBBZ2_SONAME);

struct bzip2_api {
	typeof(BZ2_bzDecompressInit) *init;
	typeof(BZ2_bzDecompress) *decompress;
	typeof(BZ2_bzDecompressEnd) *end;
};

static const struct library_symbol bzip2_symbols[] = {
	{LIBRARY_SYMBOL(BZ2_bzDecompressInit)},
	{LIBRARY_SYMBOL(BZ2_bzDecompress)},
	{LIBRARY_SYMBOL(BZ2_bzDecompressEnd)},
};

struct bzip2 {
	struct bzip2_api api;
	bz_stream stream;
	bool open;
};

static enum decode_cause bzip2_open(uint64_t memory_limit UNUSED, void **state)
{
	struct bzip2 *b = calloc(1, sizeof *b);

	if (!b)
		return DECODE_NO_MEMORY;
	enum decode_cause cause =
		format_library(OPTIONAL_LOAD(OPTIONAL_BZ2, bzip2_symbols, &b->api));
	if (cause != DECODE_OK) {
		free(b);
		return cause;
	}
	*state = b;
	return DECODE_OK;
}

static void end_stream(struct bzip2 *b)
{
	if (b->open)
		b->api.end(&b->stream);
	b->open = false;
}

static void bzip2_close(void *state)
{
	end_stream(state);
	free(state);
}

/* The library cannot start afresh. */
static enum decode_cause bzip2_begin(void *state)
{
	struct bzip2 *b = state;

	end_stream(b);
	b->stream = (bz_stream){0};
	b->open = b->api.init(&b->stream, 0, 0) == BZ_OK;
	return b->open ? DECODE_OK : DECODE_NO_MEMORY;
}

static enum decode_cause bzip2_run(void *state, struct decode_io *io)
{
	struct bzip2 *b = state;
	bz_stream *s = &b->stream;
	unsigned in = (unsigned)min_u64(io->in_left, 1u << 30);
	unsigned out = (unsigned)min_u64(io->out_left, 1u << 30);

	/* The interface lacks a const; it is not written to. */
	memcpy(&s->next_in, &io->in, sizeof io->in);
	s->avail_in = in;
	s->next_out = (char *)io->out;
	s->avail_out = out;
	int code = b->api.decompress(s);
	io->in += in - s->avail_in;
	io->in_left -= in - s->avail_in;
	io->out += out - s->avail_out;
	io->out_left -= out - s->avail_out;
	switch (code) {
	case BZ_OK:
		return DECODE_OK;
	case BZ_STREAM_END:
		return DECODE_END;
	case BZ_DATA_ERROR_MAGIC:
		return DECODE_FOREIGN;
	case BZ_MEM_ERROR:
		return DECODE_NO_MEMORY;
	default:
		return DECODE_CORRUPT; /* libbz2 does not tell a wrong checksum from other damage */
	}
}

#define NEEDS LIBBZ2_SONAME
#else
#define NEEDS       "libbz2"
#define bzip2_open  NULL
#define bzip2_close NULL
#define bzip2_begin NULL
#define bzip2_run   NULL
#endif

const struct format_ops format_bzip2 = {
	.name = "bzip2",
	.needs = NEEDS,
	.detect = bzip2_detect,
	.may_begin = bzip2_may_begin,
	.next_member = bzip2_next_member,
	.open = bzip2_open,
	.close = bzip2_close,
	.begin = bzip2_begin,
	.run = bzip2_run,
};
