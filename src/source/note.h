/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Notes: what there is to say of data that was counted without a fault. Most of it is compressed in
 * a way that is known, but not decompressed.
 */
#ifndef PCOUNT_SOURCE_NOTE_H
#define PCOUNT_SOURCE_NOTE_H

#include "base/base.h"

enum note {
	NOTE_NONE,
	/* Counted as it is, where compressed data would have been decompressed. Its first bytes: */
	NOTE_PLAIN, /* are the signature of nothing */
	NOTE_COMPRESS,
	NOTE_ZIP,
	NOTE_7Z,
	NOTE_BROTLI,        /* has no signature: by its name */
	NOTE_DECOMPRESSED,  /* and nothing to say */
	NOTE_NO_END_MARKER, /* a BGZF file whose last member is not the empty one */
	NOTE_LAST = NOTE_NO_END_MARKER,
};

/* The note on data that begins with bytes[n] and is counted as it is. */
enum note note_of_bytes(const unsigned char *bytes, size_t n);

/* `note`, or if that knows nothing of the data, what the name of the file says. */
enum note note_of_name(enum note note, const char *name);

/* The note as one word, for programs; NULL: there is nothing to say. */
const char *note_code(enum note note);

/* The note in words, without a newline; NULL: there is nothing to say. */
const char *note_text(enum note note);

#endif
