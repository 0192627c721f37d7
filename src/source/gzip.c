/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gzip (RFC 1952) by ISA-L where it is there, which takes less than half the time of zlib, else by
 * zlib. The members of BGZF files, as bgzip(1) writes them, tell their size, so these can be cut.
 */
#include "base/base.h"
#include "base/crc32.h"
#include "source/checksum.h"
#include "source/deflate_finder.h"
#include "source/format.h"
#include "source/gzip_header.h"
#include "source/gzip_inflater.h"

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

/* Where a member seems to begin in bytes [at, end); `end`: nowhere. Three more may be read. */
static uint64_t find_member(const unsigned char *bytes, uint64_t at, uint64_t end)
{
	const unsigned char *found = bytes + at;

	while (found < bytes + end &&
	       (found = memchr(found, signature[0], (size_t)(bytes + end - found)))) {
		if (memcmp(found, signature, sizeof signature) == 0)
			return (uint64_t)(found - bytes);
		found++;
	}
	return end;
}

static uint64_t gzip_find_point(const unsigned char *bytes, uint64_t at, uint64_t end)
{
	uint64_t block = deflate_find_border(bytes, at, end);
	uint64_t stop = min_u64(block, end) / 8;
	uint64_t member = find_member(bytes, (at + 7) / 8, stop);

	return member < stop ? member * 8 : block;
}

#if defined HAVE_LIBISAL || defined HAVE_LIBZ

#ifdef HAVE_LIBISAL
#define ISAL &gzip_isal,
#else
#define ISAL
#endif
#ifdef HAVE_LIBZ
#define ZLIB &gzip_zlib,
#else
#define ZLIB
#endif

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

static enum decode_cause gzip_restart(void *state, const struct decode_point *point)
{
	struct gzip *g = state;

	gzip_header_start(&g->header);
	g->header.field = GZIP_COMPLETE;
	g->empty = point->place.context == 0;
	return g->inflater->restart(g->state, point);
}

/* Whether a member of BGZF is the last, which are small, is to be known when it ends. */
static bool gzip_between_blocks(const void *state, struct decode_border *border)
{
	const struct gzip *g = state;

	return g->header.field == GZIP_COMPLETE && !gzip_header_is_bgzf(&g->header) &&
	       g->inflater->between_blocks(g->state, border);
}

/* The last member of a BGZF file is an empty one, to show that it is whole. */
static bool gzip_lacks_end(const void *state)
{
	const struct gzip *g = state;

	return gzip_header_is_bgzf(&g->header) && !g->empty;
}

#else
#define gzip_open           NULL
#define gzip_close          NULL
#define gzip_begin          NULL
#define gzip_run            NULL
#define gzip_lacks_end      NULL
#define gzip_restart        NULL
#define gzip_between_blocks NULL

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
	.restart = gzip_restart,
	.between_blocks = gzip_between_blocks,
	.find_point = gzip_find_point,
};
