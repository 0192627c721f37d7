/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gzip (RFC 1952) by ISA-L where it is there, which takes less than half the time of zlib, else by
 * zlib. The members of BGZF files, as bgzip(1) writes them, tell their size, so these can be cut.
 */
#include "base/base.h"
#include "base/fd.h"
#include "source/format.h"
#include "base/library.h"

#include <stdlib.h>
#include <string.h>

static const unsigned char signature[] = {0x1F, 0x8B, 8 /* deflate, the only method */};

static bool gzip_detect(const unsigned char *bytes, size_t n)
{
	return n >= sizeof signature && memcmp(bytes, signature, sizeof signature) == 0;
}

/*
 *      0  signature | flags | time 4 | 2 | size of extra field 2 | 'B' 'C' 2 0 | size - 1 of member
 * 2 3                    10                      12            16
 */
enum { BGZF_HEADER = 18, BGZF_LEAST = BGZF_HEADER + 8 };

/* Bytes of the member that begins so; 0: it does not tell. */
static unsigned bgzf_size(const unsigned char *p)
{
	static const unsigned char subfield[] = {'B', 'C', 2, 0};
	bool tells = memcmp(p, signature, sizeof signature) == 0 && (p[3] & 4) &&
	             load_le16(p + 10) >= 6 && memcmp(p + 12, subfield, sizeof subfield) == 0;
	unsigned size = tells ? load_le16(p + 16) + 1u : 0;

	return size >= BGZF_LEAST ? size : 0;
}

static uint64_t gzip_member_end(int fd, uint64_t at, uint64_t size UNUSED)
{
	unsigned char header[BGZF_HEADER];
	ssize_t have = peek_file(fd, at, header, sizeof header);

	if (have < (ssize_t)sizeof header)
		return have < 0 ? DECODER_UNREAD : DECODER_NO_BORDER;
	unsigned member = bgzf_size(header);
	return member > 0 ? at + member : DECODER_NO_BORDER;
}

/* Either library: the same calls as a format, but that the signature has been looked at. */
struct inflater {
	enum decode_cause (*open)(void **state);
	void (*close)(void *state);
	enum decode_cause (*begin)(void *state);
	enum decode_cause (*run)(void *state, struct decode_io *io);
};

/* Sizes are 32 bits wide in both. */
UNUSED static inline unsigned at_most_1g(size_t n)
{
	return (unsigned)min_u64(n, 1u << 30);
}

#ifdef HAVE_LIBISAL

#include <isa-l/igzip_lib.h>

struct isal_api {
	typeof(isal_inflate_init) *init;
	typeof(isal_inflate_reset) *reset;
	typeof(isal_inflate) *inflate;
};

static const char *const isal_symbols[] = {"isal_inflate_init", "isal_inflate_reset",
                                           "isal_inflate"};

struct isal {
	struct isal_api api;
	struct inflate_state inflate;
};

static enum decode_cause isal_open(void **state)
{
	struct isal *s = calloc(1, sizeof *s);

	if (!s)
		return DECODE_NO_MEMORY;
	if (!LIBRARY_LOAD("libisal.so.2", isal_symbols, &s->api)) {
		free(s);
		return DECODE_NO_LIBRARY;
	}
	s->api.init(&s->inflate);
	*state = s;
	return DECODE_OK;
}

static enum decode_cause isal_begin(void *state)
{
	struct isal *s = state;

	s->api.reset(&s->inflate);
	s->inflate.crc_flag = ISAL_GZIP;
	return DECODE_OK;
}

static enum decode_cause isal_run(void *state, struct decode_io *io)
{
	struct isal *s = state;
	struct inflate_state *inflate = &s->inflate;
	unsigned in = at_most_1g(io->in_left), out = at_most_1g(io->out_left);

	/* The interface lacks a const; it is not written to. */
	memcpy(&inflate->next_in, &io->in, sizeof io->in);
	inflate->avail_in = in;
	inflate->next_out = io->out;
	inflate->avail_out = out;
	int code = s->api.inflate(inflate);
	/*
	 * ISA-L 2.30 may give back more than it was given when a fault lies at the end of the
	 * input.
	 */
	if (inflate->avail_in > in) {
		inflate->avail_in = 0;
		code = ISAL_INVALID_BLOCK;
	}
	io->in += in - inflate->avail_in;
	io->in_left -= in - inflate->avail_in;
	io->out += out - inflate->avail_out;
	io->out_left -= out - inflate->avail_out;
	if (code == ISAL_INCORRECT_CHECKSUM)
		return DECODE_CHECKSUM;
	if (code < 0)
		return DECODE_CORRUPT;
	return inflate->block_state == ISAL_BLOCK_FINISH ? DECODE_END : DECODE_OK;
}

static const struct inflater isal = {isal_open, free, isal_begin, isal_run};
#define ISAL &isal,
#else
#define ISAL
#endif

#ifdef HAVE_LIBZ

#include <zlib.h>

struct zlib_api {
	typeof(inflateInit2_) *init;
	typeof(inflateReset) *reset;
	typeof(inflate) *inflate;
	typeof(inflateEnd) *end;
};

static const char *const zlib_symbols[] = {"inflateInit2_", "inflateReset", "inflate",
                                           "inflateEnd"};

struct zlib {
	struct zlib_api api;
	z_stream stream;
};

enum { WINDOW_BITS = 15, GZIP_ONLY = 16 };

static enum decode_cause zlib_open(void **state)
{
	struct zlib *s = calloc(1, sizeof *s);
	enum decode_cause cause = DECODE_OK;

	if (!s)
		return DECODE_NO_MEMORY;
	if (!LIBRARY_LOAD("libz.so.1", zlib_symbols, &s->api))
		cause = DECODE_NO_LIBRARY;
	else if (s->api.init(&s->stream, WINDOW_BITS + GZIP_ONLY, ZLIB_VERSION, sizeof s->stream) !=
	         Z_OK)
		cause = DECODE_NO_MEMORY;
	if (cause != DECODE_OK)
		free(s);
	else
		*state = s;
	return cause;
}

static void zlib_close(void *state)
{
	struct zlib *s = state;

	s->api.end(&s->stream);
	free(s);
}

static enum decode_cause zlib_begin(void *state)
{
	struct zlib *s = state;

	return s->api.reset(&s->stream) == Z_OK ? DECODE_OK : DECODE_NO_MEMORY;
}

static enum decode_cause zlib_run(void *state, struct decode_io *io)
{
	struct zlib *s = state;
	z_stream *z = &s->stream;
	unsigned in = at_most_1g(io->in_left), out = at_most_1g(io->out_left);

	memcpy(&z->next_in, &io->in, sizeof io->in);
	z->avail_in = in;
	z->next_out = io->out;
	z->avail_out = out;
	int code = s->api.inflate(z, Z_NO_FLUSH);
	io->in += in - z->avail_in;
	io->in_left -= in - z->avail_in;
	io->out += out - z->avail_out;
	io->out_left -= out - z->avail_out;
	switch (code) {
	case Z_STREAM_END:
		return DECODE_END;
	case Z_OK:
	case Z_BUF_ERROR: /* no progress was possible */
		return DECODE_OK;
	case Z_MEM_ERROR:
		return DECODE_NO_MEMORY;
	default:
		return z->msg && strstr(z->msg, " check") && !strstr(z->msg, "header")
		               ? DECODE_CHECKSUM
		               : DECODE_CORRUPT;
	}
}

static const struct inflater zlib = {zlib_open, zlib_close, zlib_begin, zlib_run};
#define ZLIB &zlib,
#else
#define ZLIB
#endif

#if defined HAVE_LIBISAL || defined HAVE_LIBZ

static const struct inflater *const inflaters[] = {ISAL ZLIB};

struct gzip {
	const struct inflater *inflater;
	void *state;
	unsigned matched; /* bytes of the member's signature */
};

static enum decode_cause gzip_open(uint64_t memory_limit UNUSED, void **state)
{
	struct gzip *g = calloc(1, sizeof *g);
	enum decode_cause cause = DECODE_NO_LIBRARY;

	if (!g)
		return DECODE_NO_MEMORY;
	for (size_t i = 0; i < ARRAY_LEN(inflaters) && cause == DECODE_NO_LIBRARY; i++) {
		g->inflater = inflaters[i];
		cause = g->inflater->open(&g->state);
	}
	if (cause != DECODE_OK)
		free(g);
	else
		*state = g;
	return cause;
}

static void gzip_close(void *state)
{
	struct gzip *g = state;

	g->inflater->close(g->state);
	free(g);
}

static enum decode_cause gzip_begin(void *state)
{
	struct gzip *g = state;

	g->matched = 0;
	return g->inflater->begin(g->state);
}

static enum decode_cause gzip_run(void *state, struct decode_io *io)
{
	struct gzip *g = state;

	for (size_t i = 0; g->matched < sizeof signature && i < io->in_left; i++)
		if (io->in[i] != signature[g->matched++])
			return DECODE_FOREIGN;
	return g->inflater->run(g->state, io);
}

#else
#define gzip_open  NULL
#define gzip_close NULL
#define gzip_begin NULL
#define gzip_run   NULL
#endif

const struct format_ops format_gzip = {
	.name = "gzip",
	.needs = "libisal or libz",
	.padding = 1, /* tapes are filled up with zeros: gzip(1) passes over them too */
	.detect = gzip_detect,
	.member_end = gzip_member_end,
	.open = gzip_open,
	.close = gzip_close,
	.begin = gzip_begin,
	.run = gzip_run,
};
