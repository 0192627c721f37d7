/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared libraries that are loaded when they are first needed, or linked. */
#include "base/base.h"
#include "base/library.h"

#include <string.h>

/* In POSIX a function pointer has the form of any other; C does not allow the cast. */
static void set_function(void *api, size_t i, const void *function)
{
	memcpy((char *)api + i * sizeof(void *), function, sizeof(void *));
}

#ifdef PCOUNT_LINKED_LIBRARIES

enum library_status library_load(const char *const *files UNUSED,
                                 const struct library_symbol *symbols, size_t n, void *api)
{
	for (size_t i = 0; i < n; i++) {
		if (!symbols[i].linked)
			return LIBRARY_UNSUITABLE;
		set_function(api, i, &symbols[i].linked);
	}
	return LIBRARY_LOADED;
}

#else

#include <dlfcn.h>

/* 0, or -1: one of them is not there. */
static int find_symbols(void *library, const struct library_symbol *symbols, size_t n, void *api)
{
	for (size_t i = 0; i < n; i++) {
		void *function = dlsym(library, symbols[i].name);
		if (!function)
			return -1;
		set_function(api, i, &function);
	}
	return 0;
}

enum library_status library_load(const char *const *files, const struct library_symbol *symbols,
                                 size_t n, void *api)
{
	enum library_status status = LIBRARY_MISSING;

	for (; *files; files++) {
		/* Loaded again by each worker, which only counts references; never unloaded. */
		void *library = dlopen(*files, RTLD_NOW | RTLD_LOCAL);
		if (library && find_symbols(library, symbols, n, api) == 0)
			return LIBRARY_LOADED;
		if (library)
			status = LIBRARY_UNSUITABLE;
	}
	return status;
}

#endif
