/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared libraries that are loaded when they are first needed. */
#include "base/base.h"
#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

/* 0, or -1: one of them is not there. */
static int find_symbols(void *library, const char *const *symbols, size_t n, void *api)
{
	for (size_t i = 0; i < n; i++) {
		void *function = dlsym(library, symbols[i]);
		if (!function)
			return -1;
		/* In POSIX a function pointer has this form too; C does not allow the cast. */
		memcpy((char *)api + i * sizeof function, &function, sizeof function);
	}
	return 0;
}

enum library_status library_load(const char *const *files, const char *const *symbols, size_t n,
                                 void *api)
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
