/* SPDX-License-Identifier: BSD-2-Clause */
/* Legacy frames of lz4, block by block. */
#include "base/base.h"
#include "source/lz4_legacy.h"

#include <stdlib.h>
#include <string.h>

enum {
	PLAIN_MOST = 8 << 20,                             /* of a block, decoded */
	PACKED_MOST = PLAIN_MOST + PLAIN_MOST / 255 + 16, /* LZ4_COMPRESSBOUND() of that */
	SIZE = 4,                                         /* of the size before a block */
	SIGNATURE = 4,
};

struct lz4_legacy {
	lz4_block_fn *decompress;
	size_t size;     /* of the packed block; 0: that is still to come */
	size_t n_packed; /* of packed[], or of the size before the block */
	size_t n_plain;  /* of plain[] */
	size_t given;    /* of these */
	unsigned char packed[PACKED_MOST];
	unsigned char plain[PLAIN_MOST];
};

struct lz4_legacy *lz4_legacy_new(lz4_block_fn *decompress)
{
	struct lz4_legacy *l = malloc(sizeof *l);

	if (!l)
		return NULL;
	l->decompress = decompress;
	lz4_legacy_begin(l);
	return l;
}

void lz4_legacy_free(struct lz4_legacy *l)
{
	free(l);
}

void lz4_legacy_begin(struct lz4_legacy *l)
{
	l->size = l->n_packed = l->n_plain = l->given = 0;
}

bool lz4_legacy_may_end(const struct lz4_legacy *l)
{
	return l->size == 0 && l->n_packed == 0 && l->given == l->n_plain;
}

/* Moves input to packed[]. Are there `wanted` bytes now? Else that was all the input. */
static bool gather(struct lz4_legacy *l, struct decode_io *io, size_t wanted)
{
	size_t n = (size_t)min_u64(wanted - l->n_packed, io->in_left);

	memcpy(l->packed + l->n_packed, io->in, n);
	l->n_packed += n;
	io->in += n;
	io->in_left -= n;
	return l->n_packed == wanted;
}

/* packed[] holds a block. */
static enum decode_cause decode(struct lz4_legacy *l, struct decode_io *io)
{
	int n = l->decompress((const char *)l->packed, (char *)l->plain, (int)l->size, PLAIN_MOST);

	if (n < 0) {
		io->back = SIZE + l->size;
		return DECODE_CORRUPT;
	}
	l->n_plain = (size_t)n;
	l->given = l->size = l->n_packed = 0;
	return DECODE_OK;
}

static void give(struct lz4_legacy *l, struct decode_io *io)
{
	size_t n = (size_t)min_u64(l->n_plain - l->given, io->out_left);

	memcpy(io->out, l->plain + l->given, n);
	io->out += n;
	io->out_left -= n;
	l->given += n;
}

enum decode_cause lz4_legacy_run(struct lz4_legacy *l, struct decode_io *io, unsigned char *next)
{
	for (;;) {
		give(l, io);
		if (l->given < l->n_plain)
			return DECODE_OK;
		if (!gather(l, io, l->size > 0 ? l->size : SIZE))
			return DECODE_OK;
		if (l->size > 0) {
			enum decode_cause cause = decode(l, io);
			if (cause != DECODE_OK)
				return cause;
			continue;
		}
		l->n_packed = 0;
		l->size = load_le32(l->packed);
		if (l->size > PACKED_MOST) {
			memcpy(next, l->packed, SIZE);
			return DECODE_END;
		}
		if (l->size == 0) {
			io->back = SIZE;
			return DECODE_CORRUPT; /* no block has no bytes */
		}
	}
}

uint64_t lz4_legacy_end(struct header_window *w, uint64_t at, uint64_t size)
{
	unsigned char bytes[SIZE];

	at += SIGNATURE;
	while (at < size) {
		ssize_t have = header_peek(w, at, bytes, sizeof bytes);
		if (have < (ssize_t)sizeof bytes)
			return have < 0 ? DECODER_UNREAD : DECODER_NO_BORDER;
		if (load_le32(bytes) > PACKED_MOST)
			return at;
		at += SIZE + (uint64_t)load_le32(bytes);
	}
	return at;
}
