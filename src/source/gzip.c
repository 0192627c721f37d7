/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gzip (RFC 1952) by ISA-L where it is there, which takes less than half the time of zlib, else by
 * zlib. The members of BGZF files, as bgzip(1) writes them, tell their size, so these can be cut.
 */
#include "base/base.h"
#include "base/crc32.h"
#include "base/dlopen_note.h"
#include "base/optional.h"
#include "source/checksum.h"
#include "source/format.h"
#include "source/gzip_header.h"

#include <stdlib.h>
#include <string.h>

static const unsigned char signature[] = {0x1F, 0x8B, 8 /* deflate, the only method */};

static bool gzip_detect(const unsigned char *bytes, size_t n)
{
	return n >= sizeof signature && memcmp(bytes, signature, sizeof signature) == 0;
}

static bool gzip_may_begin(const unsigned char *first, size_t n)
{
	return memcmp(first, signature, min_size(n, sizeof signature)) == 0;
}

/*
 *      signature | flags | time | hints | size of extra field | 'B' 'C' 2 0 | size of member - 1
 *      0           3       4      8       10                    12            16
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

static uint64_t gzip_member_end(struct header_window *w, uint64_t at, uint64_t size UNUSED)
{
	unsigned char header[BGZF_HEADER];
	ssize_t have = header_peek(w, at, header, sizeof header);

	if (have < (ssize_t)sizeof header)
		return have < 0 ? DECODER_UNREAD : DECODER_NO_BORDER;
	unsigned member = bgzf_size(header);
	return member > 0 ? at + member : DECODER_NO_BORDER;
}

/* Either library: the calls of a format, for a member from the end of its header on. */
struct inflater {
	enum decode_cause (*open)(void **state);
	void (*close)(void *state);
	enum decode_cause (*begin)(void *state);
	enum decode_cause (*run)(void *state, struct decode_io *io);
	bool (*load_checksum)(struct checksum *c);
};

/* Sizes are 32 bits wide in both. */
UNUSED static inline unsigned at_most_1g(size_t n)
{
	return (unsigned)min_u64(n, 1u << 30);
}

#ifdef HAVE_LIBISAL

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

struct isal_api {
	typeof(isal_inflate_init) *init;
	typeof(isal_inflate_reset) *reset;
	typeof(isal_inflate) *inflate;
};

DLOPEN_NOTE(isal, "gzip", "Counts inside gzip files, fast", LIBISAL_SONAME);
static const struct library_symbol isal_symbols[] = {
	{LIBRARY_SYMBOL(isal_inflate_init)},
	{LIBRARY_SYMBOL(isal_inflate_reset)},
	{LIBRARY_SYMBOL(isal_inflate)},
};

struct isal {
	struct isal_api api;
	bool fresh; /* nothing of the member has been given to the library */
	struct inflate_state inflate;
	struct inflate_state before; /* the last call: see isal_run() */
};

static enum decode_cause isal_open(void **state)
{
	struct isal *s = calloc(1, sizeof *s);

	if (!s)
		return DECODE_NO_MEMORY;
	enum decode_cause cause =
		format_library(OPTIONAL_LOAD(OPTIONAL_ISAL, isal_symbols, &s->api));
	if (cause != DECODE_OK) {
		free(s);
		return cause;
	}
	s->api.init(&s->inflate);
	*state = s;
	return DECODE_OK;
}

static enum decode_cause isal_begin(void *state)
{
	struct isal *s = state;

	s->api.reset(&s->inflate);
	s->inflate.crc_flag = ISAL_GZIP_NO_HDR_VER; /* the trailer is checked */
	s->fresh = true;
	return DECODE_OK;
}

/* Gives the library in[*n_in] and out[*n_out], which are then as many as are left of them. */
static int isal_call(struct isal *s, const unsigned char *in, unsigned *n_in, unsigned char *out,
                     unsigned *n_out)
{
	struct inflate_state *inflate = &s->inflate;

	/* The interface lacks a const; it is not written to. */
	memcpy(&inflate->next_in, &in, sizeof in);
	inflate->avail_in = *n_in;
	inflate->next_out = out;
	inflate->avail_out = *n_out;
	int code = s->api.inflate(inflate);
	/*
	 * ISA-L 2.30 may give back more than it was given when a fault lies at the end of the
	 * input.
	 */
	if (inflate->avail_in > *n_in) {
		inflate->avail_in = 0;
		code = ISAL_INVALID_BLOCK;
	}
	*n_in = inflate->avail_in;
	*n_out = inflate->avail_out;
	return code;
}

/* Keeps the state for isal_redo(): all but the end of its last field, a buffer, that is not in use.
 */
static void isal_keep(struct isal *s)
{
	const struct inflate_state *inflate = &s->inflate;
	size_t in_use = inflate->tmp_out_valid > 0 ? (size_t)inflate->tmp_out_valid : 0;

	memcpy(&s->before, inflate,
	       offsetof(struct inflate_state, tmp_out_buffer) +
	               min_size(in_use, sizeof inflate->tmp_out_buffer));
}

/* The last call once more, byte by byte. */
static int isal_redo(struct isal *s, const unsigned char *in, unsigned *n_in, unsigned char *out,
                     unsigned *n_out)
{
	unsigned left = *n_in, room = *n_out;
	int code = 0;

	if (s->fresh)
		(void)isal_begin(s);
	else
		s->inflate = s->before;
	while (left > 0 && *n_out > 0 && code >= 0 && s->inflate.block_state != ISAL_BLOCK_FINISH) {
		unsigned one = 1;
		code = isal_call(s, in + (*n_in - left), &one, out + (room - *n_out), n_out);
		left -= 1 - one;
	}
	*n_in = left;
	return code;
}

/*
 * Where data refers to what precedes its beginning, or has a code for a distance that does not
 * exist, ISA-L says so, but has moved on by the length of that reference without writing anything:
 * stale bytes. Byte by byte it does not.
 */
static enum decode_cause isal_run(void *state, struct decode_io *io)
{
	struct isal *s = state;
	unsigned n_in = at_most_1g(io->in_left), n_out = at_most_1g(io->out_left);
	unsigned in_left = n_in, out_left = n_out;

	if (!s->fresh)
		isal_keep(s);
	int code = isal_call(s, io->in, &in_left, io->out, &out_left);
	if (code < 0 && code != ISAL_INCORRECT_CHECKSUM) {
		in_left = n_in;
		out_left = n_out;
		code = isal_redo(s, io->in, &in_left, io->out, &out_left);
	}
	s->fresh = false;
	io->in += n_in - in_left;
	io->in_left -= n_in - in_left;
	io->out += n_out - out_left;
	io->out_left -= n_out - out_left;
	if (code == ISAL_INCORRECT_CHECKSUM)
		return DECODE_CHECKSUM;
	if (code < 0)
		return DECODE_CORRUPT;
	return s->inflate.block_state == ISAL_BLOCK_FINISH ? DECODE_END : DECODE_OK;
}

static const struct library_symbol isal_crc_symbols[] = {
	{LIBRARY_SYMBOL(crc32_gzip_refl)},
};

static bool isal_load_checksum(struct checksum *c)
{
	return OPTIONAL_LOAD(OPTIONAL_ISAL, isal_crc_symbols, &c->isal) == LIBRARY_LOADED;
}

static const struct inflater isal = {isal_open, free, isal_begin, isal_run, isal_load_checksum};
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

DLOPEN_NOTE(zlib, "gzip", "Counts inside gzip files", LIBZ_SONAME);
static const struct library_symbol zlib_symbols[] = {
	{LIBRARY_SYMBOL(inflateInit2_)},
	{LIBRARY_SYMBOL(inflateReset)},
	{LIBRARY_SYMBOL(inflate)},
	{LIBRARY_SYMBOL(inflateEnd)},
};

struct zlib {
	struct zlib_api api;
	z_stream stream;
};

enum { WINDOW_BITS = 15, GZIP_ONLY = 16 };

static enum decode_cause zlib_open(void **state)
{
	struct zlib *s = calloc(1, sizeof *s);

	if (!s)
		return DECODE_NO_MEMORY;
	enum decode_cause cause =
		format_library(OPTIONAL_LOAD(OPTIONAL_ZLIB, zlib_symbols, &s->api));
	if (cause == DECODE_OK && s->api.init(&s->stream, WINDOW_BITS + GZIP_ONLY, ZLIB_VERSION,
	                                      sizeof s->stream) != Z_OK)
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

/* The library gets the shortest of headers in place of the member's, and then checks the trailer.
 */
static enum decode_cause zlib_begin(void *state)
{
	static unsigned char header[] = {0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF};
	struct zlib *s = state;
	unsigned char none;

	if (s->api.reset(&s->stream) != Z_OK)
		return DECODE_NO_MEMORY;
	s->stream.next_in = header;
	s->stream.avail_in = sizeof header;
	s->stream.next_out = &none;
	s->stream.avail_out = 0;
	/* Z_BUF_ERROR: there is no more of it. */
	(void)s->api.inflate(&s->stream, Z_NO_FLUSH);
	return s->stream.avail_in == 0 ? DECODE_OK : DECODE_NO_MEMORY;
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

static const struct library_symbol zlib_crc_symbols[] = {
	{LIBRARY_SYMBOL(crc32_z)},
};

static bool zlib_load_checksum(struct checksum *c)
{
	return OPTIONAL_LOAD(OPTIONAL_ZLIB, zlib_crc_symbols, &c->zlib) == LIBRARY_LOADED;
}

static const struct inflater zlib = {zlib_open, zlib_close, zlib_begin, zlib_run,
                                     zlib_load_checksum};
#define ZLIB &zlib,
#else
#define ZLIB
#endif

#if defined HAVE_LIBISAL || defined HAVE_LIBZ

static const struct inflater *const inflaters[] = {ISAL ZLIB};

struct gzip {
	const struct inflater *inflater;
	void *state;
	struct gzip_header header;
	bool empty; /* nothing has come out of the member */
};

static enum decode_cause gzip_open(uint64_t memory_limit UNUSED, void **state)
{
	struct gzip *g = calloc(1, sizeof *g);
	enum decode_cause cause = DECODE_NO_LIBRARY, other;

	if (!g)
		return DECODE_NO_MEMORY;
	for (size_t i = 0; i < ARRAY_LEN(inflaters) && decoder_is_missing(cause); i++) {
		g->inflater = inflaters[i];
		other = g->inflater->open(&g->state);
		/* One that is too old says more than one that is not there. */
		if (other != DECODE_NO_LIBRARY)
			cause = other;
	}
	if (cause != DECODE_OK)
		free(g);
	else
		*state = g;
	return cause;
}

void checksum_load(struct checksum *c)
{
	size_t i = 0;

	*c = (struct checksum){0};
	while (i < ARRAY_LEN(inflaters) && !inflaters[i]->load_checksum(c))
		i++;
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

	gzip_header_start(&g->header);
	g->empty = true;
	return g->inflater->begin(g->state);
}

static enum decode_cause gzip_run(void *state, struct decode_io *io)
{
	struct gzip *g = state;

	if (g->header.field != GZIP_COMPLETE) {
		size_t n = io->in_left;
		enum decode_cause cause = gzip_header_read(&g->header, io->in, &n);
		io->in += n;
		io->in_left -= n;
		if (cause != DECODE_OK && cause != DECODE_END)
			io->back = g->header.total;
		if (cause != DECODE_END)
			return cause;
	}
	size_t room = io->out_left;
	enum decode_cause cause = g->inflater->run(g->state, io);
	g->empty = g->empty && io->out_left == room;
	return cause;
}

/* The last member of a BGZF file is an empty one, to show that it is whole. */
static bool gzip_lacks_end(const void *state)
{
	const struct gzip *g = state;

	return gzip_header_is_bgzf(&g->header) && !g->empty;
}

#else
#define gzip_open      NULL
#define gzip_close     NULL
#define gzip_begin     NULL
#define gzip_run       NULL
#define gzip_lacks_end NULL

void checksum_load(struct checksum *c)
{
	*c = (struct checksum){0};
}
#endif

uint32_t checksum_crc32(const struct checksum *c, uint32_t crc, const unsigned char *bytes,
                        size_t n)
{
	if (c->isal)
		return c->isal(crc, bytes, n);
	return c->zlib ? (uint32_t)c->zlib(crc, bytes, n) : crc32_add(crc, bytes, n);
}

const struct format_ops format_gzip = {
	.name = "gzip",
	.needs = "libisal or libz",
	.padding = 1, /* tapes are filled up with zeros: gzip(1) passes over them too */
	.detect = gzip_detect,
	.may_begin = gzip_may_begin,
	.member_end = gzip_member_end,
	.open = gzip_open,
	.close = gzip_close,
	.begin = gzip_begin,
	.run = gzip_run,
	.lacks_end = gzip_lacks_end,
};
