/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bzip2 by libbz2, stream after stream, as pbzip2(1) writes them too. Streams begin at a byte, and
 * with ten bytes that hardly ever stand anywhere else, so files of many can be cut; blocks in them
 * begin at any bit, and each can be decoded alone as a stream of one.
 */
#include "base/base.h"
#include "base/dlopen_note.h"
#include "base/fd.h"
#include "base/optional.h"
#include "source/bzip2_block.h"
#include "source/bzip2_walk.h"
#include "source/format.h"

#include <string.h>

/* Streams are of one block of at most 900 KB where they are made to be cut. */
enum { STREAM_MAX = 16 << 20 };

/* "BZh" could begin a text; with what must follow it, it does not. */
bool bzip2_detect(const unsigned char *bytes, size_t n)
{
	static const unsigned char block[] = {0x31, 0x41, 0x59, 0x26, 0x53, 0x59};
	static const unsigned char end[] = {0x17, 0x72, 0x45, 0x38, 0x50, 0x90};

	return n >= BZIP2_STREAM_SIGNATURE && memcmp(bytes, "BZh", 3) == 0 && bytes[3] >= '1' &&
	       bytes[3] <= '9' &&
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
		if (n < BZIP2_STREAM_SIGNATURE)
			break;
		const unsigned char *p = bytes, *end = bytes + n - BZIP2_STREAM_SIGNATURE + 1;
		while ((p = memchr(p, 'B', (size_t)(end - p)))) {
			if (bzip2_detect(p, BZIP2_STREAM_SIGNATURE))
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
	typeof(BZ2_bzBuffToBuffCompress) *compress; /* a few bytes: see bzip2_resume() */
};

static const struct library_symbol bzip2_symbols[] = {
	{LIBRARY_SYMBOL(BZ2_bzDecompressInit)},
	{LIBRARY_SYMBOL(BZ2_bzDecompress)},
	{LIBRARY_SYMBOL(BZ2_bzDecompressEnd)},
	{LIBRARY_SYMBOL(BZ2_bzBuffToBuffCompress)},
};

struct bzip2 {
	struct bzip2_api api;
	bz_stream stream;
	bool open;
	/* After bzip2_resume(): the first bits of the next byte of input are these. */
	bool resumed;
	unsigned char tail; /* the others are zero */
	unsigned tail_bits;
	unsigned unwanted; /* bytes of output that precede the place */
	struct bzip2_walk walk;
};

static void end_stream(struct bzip2 *b)
{
	if (b->open)
		b->api.end(&b->stream);
	b->open = false;
}

/* The library cannot start afresh. */
static enum decode_cause bzip2_begin(void *state)
{
	struct bzip2 *b = state;

	end_stream(b);
	b->stream = (bz_stream){0};
	b->open = b->api.init(&b->stream, 0, 0) == BZ_OK;
	b->resumed = false;
	return b->open ? DECODE_OK : DECODE_NO_MEMORY;
}

/* The library on the next bytes; what it says. */
static int run_library(struct bzip2 *b, struct decode_io *io)
{
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
	return code;
}

static enum decode_cause cause_of(int code)
{
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

/* ---- from a block on ---- */

enum {
	/*
	 * Bytes of the block that precedes the place: some that may be anything, 4 for its CRC.
	 * The number of its bits modulo 8 is then as likely to be one as any other, so that some
	 * dozens of tries do; with 2 that may be anything it would never be 1, for one.
	 */
	PREFIX_FREE = 12,
	PREFIX_DATA = PREFIX_FREE + 4,
	PREFIX_MOST = 1024, /* of them, compressed: libbz2 wants room for 600 more */
	PREFIX_TRIES = 4096,
};

/* A byte whose first bits are the end of the prefix; what the prefix holds comes out. */
static enum decode_cause run_tail(struct bzip2 *b, struct decode_io *io)
{
	unsigned char first = (unsigned char)(b->tail | (*io->in & 0xFF >> b->tail_bits));
	unsigned char unwanted[PREFIX_DATA];
	struct decode_io own = {
		.in = &first, .in_left = 1, .out = unwanted, .out_left = b->unwanted};

	b->resumed = false;
	int code = run_library(b, &own);
	if (own.in_left > 0 || own.out_left > 0)
		return code == BZ_MEM_ERROR ? DECODE_NO_MEMORY : DECODE_CORRUPT;
	io->in++;
	io->in_left--;
	return cause_of(code);
}

/*
 * Input without room for output, to the end of a block; then output without input. So the output of
 * each block begins a buffer of its own: if its data is found to be damaged while it comes out,
 * what the library does not tell of is the last part of a buffer, and is not to depend on other
 * blocks.
 */
static enum decode_cause run_blocks(struct bzip2 *b, struct decode_io *io)
{
	size_t room = io->out_left;

	io->out_left = 0;
	int code = run_library(b, io);
	io->out_left = room;
	if (code == BZ_OK) {
		size_t left = io->in_left;
		io->in_left = 0;
		code = run_library(b, io);
		io->in_left = left;
	}
	return cause_of(code);
}

static enum decode_cause bzip2_run(void *state, struct decode_io *io)
{
	struct bzip2 *b = state;

	if (!b->resumed)
		return run_blocks(b, io);
	return io->in_left > 0 ? run_tail(b, io) : DECODE_OK;
}

/*
 * Makes the beginning of a stream: its header and one block, after which the combined CRC is `crc`
 * and the next bit is `bit` of its byte. The block's data is PREFIX_DATA bytes, the last of which
 * make its CRC, which is the combined CRC after the first block; the first are varied until the
 * block is as long as is wanted. *end is the bit after it, from the start of the prefix. What the
 * library says.
 */
static int make_prefix(struct bzip2 *b, uint32_t crc, unsigned bit,
                       unsigned char prefix[PREFIX_MOST], uint64_t *end)
{
	unsigned char data[PREFIX_DATA];
	uint32_t noise = 0;

	for (unsigned i = 0; i < PREFIX_TRIES; i++) {
		unsigned n = PREFIX_MOST;
		for (unsigned k = 0; k < PREFIX_FREE; k++) {
			noise = noise * 1103515245 + 12345;
			data[k] = (unsigned char)(noise >> 16);
		}
		bzip2_crc_forge(bzip2_crc(0, data, PREFIX_FREE), crc, data + PREFIX_FREE);
		int code = b->api.compress((char *)prefix, &n, (char *)data, sizeof data, 1, 0, 0);
		if (code != BZ_OK)
			return code;
		/* At most 7 bits, combined CRC and signature lie between the block and the end. */
		uint64_t from = 8 * (uint64_t)(n - (7 + BZIP2_CRC + BZIP2_SIGNATURE + 7) / 8),
			 to = 8 * (uint64_t)n;
		*end = bzip2_find(&b->walk.finder, prefix, n, from, to);
		if (*end < to && *end % 8 == bit)
			return BZ_OK;
	}
	return BZ_DATA_ERROR;
}

/*
 * The library can only start at the beginning. It is given a short stream that leaves it in the
 * very state in which it would be at the place, had it decoded all that precedes it: the combined
 * CRC, the level, and the bit of the byte, on which depends what offset a fault has.
 */
static enum decode_cause bzip2_resume(void *state, const struct decode_place *place)
{
	struct bzip2 *b = state;
	unsigned char prefix[PREFIX_MOST], unwanted[PREFIX_DATA];

	if (place->context < 1 || place->context > 9)
		return DECODE_CORRUPT;
	uint64_t end = 0;
	int code = make_prefix(b, place->crc, place->bit % 8, prefix, &end);
	if (code != BZ_OK)
		return code == BZ_MEM_ERROR ? DECODE_NO_MEMORY : DECODE_CORRUPT;
	if (bzip2_begin(b) != DECODE_OK)
		return DECODE_NO_MEMORY;
	prefix[BZIP2_HEAD - 1] = (unsigned char)('0' + place->context);
	struct decode_io io = {.in = prefix,
	                       .in_left = (size_t)(end / 8),
	                       .out = unwanted,
	                       .out_left = sizeof unwanted};
	code = run_library(b, &io);
	if (code != BZ_OK || io.in_left > 0)
		return code == BZ_MEM_ERROR ? DECODE_NO_MEMORY : DECODE_CORRUPT;
	b->unwanted = (unsigned)io.out_left;
	b->tail_bits = end % 8;
	b->tail = prefix[end / 8] & (unsigned char)~(0xFF >> b->tail_bits);
	b->resumed = true;
	return DECODE_OK;
}

/* ---- block by block ---- */

/* A whole stream. Is it one, to the last byte? */
static bool decode_stream(void *state, const unsigned char *stream, size_t n,
                          struct decode_out *out)
{
	struct bzip2 *b = state;
	struct decode_io io = {.in = stream, .in_left = n};
	int code;

	if (bzip2_begin(b) != DECODE_OK)
		return false;
	do {
		io.out = out->bytes;
		io.out_left = out->room;
		code = run_library(b, &io);
		size_t got = out->room - io.out_left;
		if (got > 0 && !out->sink(out->arg, out->bytes, got))
			return false;
	} while (code == BZ_OK && io.out_left == 0);
	return code == BZ_STREAM_END && io.in_left == 0;
}

static void bzip2_enter(void *state, const struct decode_piece *piece)
{
	struct bzip2 *b = state;

	bzip2_walk_enter(&b->walk, piece);
}

static enum decode_walk bzip2_walk(void *state, struct decode_span *span, struct decode_out *out)
{
	struct bzip2 *b = state;

	return bzip2_walk_step(&b->walk, span, out);
}

/* ---- opening and closing ---- */

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
	bzip2_walk_init(&b->walk, decode_stream, b);
	*state = b;
	return DECODE_OK;
}

static void bzip2_close(void *state)
{
	struct bzip2 *b = state;

	end_stream(b);
	bzip2_walk_free(&b->walk);
	free(b);
}

#define NEEDS LIBBZ2_SONAME
#else
#define NEEDS        "libbz2"
#define bzip2_open   NULL
#define bzip2_close  NULL
#define bzip2_begin  NULL
#define bzip2_run    NULL
#define bzip2_enter  NULL
#define bzip2_walk   NULL
#define bzip2_resume NULL
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
	.enter = bzip2_enter,
	.walk = bzip2_walk,
	.chain = bzip2_chain,
	.resume = bzip2_resume,
};
