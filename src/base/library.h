/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared libraries that are loaded when they are first needed, so that starting costs nothing. */
#ifndef PCOUNT_BASE_LIBRARY_H
#define PCOUNT_BASE_LIBRARY_H

#include "base/base.h"

/*
 * Loads the library of file name `file` and fills api[n], a struct of nothing but function
 * pointers, with the functions called symbols[n], in that order. False: there is no such library,
 * or it lacks one of them. It stays loaded. Any thread.
 */
bool library_load(const char *file, const char *const *symbols, size_t n, void *api);

/* library_load() for a struct *api and an array of as many names. */
#define LIBRARY_LOAD(file, symbols, api)                               \
	(verify(sizeof *(api) == ARRAY_LEN(symbols) * sizeof(void *)), \
	 library_load((file), (symbols), ARRAY_LEN(symbols), (api)))

#endif
