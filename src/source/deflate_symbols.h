/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decodes DEFLATE from a block's border on, where what precedes it need not be known: to symbols of
 * 16 bits, each a byte, or a marker that names a byte of the unknown window.
 *
 *      | window, 32768 symbols: bytes, or markers 32768 + place | text -> |
 *      a reference copies symbols, of either kind, and need not know which
 *
 * (Kerbiriou and Chikhi, 2019: "Parallel decompression of gzip-compressed files and random access
 * to DNA sequences".) What comes of it counts only if the checksum of its member is right.
 */
#ifndef PCOUNT_SOURCE_DEFLATE_SYMBOLS_H
#define PCOUNT_SOURCE_DEFLATE_SYMBOLS_H

#include "base/base.h"
#include "source/deflate_code.h"

enum {
	DEFLATE_WINDOW = 32768,
	DEFLATE_MARKER = 32768, /* the first marker: of the window's first byte */
	/* Symbols of room that a text must have beyond what is to be decoded. */
	DEFLATE_ROOM = 512,
};

/* Symbols, after a window of them. */
struct deflate_text {
	uint16_t *begin; /* DEFLATE_WINDOW symbols before it are the window */
	uint16_t *next;  /* after the last symbol */
	uint16_t *end;   /* of the room */
	uint16_t *first; /* no reference goes back farther: the member's first, or the window's */
};

struct deflate_input {
	const unsigned char *bytes; /* DEFLATE_SLACK more than `bits` tells may be read */
	uint64_t bits;              /* how many there are */
	uint64_t at;                /* the next one */
};

enum deflate_step {
	DEFLATE_BLOCK,      /* a block is decoded */
	DEFLATE_LAST_BLOCK, /* the last of a stream is */
	DEFLATE_CUT,        /* the input ends in the block; nothing has changed */
	DEFLATE_FULL,       /* there is no room for the block; nothing has changed */
	DEFLATE_BAD,        /* this is no block; nothing has changed */
};

/* Decodes the block that begins at in->at. Tables are made in *t. */
enum deflate_step deflate_decode_block(struct deflate_tables *t, struct deflate_input *in,
                                       struct deflate_text *text);

/* Makes text->begin's window unknown: all markers. */
void deflate_unknown_window(struct deflate_text *text);

#endif
