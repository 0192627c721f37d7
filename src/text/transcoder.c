/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks of text in other encodings, to UTF-8. */
#include "base/base.h"
#include "base/utf8.h"
#include "text/encoding.h"
#include "text/utf16.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

enum {
	OUT_SIZE = 64 << 10, /* in L2, beside the input */
	CARRY_MAX = 16,      /* bytes of an unfinished character: ISO-2022 needs the most, some 8 */
	/* Input that is sure to fit when transcoded. */
	UTF16_BLOCK = OUT_SIZE / UTF16_GROWTH * 2 & ~1,
	UTF32_BLOCK = OUT_SIZE,
	BYTES_BLOCK = OUT_SIZE / 4,
	ICONV_ROOM = 64, /* bytes that one call may need for a character or two */
};

#define NOTHING 0xFF /* a byte that is an error in UTF-8 */

struct transcoder {
	const struct encoding *encoding;
	const struct utf16_kernel *utf16;
	iconv_t iconv; /* (iconv_t)-1: not needed */
	enum encoding_form form;
	unsigned unit; /* bytes of a unit of it: an error is one of them, if there are so many */
	unsigned char carry[CARRY_MAX]; /* what the last block ended with, undecided */
	size_t carried;
	unsigned char out[OUT_SIZE + UTF16_SLACK];
};

struct transcoder *transcoder_new(const struct encoding *e)
{
	struct transcoder *t = malloc(sizeof *t);

	if (!t)
		return NULL;
	t->encoding = e;
	t->utf16 = utf16_choose(e->kernel);
	t->iconv = (iconv_t)-1;
	t->form = ENCODING_NONE;
	t->carried = 0;
	if (e->form == ENCODING_ICONV && (t->iconv = iconv_open("UTF-8", e->name)) == (iconv_t)-1) {
		int saved = errno;
		free(t);
		errno = saved;
		return NULL;
	}
	return t;
}

void transcoder_free(struct transcoder *t)
{
	int saved = errno;

	if (t && t->iconv != (iconv_t)-1)
		iconv_close(t->iconv);
	free(t);
	errno = saved;
}

void transcoder_start(struct transcoder *t, enum encoding_form form)
{
	t->form = form;
	t->unit = form == ENCODING_ICONV ? t->encoding->unit : encoding_unit(form);
	t->carried = 0;
	if (form == ENCODING_ICONV)
		iconv(t->iconv, NULL, NULL, NULL, NULL);
}

static size_t convert_utf32(const unsigned char *in, size_t n, bool big, size_t *used,
                            unsigned char *out)
{
	size_t len = 0, i = 0;

	for (; i + 4 <= n; i += 4) {
		const unsigned char *p = in + i;
		uint32_t c = big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		                             (uint32_t)p[2] << 8 | p[3]
		                 : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
		                             (uint32_t)p[1] << 8 | p[0];
		if (utf8_is_scalar_value(c))
			len += utf8_encode(c, out + len);
		else
			out[len++] = NOTHING;
	}
	*used = i;
	return len;
}

static size_t convert_bytes(const struct encoding *e, const unsigned char *in, size_t n,
                            unsigned char *out)
{
	unsigned char *o = out;

	for (size_t i = 0; i < n; i++) {
		const struct encoding_byte *b = &e->byte[in[i]];
		memcpy(o, b->utf8, sizeof b->utf8);
		o += b->len;
	}
	return (size_t)(o - out);
}

/* As far as output and sense reach. A unit at which nothing can be decoded is an error. */
static size_t convert_iconv(iconv_t cd, unsigned unit, const unsigned char *in, size_t n,
                            size_t *used, unsigned char *out)
{
	char *from = (char *)(uintptr_t)in, *to = (char *)out; /* iconv() does not write to its
	                                                          input */
	size_t left = n, room = OUT_SIZE;

	while (left > 0 && iconv(cd, &from, &left, &to, &room) == (size_t)-1 && errno == EILSEQ &&
	       left >= unit && room > ICONV_ROOM) {
		*to++ = (char)NOTHING;
		room--;
		from += unit;
		left -= unit;
	}
	*used = n - left;
	return OUT_SIZE - room;
}

/* Transcodes what can be of in[n] to t->out: its length, and how much was used. */
static size_t convert(struct transcoder *t, const unsigned char *in, size_t n, size_t *used)
{
	switch (t->form) {
	case ENCODING_UTF16LE:
		return t->utf16->little(in, (size_t)min_u64(n, UTF16_BLOCK), used, t->out);
	case ENCODING_UTF16BE:
		return t->utf16->big(in, (size_t)min_u64(n, UTF16_BLOCK), used, t->out);
	case ENCODING_UTF32LE:
	case ENCODING_UTF32BE:
		return convert_utf32(in, (size_t)min_u64(n, UTF32_BLOCK),
		                     t->form == ENCODING_UTF32BE, used, t->out);
	case ENCODING_BYTES:
		*used = (size_t)min_u64(n, BYTES_BLOCK);
		return convert_bytes(t->encoding, in, *used, t->out);
	case ENCODING_ICONV:
		return convert_iconv(t->iconv, t->unit, in, n, used, t->out);
	default:
		*used = n;
		return 0;
	}
}

/* Converts what is carried as far as it goes. */
static void flush_carried(struct transcoder *t, transcoder_sink *sink, void *arg)
{
	size_t used = 1;

	while (t->carried > 0 && used > 0) {
		size_t n = convert(t, t->carry, t->carried, &used);
		if (n > 0)
			sink(arg, t->out, n);
		t->carried -= used;
		memmove(t->carry, t->carry + used, t->carried);
	}
}

/* The first `n` bytes carried are one error. */
static void drop_carried(struct transcoder *t, size_t n, transcoder_sink *sink, void *arg)
{
	static const unsigned char nothing = NOTHING;

	sink(arg, &nothing, 1);
	t->carried -= n;
	memmove(t->carry, t->carry + n, t->carried);
}

/* The first unit of what is carried, or as much as there is of it. */
static size_t first_unit(const struct transcoder *t)
{
	return min_size(t->carried, t->unit);
}

void transcoder_feed(struct transcoder *t, const unsigned char *bytes, size_t n,
                     transcoder_sink *sink, void *arg)
{
	while (n > 0) {
		size_t used = 0, len = 0;
		if (t->carried == 0) {
			len = convert(t, bytes, n, &used);
			if (len > 0)
				sink(arg, t->out, len);
			bytes += used;
			n -= used;
		}
		if (used > 0 || len > 0)
			continue;
		/*
		 * Unfinished: byte by byte until it is finished, or longer than any character is.
		 */
		if (t->carried == CARRY_MAX)
			drop_carried(t, first_unit(t), sink, arg);
		t->carry[t->carried++] = *bytes++;
		n--;
		flush_carried(t, sink, arg);
	}
}

void transcoder_finish(struct transcoder *t, transcoder_sink *sink, void *arg)
{
	while (t->carried > 0) {
		drop_carried(t, first_unit(t), sink, arg);
		flush_carried(t, sink, arg);
	}
	if (t->form == ENCODING_ICONV) {
		/* Encodings whose characters combine may hold the last one back. */
		char *to = (char *)t->out;
		size_t room = OUT_SIZE;
		iconv(t->iconv, NULL, NULL, &to, &room);
		if (room < OUT_SIZE)
			sink(arg, t->out, OUT_SIZE - room);
	}
	t->form = ENCODING_NONE;
}
