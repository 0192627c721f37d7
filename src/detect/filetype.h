/* SPDX-License-Identifier: BSD-2-Clause */
/* MIME type and charset, as libmagic has it. */
#ifndef PCOUNT_DETECT_FILETYPE_H
#define PCOUNT_DETECT_FILETYPE_H

#include "base/base.h"

enum {
	FILETYPE_SNIFF_BYTES = 64 << 10, /* first bytes that are inspected: more takes long, and
	                             tells no more */
	FILETYPE_MAX = 128, /* bytes of a type, NUL included; the longest known has 90 */
};

/*
 * Inspects bytes for one worker at a time. The first of a process must be made before there are
 * other threads: libmagic sets up tables then.
 */
struct filetype;

/* Loads the library and its database. NULL: *why says why, in a few words that need no freeing. */
struct filetype *filetype_new(const char **why);
void filetype_free(struct filetype *f);

/*
 * The type of data that begins with bytes[n]: "text/plain;charset=utf-8", without blanks; never
 * empty. 0, or -1 and errno: it could not be found out, and is "?".
 */
int filetype_tell(struct filetype *f, const unsigned char *bytes, size_t n,
                  char type[FILETYPE_MAX]);

/*
 * Says in `type` that the charset of the text is `charset`, after a byte order mark if `bom`. ASCII
 * is UTF-8 and stays what it is. Data that is no text stays "binary", unless `sure`. What would get
 * too long stays as it is.
 */
void filetype_set_charset(char type[FILETYPE_MAX], const char *charset, bool sure, bool bom);

#endif
