/* SPDX-License-Identifier: BSD-2-Clause */
/* The optional libraries: which there are, by what file names they are loaded, and their versions.
 */
#ifndef PCOUNT_BASE_OPTIONAL_H
#define PCOUNT_BASE_OPTIONAL_H

#include "base/base.h"
#include "base/library.h"

enum { OPTIONAL_VERSION_MAX = 32 };

enum optional {
	OPTIONAL_ZSTD,
	OPTIONAL_ISAL,
	OPTIONAL_ZLIB,
	OPTIONAL_LZMA,
	OPTIONAL_BZ2,
	OPTIONAL_LZ4,
	OPTIONAL_MAGIC,
	OPTIONAL_JANSSON,
};

struct optional_library {
	const char *name;     /* as packages have it */
	const char *format;   /* the format of --decompress that it is for; NULL: none */
	const char *files[4]; /* of which one is loaded, up to NULL; none: built without it */
	struct library_symbol version; /* its function that returns it, as text; name NULL: none */
	bool is_number;                /* as an int: 544 is 5.44 */
};

/* By enum optional; a name NULL ends the list. */
extern const struct optional_library optional_libraries[];

/* LIBRARY_LOAD() of one of them. */
#define OPTIONAL_LOAD(id, symbols, api) LIBRARY_LOAD(optional_libraries[id].files, symbols, api)

/* Loads it for its version; "": it has none to tell. 0, or -1: it is not on this machine. */
int optional_version(const struct optional_library *library, char version[OPTIONAL_VERSION_MAX]);

#endif
