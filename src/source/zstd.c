/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * zstd by libzstd, fed unit by unit: a frame's header, each block, the checksum. Then a fault's
 * place is known, and nothing that precedes it is lost, however the input was cut.
 */
#include "base/base.h"
#include "base/dlopen_note.h"
#include "base/optional.h"
#include "source/format.h"
#include "source/zstd_frame.h"

#include <stdlib.h>
#include <string.h>

/* The first frame that is not skippable tells; lz4 has the same skippable frames. */
static bool zstd_detect(const unsigned char *bytes, size_t n)
{
	size_t at = 0;

	while (n - at >= ZSTD_SKIPPABLE_HEADER && zstd_kind(bytes + at) == ZSTD_KIND_SKIPPABLE) {
		uint64_t next =
			at + ZSTD_SKIPPABLE_HEADER + (uint64_t)zstd_skippable_size(bytes + at);
		if (next + 4 > n)
			return true; /* out of sight: zstd is the likelier */
		at = (size_t)next;
	}
	return n - at >= 4 && zstd_kind(bytes + at) != ZSTD_KIND_UNKNOWN;
}

#ifdef HAVE_LIBZSTD

#include <zstd.h>
#include <zstd_errors.h>

DLOPEN_NOTE(zstd, "zstd", "Counts inside zstd files", LIBZSTD_SONAME);

struct zstd_api {
	typeof(ZSTD_createDCtx) *create;
	typeof(ZSTD_freeDCtx) *free;
	typeof(ZSTD_DCtx_reset) *reset;
	typeof(ZSTD_DCtx_setParameter) *set_parameter;
	typeof(ZSTD_dParam_getBounds) *get_bounds;
	typeof(ZSTD_decompressStream) *decompress;
	typeof(ZSTD_isError) *is_error;
	typeof(ZSTD_getErrorCode) *error_code;
};

static const struct library_symbol zstd_symbols[] = {
	{LIBRARY_SYMBOL(ZSTD_createDCtx)},       {LIBRARY_SYMBOL(ZSTD_freeDCtx)},
	{LIBRARY_SYMBOL(ZSTD_DCtx_reset)},       {LIBRARY_SYMBOL(ZSTD_DCtx_setParameter)},
	{LIBRARY_SYMBOL(ZSTD_dParam_getBounds)}, {LIBRARY_SYMBOL(ZSTD_decompressStream)},
	{LIBRARY_SYMBOL(ZSTD_isError)},          {LIBRARY_SYMBOL(ZSTD_getErrorCode)},
};

enum unit {
	UNIT_HEADER,       /* gathered before the library sees it */
	UNIT_BLOCK_HEADER, /* gathered too */
	UNIT_BLOCK,
	UNIT_CHECKSUM,
	UNIT_SKIPPED, /* content of a skippable frame, which the library never sees */
};

struct zstd {
	struct zstd_api api;
	ZSTD_DCtx *context;
	uint64_t memory_limit;
	uint64_t memory_most; /* that the library can be asked for */
	enum unit unit;
	unsigned char gathered[ZSTD_HEADER_MAX];
	unsigned n_gathered, wanted; /* bytes of `gathered` */
	uint64_t left;               /* bytes of the unit that are still to come */
	uint64_t done;               /* bytes of it, and of the header of its block, consumed */
	struct zstd_frame frame;
	uint64_t produced; /* bytes of its content */
	bool last;         /* block */
	bool complete;     /* the library says so of the frame */
	bool flushing;     /* the output was full: there may be more without input */
};

static void zstd_close(void *state)
{
	struct zstd *z = state;

	if (z->context)
		z->api.free(z->context);
	free(z);
}

static enum decode_cause zstd_open(uint64_t memory_limit, void **state)
{
	struct zstd *z = calloc(1, sizeof *z);

	if (!z)
		return DECODE_NO_MEMORY;
	enum decode_cause cause =
		format_library(OPTIONAL_LOAD(OPTIONAL_ZSTD, zstd_symbols, &z->api));
	if (cause != DECODE_OK) {
		free(z);
		return cause;
	}
	z->memory_limit = memory_limit;
	z->context = z->api.create();
	/* The limit is kept here, in bytes; the library knows powers of two. */
	ZSTD_bounds bounds = z->api.get_bounds(ZSTD_d_windowLogMax);
	if (!z->context || z->api.is_error(bounds.error) ||
	    z->api.is_error(
		    z->api.set_parameter(z->context, ZSTD_d_windowLogMax, bounds.upperBound))) {
		zstd_close(z);
		return DECODE_NO_MEMORY;
	}
	z->memory_most = UINT64_C(1) << bounds.upperBound;
	*state = z;
	return DECODE_OK;
}

static void start_unit(struct zstd *z, enum unit unit, uint64_t size)
{
	z->unit = unit;
	z->left = size;
	z->n_gathered = 0;
	z->wanted = (unsigned)size;
}

static enum decode_cause zstd_begin(void *state)
{
	struct zstd *z = state;

	z->api.reset(z->context, ZSTD_reset_session_only);
	z->complete = z->flushing = false;
	z->done = z->produced = 0;
	start_unit(z, UNIT_HEADER, ZSTD_HEADER_MIN);
	return DECODE_OK;
}

static enum decode_cause cause_of(const struct zstd *z, size_t code)
{
	switch (z->api.error_code(code)) {
	case ZSTD_error_checksum_wrong:
		return DECODE_CHECKSUM;
	case ZSTD_error_memory_allocation:
		return DECODE_NO_MEMORY;
	case ZSTD_error_frameParameter_windowTooLarge:
		return DECODE_TOO_LARGE;
	case ZSTD_error_dictionary_wrong:
		return DECODE_DICTIONARY;
	default:
		return DECODE_CORRUPT;
	}
}

/* Hands bytes[*n] to the library; *n is then how many it took. */
static enum decode_cause give(struct zstd *z, struct decode_io *io, const unsigned char *bytes,
                              size_t *n)
{
	ZSTD_inBuffer in = {bytes, *n, 0};
	ZSTD_outBuffer out = {io->out, io->out_left, 0};
	size_t code = z->api.decompress(z->context, &out, &in);

	*n = in.pos;
	io->out += out.pos;
	io->out_left -= out.pos;
	z->produced += out.pos;
	z->complete = code == 0;
	z->flushing = io->out_left == 0 && !z->complete;
	return z->api.is_error(code) ? cause_of(z, code) : DECODE_OK;
}

/* Moves input to `gathered`. Is all that is wanted there? Else that was all the input. */
static bool gather(struct zstd *z, struct decode_io *io)
{
	size_t n = (size_t)min_u64(z->wanted - z->n_gathered, io->in_left);

	memcpy(z->gathered + z->n_gathered, io->in, n);
	z->n_gathered += (unsigned)n;
	z->done += n;
	io->in += n;
	io->in_left -= n;
	return z->n_gathered == z->wanted;
}

/* Gives what was gathered: the library consumes all of it, since a header yields no output. */
static enum decode_cause give_gathered(struct zstd *z, struct decode_io *io)
{
	size_t n = z->n_gathered;
	enum decode_cause cause = give(z, io, z->gathered, &n);

	return cause == DECODE_OK && n != z->n_gathered ? DECODE_CORRUPT : cause;
}

/* `gathered` holds a frame's header, or its first bytes. */
static enum decode_cause take_header(struct zstd *z, struct decode_io *io)
{
	enum zstd_kind kind = zstd_kind(z->gathered);
	unsigned size = ZSTD_SKIPPABLE_HEADER;

	if (kind == ZSTD_KIND_LEGACY)
		return DECODE_LEGACY;
	if (kind == ZSTD_KIND_UNKNOWN)
		return DECODE_FOREIGN;
	if (kind == ZSTD_KIND_FRAME)
		size = zstd_header_size(z->gathered);
	if (z->n_gathered < size) {
		z->wanted = size;
		return DECODE_OK;
	}
	if (kind == ZSTD_KIND_SKIPPABLE) {
		start_unit(z, UNIT_SKIPPED, zstd_skippable_size(z->gathered));
		return DECODE_OK;
	}
	z->frame = zstd_frame_read(z->gathered);
	io->number = z->frame.dictionary;
	if (z->frame.dictionary != 0)
		return DECODE_DICTIONARY;
	io->number = z->frame.memory;
	if (z->frame.memory > z->memory_most)
		return DECODE_TOO_LARGE;
	if (z->frame.memory > z->memory_limit)
		return DECODE_LIMIT;
	enum decode_cause cause = give_gathered(z, io);
	if (cause == DECODE_OK) {
		z->done = 0;
		start_unit(z, UNIT_BLOCK_HEADER, ZSTD_BLOCK_HEADER);
	}
	return cause;
}

/*
 * Will the frame's content not be as much as its header says? The library finds out too, but may
 * have given some of the block before.
 */
static bool breaks_promise(const struct zstd *z, struct zstd_block block)
{
	uint64_t after = z->produced + block.plain;

	if (!z->frame.has_size || !block.has_plain)
		return false;
	return after > z->frame.size || (block.last && after < z->frame.size);
}

static enum decode_cause take_block_header(struct zstd *z, struct decode_io *io)
{
	struct zstd_block block = zstd_block_read(z->gathered);
	/* What is compressed to nothing libzstd refuses or not, by the way it is fed. */
	if (block.invalid || breaks_promise(z, block))
		return DECODE_CORRUPT;
	enum decode_cause cause = give_gathered(z, io);
	z->last = block.last;
	start_unit(z, UNIT_BLOCK, block.content);
	return cause;
}

/* The unit is consumed and flushed: what follows it? */
static enum decode_cause next_unit(struct zstd *z)
{
	z->done = 0;
	if (z->unit == UNIT_BLOCK && !z->last) {
		start_unit(z, UNIT_BLOCK_HEADER, ZSTD_BLOCK_HEADER);
		return DECODE_OK;
	}
	if (z->unit == UNIT_BLOCK && z->frame.checksum) {
		start_unit(z, UNIT_CHECKSUM, ZSTD_CHECKSUM);
		return DECODE_OK;
	}
	if (z->unit == UNIT_SKIPPED)
		return DECODE_END;
	/* The library does not always check this. */
	if (z->frame.has_size && z->produced != z->frame.size)
		return DECODE_CORRUPT;
	/* We and the library must agree on where a frame ends. */
	return z->complete ? DECODE_END : DECODE_CORRUPT;
}

/* One unit as far as possible. */
static enum decode_cause run_unit(struct zstd *z, struct decode_io *io)
{
	enum decode_cause cause = DECODE_OK;

	if (z->unit == UNIT_HEADER || z->unit == UNIT_BLOCK_HEADER) {
		if (!gather(z, io))
			return DECODE_OK;
		return z->unit == UNIT_HEADER ? take_header(z, io) : take_block_header(z, io);
	}
	size_t n = (size_t)min_u64(z->left, io->in_left);
	if (z->unit != UNIT_SKIPPED && (n > 0 || z->flushing))
		cause = give(z, io, io->in, &n);
	io->in += n;
	io->in_left -= n;
	z->left -= n;
	z->done += n;
	if (cause == DECODE_OK && z->left == 0 && !z->flushing)
		cause = next_unit(z);
	return cause;
}

static enum decode_cause zstd_run(void *state, struct decode_io *io)
{
	struct zstd *z = state;
	enum decode_cause cause;

	do
		cause = run_unit(z, io);
	while (cause == DECODE_OK && io->out_left > 0 && (io->in_left > 0 || z->left == 0));
	if (cause != DECODE_OK && cause != DECODE_END)
		io->back = z->done;
	return cause;
}

const struct format_ops format_zstd = {
	.name = "zstd",
	.needs = LIBZSTD_SONAME,
	.detect = zstd_detect,
	.may_begin = zstd_may_begin,
	.member_end = zstd_member_end,
	.open = zstd_open,
	.close = zstd_close,
	.begin = zstd_begin,
	.run = zstd_run,
	.exact = true,
};

#else

const struct format_ops format_zstd = {
	.name = "zstd",
	.needs = "libzstd",
	.detect = zstd_detect,
	.may_begin = zstd_may_begin,
	.member_end = zstd_member_end,
};

#endif
