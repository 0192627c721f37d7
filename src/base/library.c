/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared libraries that are loaded when they are first needed. */
#include "base/base.h"
#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

bool library_load(const char *file, const char *const *symbols, size_t n, void *api)
{
	/* Loaded again by each worker, which only counts references; never unloaded. */
	void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return false;
	for (size_t i = 0; i < n; i++) {
		void *function = dlsym(library, symbols[i]);
		if (!function)
			return false;
		/* POSIX has a function pointer look like this one; C would not have it cast. */
		memcpy((char *)api + i * sizeof function, &function, sizeof function);
	}
	return true;
}
