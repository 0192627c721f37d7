/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Walks through the bzip2 blocks of a piece of a file, from wherever one begins: see
 * decoder_enter(). Each is decoded as a stream of its own. Private to source/.
 */
#ifndef PCOUNT_SOURCE_BZIP2_WALK_H
#define PCOUNT_SOURCE_BZIP2_WALK_H

#include "base/base.h"
#include "source/bzip2_block.h"
#include "source/format.h"
#include "source/lookahead.h"

/* Decodes a whole stream for the sink. Is it one, to the last byte? */
typedef bool bzip2_decode_fn(void *arg, const unsigned char *stream, size_t n,
                             struct decode_out *out);

struct bzip2_walk {
	bzip2_decode_fn *decode;
	void *arg;
	struct bzip2_finder finder;
	struct decode_piece piece;
	struct lookahead ahead; /* begins with the byte that `at` is in */
	bool failed;            /* to read on; or there was no memory */
	bool searching;         /* nothing has been entered */
	uint64_t at;            /* bit of the data where the next unit begins, or may */
	uint64_t tried;         /* bit where it does not end; 0: none has been tried */
	unsigned ends;          /* tried for this block */
	unsigned starts;        /* tried, of those that the search has found */
	unsigned level;         /* of the first stream: what a search takes for granted */
	unsigned char *stream;  /* [room]: the block as a stream */
	size_t room;
};

void bzip2_walk_init(struct bzip2_walk *w, bzip2_decode_fn *decode, void *arg);
void bzip2_walk_free(struct bzip2_walk *w);

/* Of struct format_ops. */
void bzip2_walk_enter(struct bzip2_walk *w, const struct decode_piece *piece);
enum decode_walk bzip2_walk_step(struct bzip2_walk *w, struct decode_span *span,
                                 struct decode_out *out);
bool bzip2_chain(struct decode_place *at, const struct decode_span *span);

/* Do bytes[n] begin a stream: "BZh", a level, the signature of a block or of the end? */
enum { BZIP2_STREAM_SIGNATURE = BZIP2_HEAD + BZIP2_SIGNATURE / 8 };
bool bzip2_detect(const unsigned char *bytes, size_t n);

#endif
