/* SPDX-License-Identifier: BSD-2-Clause */
/* The optional libraries by name, for --version: which there are, and of which version. */
#ifndef PCOUNT_BASE_OPTIONAL_H
#define PCOUNT_BASE_OPTIONAL_H

#include "base/base.h"
#include "base/library.h"

enum { OPTIONAL_VERSION_MAX = 32 };

struct optional_library {
	const char *name;     /* as packages have it */
	const char *format;   /* the format of --decompress that it is for; NULL: none */
	const char *files[4]; /* of which one is loaded, up to NULL; none: built without it */
	struct library_symbol version; /* its function that returns it, as text; name NULL: none */
	bool is_number;                /* as an int: 544 is 5.44 */
};

/* A name NULL ends the list. */
extern const struct optional_library optional_libraries[];

/* Loads it for its version; "": it has none to tell. 0, or -1: it is not on this machine. */
int optional_version(const struct optional_library *library, char version[OPTIONAL_VERSION_MAX]);

#endif
