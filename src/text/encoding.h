/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encodings of text that are not the locale's: told by first bytes, or named by the user; and their
 * transcoding to UTF-8, block by block. What is no character becomes the byte FF, which in UTF-8 is
 * one encoding error.
 */
#ifndef PCOUNT_TEXT_ENCODING_H
#define PCOUNT_TEXT_ENCODING_H

#include "base/base.h"

enum encoding_form {
	ENCODING_NONE, /* none of the below, UTF-8 too: the kernel takes the bytes as they are */
	ENCODING_UTF16LE,
	ENCODING_UTF16BE,
	ENCODING_UTF32LE,
	ENCODING_UTF32BE,
	ENCODING_BYTES, /* one byte, one character: by a table */
	ENCODING_ICONV, /* any other, by iconv(3): from the start on */
};

enum encoding_mode {
	ENCODING_LOCALE, /* the locale's, for all */
	ENCODING_AUTO,   /* found out for each */
	ENCODING_NAMED,
	ENCODING_UNICODE, /* UTF-16 and UTF-32 are found out; all else is the locale's */
};

/* What one byte of an encoding is in UTF-8. */
struct encoding_byte {
	unsigned char len; /* 1 to 3 */
	unsigned char utf8[3];
};

enum {
	ENCODING_BOM_MAX = 4,        /* bytes of a byte order mark */
	ENCODING_SNIFF_BYTES = 4096, /* first bytes that tell what a text is encoded in */
};

/* The encoding to count; constant once it is made, and shared by all. All zero: LOCALE. */
struct encoding {
	enum encoding_mode mode;
	enum encoding_form form; /* NAMED: of all; AUTO: of what is neither Unicode nor ASCII */
	bool any_order;     /* NAMED "UTF-16" and the like: a byte order mark tells the order */
	unsigned unit;      /* ICONV: bytes of a unit, 1, 2 or 4 */
	const char *name;   /* as iconv(3) knows it */
	const char *kernel; /* forced for UTF-16; NULL: the best */
	struct encoding_byte byte[256]; /* ENCODING_BYTES */
};

/*
 * Makes *e for the encoding called `name`, or for AUTO with `name` for what is not Unicode; for
 * UNICODE `name` is that of the locale's charset. `kernel`: a name as in PCOUNT_KERNEL, or NULL. 0,
 * or -1 and errno: EINVAL if nobody knows the name, ENOPKG if it may be one for which iconv(3) has
 * no module on this machine.
 */
int encoding_open(struct encoding *e, enum encoding_mode mode, const char *name,
                  const char *kernel);

/*
 * Which form of Unicode do bytes[n], the beginning of a text, have? Told by a byte order mark,
 * or else by units that are all characters fit for a text, one in 32 of them ASCII. *bom_len: bytes
 * of the byte order mark. Other texts are ENCODING_NONE, those with the mark of UTF-8 too.
 */
enum encoding_form encoding_detect(const unsigned char *bytes, size_t n, unsigned *bom_len);
/* encoding_detect() by the byte order mark alone. */
enum encoding_form encoding_of_bom(const unsigned char *bytes, size_t n, unsigned *bom_len);

/*
 * The form of data that begins with bytes[n], by the mode. *bom_len: bytes of a byte order mark of
 * this form, which are no text.
 */
enum encoding_form encoding_of(const struct encoding *e, const unsigned char *bytes, size_t n,
                               unsigned *bom_len);
/* First bytes on which that depends: 0, ENCODING_BOM_MAX, or ENCODING_SNIFF_BYTES. */
size_t encoding_bytes_needed(const struct encoding *e);

/* The name of what has this form: "UTF-8", "UTF-16LE" and so on, or as it was named. */
const char *encoding_name(const struct encoding *e, enum encoding_form form);

/* Is it UTF-16, UTF-32 or, with a mode that decodes all text, UTF-8? */
static inline bool encoding_is_unicode(enum encoding_form form)
{
	return form < ENCODING_BYTES;
}

/* Bytes of a unit, at whose multiples pieces of the form begin; 0: there is no telling where. */
unsigned encoding_unit(enum encoding_form form);

struct transcoder;

/* One for each worker. NULL and errno. */
struct transcoder *transcoder_new(const struct encoding *e);
void transcoder_free(struct transcoder *t);

/* Starts anew with data of that form, which is not NONE. */
void transcoder_start(struct transcoder *t, enum encoding_form form);

/* Takes in UTF-8, valid during the call. */
typedef void transcoder_sink(void *arg, const unsigned char *utf8, size_t n);

/* Transcodes the next bytes[n]. */
void transcoder_feed(struct transcoder *t, const unsigned char *bytes, size_t n,
                     transcoder_sink *sink, void *arg);
/*
 * There is no more: what is unfinished is an error for each byte; of UTF-16 and 32, for each unit.
 */
void transcoder_finish(struct transcoder *t, transcoder_sink *sink, void *arg);

#endif
