/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared libraries that are loaded when they are first needed, so that starting costs nothing. */
#ifndef PCOUNT_BASE_LIBRARY_H
#define PCOUNT_BASE_LIBRARY_H

#include "base/base.h"

enum library_status {
	LIBRARY_LOADED,
	LIBRARY_MISSING,    /* no library of these names can be loaded */
	LIBRARY_UNSUITABLE, /* one can, but lacks a function: too old, or another one of that name
	                     */
};

/*
 * Loads the first library of files[], up to NULL, that has all that is needed, and fills api[n], a
 * struct of nothing but function pointers, with the functions called symbols[n], in that order. It
 * stays loaded. Any thread.
 */
enum library_status library_load(const char *const *files, const char *const *symbols, size_t n,
                                 void *api);

/* library_load() for a struct *api and an array of as many names. */
#define LIBRARY_LOAD(files, symbols, api)                              \
	(verify(sizeof *(api) == ARRAY_LEN(symbols) * sizeof(void *)), \
	 library_load((files), (symbols), ARRAY_LEN(symbols), (api)))

#endif
