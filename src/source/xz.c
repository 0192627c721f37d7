/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xz by liblzma, stream after stream; blocks that tell their size by as many threads as may help.
 */
#include "base/base.h"
#include "source/format.h"

#include <string.h>

static const unsigned char signature[] = {0xFD, '7', 'z', 'X', 'Z', 0};

static bool xz_may_begin(const unsigned char *first, size_t n)
{
	return memcmp(first, signature, min_u64(n, sizeof signature)) == 0;
}

static bool xz_detect(const unsigned char *bytes, size_t n)
{
	return n >= sizeof signature && memcmp(bytes, signature, sizeof signature) == 0;
}

#ifdef HAVE_LIBLZMA

#include <lzma.h>
#include <stdlib.h>

static const char *const libraries[] = {LIBLZMA_SONAME, "liblzma.so.5", NULL};

struct xz_api {
	typeof(lzma_stream_decoder) *decoder;
	typeof(lzma_code) *code;
	typeof(lzma_end) *end;
	typeof(lzma_memusage) *memusage;
};

static const char *const xz_symbols[] = {"lzma_stream_decoder", "lzma_code", "lzma_end",
                                         "lzma_memusage"};

/* liblzma 5.4 and later. */
struct xz_threads {
	typeof(lzma_stream_decoder_mt) *decoder;
};

static const char *const xz_threads_symbols[] = {"lzma_stream_decoder_mt"};

/* Bytes that each thread may hold: a block of xz -6, packed and unpacked, and its dictionary. */
#define THREAD_MEMORY (UINT64_C(64) << 20)

struct xz {
	struct xz_api api;
	struct xz_threads mt; /* threads > 1 */
	unsigned threads;
	lzma_stream stream;
	uint64_t memory_limit;
};

static enum decode_cause xz_open(uint64_t memory_limit, void **state)
{
	struct xz *x = calloc(1, sizeof *x);

	if (!x)
		return DECODE_NO_MEMORY;
	enum decode_cause cause = format_library(LIBRARY_LOAD(libraries, xz_symbols, &x->api));
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

static void xz_spread(void *state, unsigned threads)
{
	struct xz *x = state;

	if (threads > 1 && !x->mt.decoder &&
	    LIBRARY_LOAD(libraries, xz_threads_symbols, &x->mt) != LIBRARY_LOADED)
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

/* Memory is kept from stream to stream. A stream without any check is fine; one unknown is not. */
static enum decode_cause xz_begin(void *state)
{
	struct xz *x = state;

	if (x->threads > 1)
		return begin_mt(x);
	return x->api.decoder(&x->stream, x->memory_limit, LZMA_TELL_UNSUPPORTED_CHECK) == LZMA_OK
	               ? DECODE_OK
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
#define NEEDS     "liblzma"
#define xz_open   NULL
#define xz_close  NULL
#define xz_begin  NULL
#define xz_run    NULL
#define xz_spread NULL
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
