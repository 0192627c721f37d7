/* SPDX-License-Identifier: BSD-2-Clause */
/* lz4 frames by liblz4, frame after frame, skippable and legacy ones included. */
#include "base/base.h"
#include "base/dlopen_note.h"
#include "base/optional.h"
#include "source/format.h"
#include "source/lz4_legacy.h"

#include <string.h>

/* The LZ4 frame format description, 1.6. */
#define SIGNATURE UINT32_C(0x184D2204)
enum {
	SIGNATURE_SIZE = 4,
	HEAD_MIN = 7,  /* signature, flags, block size, checksum of all that */
	HEAD_MAX = 19, /* + content size 8, dictionary ID 4 */
	SKIPPABLE_HEADER = 8,
	BLOCK_SIZE = 4,
	CHECKSUM = 4,
	FLAG_DICTIONARY = 1,
	FLAG_CONTENT_CHECKSUM = 4,
	FLAG_CONTENT_SIZE = 8,
	FLAG_BLOCK_CHECKSUM = 16,
};
#define BLOCK_STORED UINT32_C(0x80000000)

static bool is_skippable(const unsigned char *bytes)
{
	return word_begins(bytes, 4, FORMAT_SKIPPABLE, ~FORMAT_SKIPPABLE_FREE);
}

static bool lz4_may_begin(const unsigned char *first, size_t n)
{
	return word_begins(first, n, SIGNATURE, UINT32_MAX) ||
	       word_begins(first, n, FORMAT_SKIPPABLE, ~FORMAT_SKIPPABLE_FREE) ||
	       word_begins(first, n, LZ4_LEGACY_SIGNATURE, UINT32_MAX);
}

/* Skippable frames are those of zstd: the first other frame tells. */
static bool lz4_detect(const unsigned char *bytes, size_t n)
{
	uint64_t at = 0;

	while (at + SKIPPABLE_HEADER <= n && is_skippable(bytes + at))
		at += SKIPPABLE_HEADER + (uint64_t)load_le32(bytes + at + 4);
	return at + 4 <= n && (load_le32(bytes + at) == SIGNATURE ||
	                       load_le32(bytes + at) == LZ4_LEGACY_SIGNATURE);
}

/* Bytes of the header of a frame with these flags. */
static unsigned head_size(unsigned flags)
{
	return HEAD_MIN + (flags & FLAG_CONTENT_SIZE ? 8u : 0) + (flags & FLAG_DICTIONARY ? 4u : 0);
}

/* The end of the frame at `at` with these flags, or DECODER_NO_BORDER, or DECODER_UNREAD. */
static uint64_t frame_end(struct header_window *w, uint64_t at, unsigned flags, uint64_t size)
{
	unsigned char bytes[BLOCK_SIZE];
	uint32_t block;

	at += head_size(flags);
	do {
		ssize_t have = at < size ? header_peek(w, at, bytes, sizeof bytes) : 0;
		if (have < (ssize_t)sizeof bytes)
			return have < 0 ? DECODER_UNREAD : DECODER_NO_BORDER;
		block = load_le32(bytes);
		at += BLOCK_SIZE + (uint64_t)(block & ~BLOCK_STORED);
		if (block != 0 && (flags & FLAG_BLOCK_CHECKSUM))
			at += CHECKSUM;
	} while (block != 0);
	return at + (flags & FLAG_CONTENT_CHECKSUM ? CHECKSUM : 0);
}

static uint64_t lz4_member_end(struct header_window *w, uint64_t at, uint64_t size)
{
	unsigned char head[SKIPPABLE_HEADER];
	ssize_t have = header_peek(w, at, head, sizeof head);

	if (have < (ssize_t)sizeof head)
		return have < 0 ? DECODER_UNREAD : DECODER_NO_BORDER;
	if (is_skippable(head))
		return at + SKIPPABLE_HEADER + (uint64_t)load_le32(head + 4);
	if (load_le32(head) == LZ4_LEGACY_SIGNATURE)
		return lz4_legacy_end(w, at, size);
	return load_le32(head) == SIGNATURE ? frame_end(w, at, head[4], size) : DECODER_NO_BORDER;
}

#ifdef HAVE_LIBLZ4

#include <lz4.h>
#include <lz4frame.h>
#include <stdlib.h>

DLOPEN_NOTE(lz4, "lz4", "Counts inside lz4 files", LIBLZ4_SONAME);

struct lz4_api {
	typeof(LZ4F_createDecompressionContext) *create;
	typeof(LZ4F_freeDecompressionContext) *free;
	typeof(LZ4F_decompress) *decompress;
	typeof(LZ4F_isError) *is_error;
	typeof(LZ4F_getErrorName) *error_name;
	typeof(LZ4_decompress_safe) *decompress_block;
};

static const struct library_symbol lz4_symbols[] = {
	{LIBRARY_SYMBOL(LZ4F_createDecompressionContext)},
	{LIBRARY_SYMBOL(LZ4F_freeDecompressionContext)},
	{LIBRARY_SYMBOL(LZ4F_decompress)},
	{LIBRARY_SYMBOL(LZ4F_isError)},
	{LIBRARY_SYMBOL(LZ4F_getErrorName)},
	{LIBRARY_SYMBOL(LZ4_decompress_safe)},
};

/* Fed unit by unit, for the library does not hand out what precedes a fault in the same call. */
enum unit {
	UNIT_HEAD,  /* gathered before the library sees it */
	UNIT_SIZE,  /* of a block, 0: the last; gathered too */
	UNIT_BLOCK, /* with its checksum */
	UNIT_CHECKSUM,
	UNIT_LEGACY,  /* all of a legacy frame, whose end only what follows tells */
	UNIT_SKIPPED, /* content of a skippable frame, which the library never sees */
};

struct lz4 {
	struct lz4_api api;
	LZ4F_dctx *context;
	struct lz4_legacy *legacy; /* NULL: there was no such frame */
	enum unit unit;
	unsigned char gathered[HEAD_MAX];
	unsigned n_gathered, wanted; /* bytes of it */
	uint64_t left;               /* bytes of the unit that are still to come */
	uint64_t done;               /* bytes of it, and of the size before it, consumed */
	unsigned flags;
	size_t block_most;    /* plain bytes of a block; 0: the head is still to come */
	bool complete;        /* the library says so of the frame */
	bool used;            /* it has got some of a frame, and not all */
	uint64_t size;        /* of the frame's content, as its header says, if flags say so */
	uint64_t produced;    /* bytes of it */
	bool stored_checksum; /* the block is stored, and followed by a checksum */
	bool flushing;        /* the output was full: there may be more without input */
};

static enum decode_cause lz4_open(uint64_t memory_limit UNUSED, void **state)
{
	struct lz4 *l = calloc(1, sizeof *l);

	if (!l)
		return DECODE_NO_MEMORY;
	enum decode_cause cause = format_library(OPTIONAL_LOAD(OPTIONAL_LZ4, lz4_symbols, &l->api));
	if (cause == DECODE_OK && l->api.is_error(l->api.create(&l->context, LZ4F_VERSION)))
		cause = DECODE_NO_MEMORY;
	if (cause != DECODE_OK)
		free(l);
	else
		*state = l;
	return cause;
}

static void lz4_close(void *state)
{
	struct lz4 *l = state;

	if (l->context)
		l->api.free(l->context);
	lz4_legacy_free(l->legacy);
	free(l);
}

static void start_unit(struct lz4 *l, enum unit unit, uint64_t size)
{
	l->unit = unit;
	l->left = size;
	l->n_gathered = 0;
	l->wanted = (unsigned)size;
}

static enum decode_cause lz4_begin(void *state)
{
	struct lz4 *l = state;

	/*
	 * After a frame that was left half read, liblz4 up to 1.9.4 remembers the size of its
	 * content even when it is told to forget all.
	 */
	if (l->used) {
		l->api.free(l->context);
		l->context = NULL;
		if (l->api.is_error(l->api.create(&l->context, LZ4F_VERSION))) {
			l->context = NULL;
			return DECODE_NO_MEMORY;
		}
	}
	l->used = l->complete = l->flushing = false;
	l->done = l->produced = 0;
	l->block_most = 0;
	start_unit(l, UNIT_HEAD, SIGNATURE_SIZE);
	return DECODE_OK;
}

/* The library tells its errors apart by name only, in a shared build. */
static enum decode_cause cause_of(const struct lz4 *l, size_t code)
{
	const char *name = l->api.error_name(code);

	if (strstr(name, "hecksum"))
		return DECODE_CHECKSUM;
	if (strstr(name, "allocation"))
		return DECODE_NO_MEMORY;
	return DECODE_CORRUPT;
}

static enum decode_cause give(struct lz4 *l, struct decode_io *io, const unsigned char *bytes,
                              size_t *n)
{
	size_t out = io->out_left;
	size_t code = l->api.decompress(l->context, io->out, &out, bytes, n, NULL);

	io->out += out;
	io->out_left -= out;
	l->produced += out;
	l->used = true;
	if (l->api.is_error(code))
		return cause_of(l, code);
	l->complete = code == 0;
	l->flushing = io->out_left == 0 && !l->complete;
	return DECODE_OK;
}

/* Moves input to `gathered`. Is all that is wanted there? Else that was all the input. */
static bool gather(struct lz4 *l, struct decode_io *io)
{
	size_t n = (size_t)min_u64(l->wanted - l->n_gathered, io->in_left);

	memcpy(l->gathered + l->n_gathered, io->in, n);
	l->n_gathered += (unsigned)n;
	l->done += n;
	io->in += n;
	io->in_left -= n;
	return l->n_gathered == l->wanted;
}

static enum decode_cause give_gathered(struct lz4 *l, struct decode_io *io)
{
	size_t n = l->n_gathered;
	enum decode_cause cause = give(l, io, l->gathered, &n);

	return cause == DECODE_OK && n != l->n_gathered ? DECODE_CORRUPT : cause;
}

/* The signature of a legacy frame has been gathered, and no more than that. */
static enum decode_cause begin_legacy(struct lz4 *l)
{
	if (!l->legacy)
		l->legacy = lz4_legacy_new(l->api.decompress_block);
	if (!l->legacy)
		return DECODE_NO_MEMORY;
	lz4_legacy_begin(l->legacy);
	l->block_most = 0;
	start_unit(l, UNIT_LEGACY, 1);
	return DECODE_OK;
}

/*
 * Goes on with a legacy frame. Another frame after it is part of the same member, since its
 * signature is the end of this one.
 */
static enum decode_cause run_legacy(struct lz4 *l, struct decode_io *io)
{
	unsigned char next[SIGNATURE_SIZE];
	enum decode_cause cause = lz4_legacy_run(l->legacy, io, next);

	if (cause == DECODE_END && !lz4_may_begin(next, sizeof next)) {
		io->back = sizeof next;
		cause = DECODE_TRAILING;
	}
	if (cause != DECODE_END) {
		l->done = io->back;
		return cause;
	}
	cause = lz4_begin(l);
	memcpy(l->gathered, next, sizeof next);
	l->done = l->n_gathered = sizeof next;
	return cause;
}

/* `gathered` holds a frame's header, or its first bytes. */
static enum decode_cause take_head(struct lz4 *l, struct decode_io *io)
{
	uint32_t signature = load_le32(l->gathered);
	unsigned size = SKIPPABLE_HEADER;

	if (signature == LZ4_LEGACY_SIGNATURE)
		return begin_legacy(l);
	if (signature != SIGNATURE && !is_skippable(l->gathered))
		return DECODE_FOREIGN;
	if (signature == SIGNATURE) {
		l->flags = l->gathered[4];
		size = l->n_gathered < HEAD_MIN ? HEAD_MIN : head_size(l->flags);
	}
	if (l->n_gathered < size) {
		l->wanted = size;
		return DECODE_OK;
	}
	if (signature != SIGNATURE) {
		start_unit(l, UNIT_SKIPPED, load_le32(l->gathered + 4));
		return DECODE_OK;
	}
	io->number = l->flags & FLAG_DICTIONARY ? load_le32(l->gathered + size - 5) : 0;
	enum decode_cause cause = give_gathered(l, io);
	if (cause == DECODE_OK && (l->flags & FLAG_DICTIONARY))
		cause = DECODE_DICTIONARY;
	if (cause == DECODE_OK) {
		l->done = 0;
		/* 4 to 7: 64 KiB to 4 MiB; the library has refused others. */
		l->size = l->flags & FLAG_CONTENT_SIZE ? load_le64(l->gathered + 6) : 0;
		l->block_most = (size_t)1 << (8 + 2 * (l->gathered[5] >> 4 & 7));
		start_unit(l, UNIT_SIZE, BLOCK_SIZE);
	}
	return cause;
}

static enum decode_cause take_size(struct lz4 *l, struct decode_io *io)
{
	uint32_t size = load_le32(l->gathered);
	enum decode_cause cause = give_gathered(l, io);

	l->stored_checksum = (size & BLOCK_STORED) && (l->flags & FLAG_BLOCK_CHECKSUM);
	if (size == 0)
		start_unit(l, UNIT_CHECKSUM, l->flags & FLAG_CONTENT_CHECKSUM ? CHECKSUM : 0);
	else
		start_unit(l, UNIT_BLOCK,
		           (size & ~BLOCK_STORED) +
		                   (l->flags & FLAG_BLOCK_CHECKSUM ? CHECKSUM : 0u));
	return cause;
}

static enum decode_cause end_of_frame(struct lz4 *l)
{
	if (l->unit == UNIT_SKIPPED)
		return DECODE_END;
	/* We and the library must agree on where a frame ends. */
	if (!l->complete)
		return DECODE_CORRUPT;
	l->used = false;
	/* A size of 0 is not checked by the library. */
	return !(l->flags & FLAG_CONTENT_SIZE) || l->produced == l->size ? DECODE_END
	                                                                 : DECODE_CORRUPT;
}

/* One unit as far as possible. */
static enum decode_cause run_unit(struct lz4 *l, struct decode_io *io)
{
	enum decode_cause cause = DECODE_OK;

	if (l->unit == UNIT_HEAD || l->unit == UNIT_SIZE) {
		if (!gather(l, io))
			return DECODE_OK;
		return l->unit == UNIT_HEAD ? take_head(l, io) : take_size(l, io);
	}
	if (l->unit == UNIT_LEGACY)
		return run_legacy(l, io);
	size_t n = (size_t)min_u64(l->left, io->in_left);
	/*
	 * Stored bytes come out as they go in: all of them, and then the checksum is checked,
	 * which in one call would keep them back.
	 */
	if (l->unit == UNIT_BLOCK && l->stored_checksum && l->left > CHECKSUM)
		n = (size_t)min_u64(n, l->left - CHECKSUM);
	if (l->unit != UNIT_SKIPPED && (n > 0 || l->flushing))
		cause = give(l, io, io->in, &n);
	if (cause != DECODE_OK)
		return cause;
	io->in += n;
	io->in_left -= n;
	l->left -= n;
	l->done += n;
	if (l->left > 0 || l->flushing)
		return DECODE_OK;
	if (l->unit != UNIT_BLOCK)
		return end_of_frame(l);
	l->done = 0;
	start_unit(l, UNIT_SIZE, BLOCK_SIZE);
	return DECODE_OK;
}

/* The library decodes right into the output where it has room for any block; else it copies. */
static size_t lz4_room(const void *state)
{
	const struct lz4 *l = state;

	return l->block_most;
}

/* Would the next block have more room in output that is empty, of `room` bytes? */
static bool room_is_short(const struct lz4 *l, const struct decode_io *io, size_t room)
{
	return l->unit == UNIT_SIZE && l->n_gathered == 0 && io->out_left < room &&
	       io->out_left < l->block_most;
}

static enum decode_cause lz4_run(void *state, struct decode_io *io)
{
	struct lz4 *l = state;
	size_t room = io->out_left;
	enum decode_cause cause;

	do
		cause = run_unit(l, io);
	while (cause == DECODE_OK && io->out_left > 0 && !room_is_short(l, io, room) &&
	       (io->in_left > 0 || l->left == 0));
	if (cause != DECODE_OK && cause != DECODE_END)
		io->back = l->done;
	return cause;
}

static bool lz4_may_end(const void *state)
{
	const struct lz4 *l = state;

	return l->unit == UNIT_LEGACY && lz4_legacy_may_end(l->legacy);
}

#define NEEDS LIBLZ4_SONAME
#else
#define NEEDS       "liblz4"
#define lz4_open    NULL
#define lz4_close   NULL
#define lz4_begin   NULL
#define lz4_room    NULL
#define lz4_run     NULL
#define lz4_may_end NULL
#endif

const struct format_ops format_lz4 = {
	.name = "lz4",
	.needs = NEEDS,
	.detect = lz4_detect,
	.may_begin = lz4_may_begin,
	.member_end = lz4_member_end,
	.open = lz4_open,
	.close = lz4_close,
	.room = lz4_room,
	.begin = lz4_begin,
	.run = lz4_run,
	.may_end = lz4_may_end,
	.exact = true,
};
