/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xz by liblzma, stream after stream; blocks whose headers give their size are decoded by as many
 * threads as may help.
 * lzip, member after member, and .lzma, the format before xz, by the same library.
 */
#include "base/base.h"
#include "base/dlopen_note.h"
#include "base/optional.h"
#include "source/format.h"

#include <string.h>

static const unsigned char signature[] = {0xFD, '7', 'z', 'X', 'Z', 0};

static bool xz_may_begin(const unsigned char *first, size_t n)
{
	return memcmp(first, signature, min_size(n, sizeof signature)) == 0;
}

static bool xz_detect(const unsigned char *bytes, size_t n)
{
	return n >= sizeof signature && memcmp(bytes, signature, sizeof signature) == 0;
}

static const unsigned char lzip_signature[] = {'L', 'Z', 'I', 'P'};

/* The signature, a version, 0 or 1, and the size of the dictionary. */
static bool lzip_detect(const unsigned char *bytes, size_t n)
{
	return n >= 6 && memcmp(bytes, lzip_signature, sizeof lzip_signature) == 0 &&
	       bytes[4] <= 1 && (bytes[5] & 31) >= 12 && (bytes[5] & 31) <= 29;
}

static bool lzip_may_begin(const unsigned char *first, size_t n)
{
	return memcmp(first, lzip_signature, min_size(n, sizeof lzip_signature)) == 0;
}

/*
 * .lzma has no signature: parameters 1, size of the dictionary 4, size of the content 8, and then a
 * range coder's first byte. Those that are made have the usual parameters, a dictionary of 2^n or
 * 2^n + 2^(n-1) bytes, and no size or one below 2^38.
 */
enum { LZMA_USUAL = 0x5D, LZMA_HEAD = 13 };

static bool lzma_detect(const unsigned char *bytes, size_t n)
{
	if (n <= LZMA_HEAD || bytes[0] != LZMA_USUAL || bytes[LZMA_HEAD] != 0)
		return false;
	uint32_t dictionary = load_le32(bytes + 1), top = dictionary;
	uint64_t size = load_le64(bytes + 5);
	while (top & (top - 1))
		top &= top - 1;
	bool usual = top >= 4096 && (dictionary == top || dictionary == top + top / 2);
	return usual && (size == UINT64_MAX || size < UINT64_C(1) << 38);
}

/* lc, lp and pb: 9 * 5 * 5 combinations. */
static bool lzma_may_begin(const unsigned char *first, size_t n)
{
	return n == 0 || first[0] < 9 * 5 * 5;
}

#ifdef HAVE_LIBLZMA

#include <lzma.h>
#include <stdlib.h>

DLOPEN_NOTE(lzma, "xz", "Counts inside xz, lzip and lzma files", LIBLZMA_SONAME);

struct xz_api {
	typeof(lzma_stream_decoder) *decoder;
	typeof(lzma_alone_decoder) *alone_decoder;
	typeof(lzma_code) *code;
	typeof(lzma_end) *end;
	typeof(lzma_memusage) *memusage;
};

static const struct library_symbol xz_symbols[] = {
	{LIBRARY_SYMBOL(lzma_stream_decoder)}, {LIBRARY_SYMBOL(lzma_alone_decoder)},
	{LIBRARY_SYMBOL(lzma_code)},           {LIBRARY_SYMBOL(lzma_end)},
	{LIBRARY_SYMBOL(lzma_memusage)},
};

/* Since liblzma 5.4. A library that is loaded may have it even if this header is older. */
#if LZMA_VERSION < UINT32_C(50040002)
#define lzma_lzip_decoder NULL
#endif

struct xz_threads {
	lzma_ret (*decoder)(lzma_stream *stream, const lzma_mt *options);
};

struct xz_lzip {
	lzma_ret (*decoder)(lzma_stream *stream, uint64_t memory_limit, uint32_t flags);
};

static const struct library_symbol xz_lzip_symbols[] = {
	{LIBRARY_SYMBOL(lzma_lzip_decoder)},
};

/* Bytes that each thread may hold: a block of xz -6, packed and unpacked, and its dictionary. */
#define THREAD_MEMORY (UINT64_C(64) << 20)

struct xz {
	struct xz_api api;
	struct xz_threads mt; /* threads > 1 */
	struct xz_lzip lzip;  /* of format_lzip alone */
	unsigned threads;
	lzma_stream stream;
	uint64_t memory_limit;
};

static enum decode_cause xz_open(uint64_t memory_limit, void **state)
{
	struct xz *x = calloc(1, sizeof *x);

	if (!x)
		return DECODE_NO_MEMORY;
	enum decode_cause cause = format_library(OPTIONAL_LOAD(OPTIONAL_LZMA, xz_symbols, &x->api));
	if (cause != DECODE_OK) {
		free(x);
		return cause;
	}
	x->memory_limit = memory_limit;
	x->threads = 1;
	x->stream = (lzma_stream)LZMA_STREAM_INIT;
	*state = x;
	return DECODE_OK;
}

static void xz_close(void *state)
{
	struct xz *x = state;

	x->api.end(&x->stream);
	free(x);
}

#if LZMA_VERSION >= UINT32_C(50040002)

static const struct library_symbol xz_threads_symbols[] = {
	{LIBRARY_SYMBOL(lzma_stream_decoder_mt)},
};

static void xz_spread(void *state, unsigned threads)
{
	struct xz *x = state;

	if (threads > 1 && !x->mt.decoder &&
	    OPTIONAL_LOAD(OPTIONAL_LZMA, xz_threads_symbols, &x->mt) != LIBRARY_LOADED)
		threads = 1;
	x->threads = threads;
}

static enum decode_cause begin_mt(struct xz *x)
{
	lzma_mt mt = {
		.flags = LZMA_TELL_UNSUPPORTED_CHECK,
		.threads = x->threads,
		.memlimit_threading = x->threads * THREAD_MEMORY, /* more makes threads fewer */
		.memlimit_stop = x->memory_limit,
	};

	return x->mt.decoder(&x->stream, &mt) == LZMA_OK ? DECODE_OK : DECODE_NO_MEMORY;
}

#else /* no threads, or none that keep to a limit of memory */

static void xz_spread(void *state, unsigned threads UNUSED)
{
	struct xz *x = state;

	x->threads = 1;
}

static enum decode_cause begin_mt(struct xz *x UNUSED)
{
	return DECODE_NO_MEMORY;
}

#endif

/*
 * Memory is kept from stream to stream. A stream without a check is accepted; one with an unknown
 * check is not.
 */
static enum decode_cause xz_begin(void *state)
{
	struct xz *x = state;

	if (x->threads > 1)
		return begin_mt(x);
	return x->api.decoder(&x->stream, x->memory_limit, LZMA_TELL_UNSUPPORTED_CHECK) == LZMA_OK
	               ? DECODE_OK
	               : DECODE_NO_MEMORY;
}

static enum decode_cause lzip_open(uint64_t memory_limit, void **state)
{
	enum decode_cause cause = xz_open(memory_limit, state);

	if (cause != DECODE_OK)
		return cause;
	struct xz *x = *state;
	cause = format_library(OPTIONAL_LOAD(OPTIONAL_LZMA, xz_lzip_symbols, &x->lzip));
	if (cause != DECODE_OK)
		xz_close(x);
	return cause;
}

static enum decode_cause lzip_begin(void *state)
{
	struct xz *x = state;

	return x->lzip.decoder(&x->stream, x->memory_limit, 0) == LZMA_OK ? DECODE_OK
	                                                                  : DECODE_NO_MEMORY;
}

static enum decode_cause lzma_begin(void *state)
{
	struct xz *x = state;

	return x->api.alone_decoder(&x->stream, x->memory_limit) == LZMA_OK ? DECODE_OK
	                                                                    : DECODE_NO_MEMORY;
}

static enum decode_cause xz_run(void *state, struct decode_io *io)
{
	struct xz *x = state;
	lzma_stream *s = &x->stream;

	s->next_in = io->in;
	s->avail_in = io->in_left;
	s->next_out = io->out;
	s->avail_out = io->out_left;
	lzma_ret code = x->api.code(s, LZMA_RUN);
	io->in = s->next_in;
	io->in_left = s->avail_in;
	io->out = s->next_out;
	io->out_left = s->avail_out;
	switch (code) {
	case LZMA_OK:
	case LZMA_BUF_ERROR: /* no progress was possible */
		return DECODE_OK;
	case LZMA_STREAM_END:
		return DECODE_END;
	case LZMA_FORMAT_ERROR:
		return DECODE_FOREIGN;
	case LZMA_MEMLIMIT_ERROR:
		io->number = x->api.memusage(s);
		return DECODE_LIMIT;
	case LZMA_MEM_ERROR:
		return DECODE_NO_MEMORY;
	case LZMA_OPTIONS_ERROR:
	case LZMA_UNSUPPORTED_CHECK:
		return DECODE_UNSUPPORTED;
	default:
		return DECODE_CORRUPT; /* liblzma does not tell a wrong checksum from other damage
		                        */
	}
}

#define NEEDS LIBLZMA_SONAME
#else
#define NEEDS      "liblzma"
#define xz_open    NULL
#define xz_close   NULL
#define xz_begin   NULL
#define xz_run     NULL
#define xz_spread  NULL
#define lzip_open  NULL
#define lzip_begin NULL
#define lzma_begin NULL
#endif

const struct format_ops format_xz = {
	.name = "xz",
	.needs = NEEDS,
	.padding = 4, /* "stream padding" of the format */
	.detect = xz_detect,
	.may_begin = xz_may_begin,
	.open = xz_open,
	.close = xz_close,
	.spread = xz_spread,
	.begin = xz_begin,
	.run = xz_run,
};

const struct format_ops format_lzip = {
	.name = "lzip",
	.needs = NEEDS,
	.detect = lzip_detect,
	.may_begin = lzip_may_begin,
	.open = lzip_open,
	.close = xz_close,
	.begin = lzip_begin,
	.run = xz_run,
};

const struct format_ops format_lzma = {
	.name = "lzma",
	.needs = NEEDS,
	.single = true,
	.detect = lzma_detect,
	.may_begin = lzma_may_begin,
	.open = xz_open,
	.close = xz_close,
	.begin = lzma_begin,
	.run = xz_run,
};
