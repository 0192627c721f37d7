/* SPDX-License-Identifier: BSD-2-Clause */
/* The members of gzip files by zlib. */
#include "base/base.h"
#include "base/dlopen_note.h"
#include "base/optional.h"
#include "source/checksum.h"
#include "source/gzip_inflater.h"

#include <stdlib.h>
#include <string.h>

#ifdef HAVE_LIBZ

#include <zlib.h>

struct zlib_api {
	typeof(inflateInit2_) *init;
	typeof(inflate) *inflate;
	typeof(inflateEnd) *end;
	typeof(inflateReset2) *reset2;
	typeof(inflateSetDictionary) *set_dictionary;
	typeof(inflatePrime) *prime;
};

DLOPEN_NOTE(zlib, "gzip", "Counts inside gzip files", LIBZ_SONAME);
static const struct library_symbol zlib_symbols[] = {
	{LIBRARY_SYMBOL(inflateInit2_)},        {LIBRARY_SYMBOL(inflate)},
	{LIBRARY_SYMBOL(inflateEnd)},           {LIBRARY_SYMBOL(inflateReset2)},
	{LIBRARY_SYMBOL(inflateSetDictionary)}, {LIBRARY_SYMBOL(inflatePrime)},
};

struct zlib {
	struct zlib_api api;
	z_stream stream;
	/*
	 * After zlib_restart(): the library takes a text before the beginning for streams without
	 * header and trailer only, so that the latter is checked here.
	 */
	bool raw;
	unsigned passed; /* bits of the next byte of input that belong to the block before it */
	bool ended;      /* the trailer follows */
	unsigned n_trailer;
	unsigned char trailer[8]; /* [n_trailer] */
	struct checksum checksum;
	uint32_t crc;
	uint64_t text; /* bytes of the member before what the library counts */
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

	if (s->api.reset2(&s->stream, WINDOW_BITS + GZIP_ONLY) != Z_OK)
		return DECODE_NO_MEMORY;
	s->raw = s->ended = false;
	s->text = 0;
	s->stream.next_in = header;
	s->stream.avail_in = sizeof header;
	s->stream.next_out = &none;
	s->stream.avail_out = 0;
	/* Z_BUF_ERROR: there is no more of it. */
	(void)s->api.inflate(&s->stream, Z_NO_FLUSH);
	return s->stream.avail_in == 0 ? DECODE_OK : DECODE_NO_MEMORY;
}

static enum decode_cause zlib_restart(void *state, const struct decode_point *point)
{
	struct zlib *s = state;
	unsigned n = point->n_window;

	if (s->api.reset2(&s->stream, -WINDOW_BITS) != Z_OK)
		return DECODE_NO_MEMORY;
	s->raw = true;
	s->ended = false;
	s->n_trailer = 0;
	s->passed = (unsigned)(point->place.bit % 8);
	s->crc = point->place.crc;
	s->text = point->place.context;
	checksum_load(&s->checksum);
	return n == 0 || s->api.set_dictionary(&s->stream, point->window + DECODE_WINDOW - n, n) ==
	                               Z_OK
	               ? DECODE_OK
	               : DECODE_CORRUPT;
}

/* The first byte of the input after zlib_restart(). */
static void zlib_pass(struct zlib *s, struct decode_io *io)
{
	if (!s->raw || s->passed == 0 || io->in_left == 0)
		return;
	(void)s->api.prime(&s->stream, 8 - (int)s->passed, *io->in >> s->passed);
	s->passed = 0;
	io->in++;
	io->in_left--;
}

static bool zlib_between_blocks(const void *state, struct decode_border *border)
{
	enum { BITS = 31, LAST = 64, BETWEEN = 128 };
	const struct zlib *s = state;
	int type = s->stream.data_type;

	if (s->ended || !(type & BETWEEN) || (type & LAST) || s->stream.avail_in > 0)
		return false;
	*border = (struct decode_border){
		.bits = (unsigned)(type & BITS),
		.crc = s->raw ? s->crc : (uint32_t)s->stream.adler,
		.text = s->text + s->stream.total_out,
	};
	return true;
}

/* After the stream. */
static enum decode_cause check_trailer(struct zlib *s, struct decode_io *io)
{
	size_t n = min_size(sizeof s->trailer - s->n_trailer, io->in_left);

	memcpy(s->trailer + s->n_trailer, io->in, n);
	s->n_trailer += (unsigned)n;
	io->in += n;
	io->in_left -= n;
	if (s->n_trailer < sizeof s->trailer)
		return DECODE_OK;
	return load_le32(s->trailer) == s->crc && load_le32(s->trailer + 4) ==
	                                                  (uint32_t)(s->text + s->stream.total_out)
	               ? DECODE_END
	               : DECODE_CHECKSUM;
}

static enum decode_cause zlib_run(void *state, struct decode_io *io)
{
	struct zlib *s = state;
	z_stream *z = &s->stream;

	if (s->ended)
		return check_trailer(s, io);
	zlib_pass(s, io);
	unsigned in = at_most_1g(io->in_left), out = at_most_1g(io->out_left);
	memcpy(&z->next_in, &io->in, sizeof io->in);
	z->avail_in = in;
	z->next_out = io->out;
	z->avail_out = out;
	int code = s->api.inflate(z, io->between_blocks ? Z_BLOCK : Z_NO_FLUSH);
	if (s->raw)
		s->crc = checksum_crc32(&s->checksum, s->crc, io->out, out - z->avail_out);
	io->in += in - z->avail_in;
	io->in_left -= in - z->avail_in;
	io->out += out - z->avail_out;
	io->out_left -= out - z->avail_out;
	switch (code) {
	case Z_STREAM_END:
		s->ended = s->raw;
		return s->raw ? check_trailer(s, io) : DECODE_END;
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

const struct inflater gzip_zlib = {
	.open = zlib_open,
	.close = zlib_close,
	.begin = zlib_begin,
	.run = zlib_run,
	.restart = zlib_restart,
	.between_blocks = zlib_between_blocks,
	.load_checksum = zlib_load_checksum,
};

#endif
