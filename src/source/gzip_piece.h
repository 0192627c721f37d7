/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pieces of a gzip file, cut anywhere. A piece is entered at the first border between blocks that
 * is found in it, decoded to symbols without a window, and kept until all before it is known: then
 * it turns out whether that is where the piece before it ends, and the symbols become text.
 *
 *      gzip_piece_begin() -> gzip_piece_search() -> gzip_piece_accept(place)? else
 *      gzip_piece_start(place) -> gzip_piece_leave(), gzip_piece_text() until there is no more
 *
 * All that this decodes is to be confirmed by the checksums and lengths of its members; whatever
 * looks wrong is left to the decoder that pieces do without.
 */
#ifndef PCOUNT_SOURCE_GZIP_PIECE_H
#define PCOUNT_SOURCE_GZIP_PIECE_H

#include "base/base.h"
#include "source/deflate_symbols.h"

struct gzip_piece;

enum gzip_at {
	GZIP_AT_MEMBER, /* a member may begin here */
	GZIP_AT_BLOCK,  /* inside a member a block does */
	GZIP_AT_REST,   /* something else than a member begins here, or nothing: all the rest is
	                   its business who has come here */
	GZIP_AT_FAULT,  /* nobody knows how to go on */
};

/* A place where a piece ends and the next one goes on. */
struct gzip_place {
	enum gzip_at at;
	uint64_t bit;                         /* of the file */
	unsigned n_window;                    /* bytes of the member before it, up to the window */
	unsigned char window[DEFLATE_WINDOW]; /* its last bytes are these */
};

/* What is to be compared with the ends of members: see gzip_sum_add(). */
struct gzip_sum {
	struct gzip_run {
		uint32_t crc;
		uint64_t n;
	} first, last;      /* up to the first end of a member, or all; after the last */
	bool ended;         /* there was one */
	uint32_t crc, size; /* what the first says of its member */
};

/*
 * Adds what follows to *sum, which begins with a member: {0} at first. False: a member is not what
 * its end says.
 */
bool gzip_sum_add(struct gzip_sum *sum, const struct gzip_sum *more);

enum gzip_stop {
	GZIP_STOP_BORDER, /* at the place where the next piece is to go on */
	GZIP_STOP_ROOM,   /* there is more, when this has been taken */
	GZIP_STOP_REST,   /* at GZIP_AT_REST */
	GZIP_STOP_FAULT,  /* what follows cannot be decoded, or not here */
};

/* Symbols of room for `memory` bytes; NULL: no memory. */
struct gzip_piece *gzip_piece_new(uint64_t memory);
void gzip_piece_free(struct gzip_piece *p);

/* The piece [begin, end) of the file: blocks from the first border on that is found there, and up
 * to the first from `end` on. */
void gzip_piece_begin(struct gzip_piece *p, int fd, uint64_t begin, uint64_t end);

/* Is there a border? */
bool gzip_piece_find(struct gzip_piece *p);
/* Enters it. Is there a border? */
bool gzip_piece_search(struct gzip_piece *p);
/* Is the place where it was entered the right one? Then its text can be had. */
bool gzip_piece_accept(struct gzip_piece *p, const struct gzip_place *from);
/* Decodes from the place on, as far as there is room. */
void gzip_piece_start(struct gzip_piece *p, const struct gzip_place *from);

/* Why it ends. */
enum gzip_stop gzip_piece_stop(const struct gzip_piece *p);
/* Where it ends. *from, which it was given, becomes that. The compressed bytes between them. */
uint64_t gzip_piece_leave(struct gzip_piece *p, struct gzip_place *place);
/*
 * Is so much of it stored that there is nothing to be gained by several workers? Copying is all
 * that there is to do, and symbols are twice as large.
 */
bool gzip_piece_is_stored(const struct gzip_piece *p);
/* The next bytes[n] of its text, valid until the next call of these; 0: there are no more. */
size_t gzip_piece_text(struct gzip_piece *p, const unsigned char **bytes);
/* Of all text since gzip_piece_begin(). False: a member is not what its end says. */
bool gzip_piece_sum(const struct gzip_piece *p, struct gzip_sum *sum);

#endif
