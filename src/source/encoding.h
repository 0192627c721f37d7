/* SPDX-License-Identifier: BSD-2-Clause */
/* Encodings of text that are not the locale's. */
#ifndef PCOUNT_SOURCE_ENCODING_H
#define PCOUNT_SOURCE_ENCODING_H

#include "base/base.h"

enum encoding_form {
	ENCODING_NONE, /* any that extends ASCII, byte by byte */
	ENCODING_UTF16LE,
	ENCODING_UTF16BE,
	ENCODING_UTF32LE,
	ENCODING_UTF32BE,
};

/*
 * Which form of Unicode do bytes[n], the beginning of a text, have? Told by a byte order mark, or else
 * by units that are all characters fit for a text, one in 32 of them ASCII. *mark: bytes of the mark.
 */
enum encoding_form encoding_detect(const unsigned char *bytes, size_t n, unsigned *mark);

#endif
