/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared libraries that are loaded when they are first needed, so that starting costs nothing; or
 * linked (configure --enable-linked-libraries), for static programs and for systems where a library
 * that a program needs has to be named in its header.
 */
#ifndef PCOUNT_BASE_LIBRARY_H
#define PCOUNT_BASE_LIBRARY_H

#include "base/base.h"

enum library_status {
	LIBRARY_LOADED,
	LIBRARY_MISSING,    /* no library of these names can be loaded */
	LIBRARY_UNSUITABLE, /* one can, but lacks a function: too old, or another one of that name
	                     */
};

struct library_symbol {
	const char *name;
	void (*linked)(void); /* NULL unless linked */
};

#ifdef PCOUNT_LINKED_LIBRARIES
#define LIBRARY_LINKED(function) (void (*)(void))(function)
#else
#define LIBRARY_LINKED(function) NULL
#endif

/* {LIBRARY_SYMBOL(f)}: the symbol of f, a function that its library's header declares. */
#define LIBRARY_SYMBOL(function) #function, LIBRARY_LINKED(function)

/*
 * Loads the first library of files[], up to NULL, that has all that is needed, and fills api[n], a
 * struct of nothing but function pointers, with the functions symbols[n], in that order. It stays
 * loaded. If libraries are linked, files[] does not matter. Any thread.
 */
enum library_status library_load(const char *const *files, const struct library_symbol *symbols,
                                 size_t n, void *api);

/* library_load() for a struct *api and an array of as many symbols. */
#define LIBRARY_LOAD(files, symbols, api)                              \
	(verify(sizeof *(api) == ARRAY_LEN(symbols) * sizeof(void *)), \
	 library_load((files), (symbols), ARRAY_LEN(symbols), (api)))

#endif
