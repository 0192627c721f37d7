/* SPDX-License-Identifier: BSD-2-Clause */
/* The optional libraries, and their versions. */
#include "base/base.h"
#include "base/optional.h"

#include "base/library.h"

#include <stdio.h>
#include <string.h>

const struct optional_library optional_libraries[] = {
#ifdef HAVE_LIBZSTD
	{"libzstd", "zstd", {LIBZSTD_SONAME, "libzstd.so.1"}, "ZSTD_versionString", false},
#else
	{.name = "libzstd", .format = "zstd"},
#endif
#ifdef HAVE_LIBISAL
	{"libisal", "gzip", {LIBISAL_SONAME, "libisal.so.2"}, NULL, false},
#else
	{.name = "libisal", .format = "gzip"},
#endif
#ifdef HAVE_LIBZ
	{"zlib", "gzip", {LIBZ_SONAME, "libz.so.1"}, "zlibVersion", false},
#else
	{.name = "zlib", .format = "gzip"},
#endif
#ifdef HAVE_LIBLZMA
	{"liblzma", "xz", {LIBLZMA_SONAME, "liblzma.so.5"}, "lzma_version_string", false},
#else
	{.name = "liblzma", .format = "xz"},
#endif
#ifdef HAVE_LIBBZ2
	{"libbz2",
         "bzip2",
         {LIBBZ2_SONAME, "libbz2.so.1.0", "libbz2.so.1"},
         "BZ2_bzlibVersion",
         false},
#else
	{.name = "libbz2", .format = "bzip2"},
#endif
#ifdef HAVE_LIBLZ4
	{"liblz4", "lz4", {LIBLZ4_SONAME, "liblz4.so.1"}, "LZ4_versionString", false},
#else
	{.name = "liblz4", .format = "lz4"},
#endif
#ifdef HAVE_LIBMAGIC
	{"libmagic", NULL, {LIBMAGIC_SONAME, "libmagic.so.1"}, "magic_version", true},
#else
	{.name = "libmagic", .format = NULL},
#endif
#ifdef HAVE_LIBJANSSON
	{"libjansson", NULL, {LIBJANSSON_SONAME, "libjansson.so.4"}, "jansson_version_str", false},
#else
	{.name = "libjansson", .format = NULL},
#endif
	{0},
};

int optional_version(const struct optional_library *library, char version[OPTIONAL_VERSION_MAX])
{
	union {
		const char *(*text)(void);
		int (*number)(void);
	} function;

	*version = '\0';
	if (library_load(library->files, NULL, 0, NULL) != LIBRARY_LOADED)
		return -1;
	if (!library->symbol ||
	    library_load(library->files, &library->symbol, 1, &function) != LIBRARY_LOADED)
		return 0; /* an early version may not have that function */
	if (library->is_number) {
		int number = function.number();
		snprintf(version, OPTIONAL_VERSION_MAX, "%d.%02d", number / 100, number % 100);
	} else {
		const char *text = function.text(); /* a date may follow */
		snprintf(version, OPTIONAL_VERSION_MAX, "%.*s", (int)strcspn(text, ", "), text);
	}
	return 0;
}
