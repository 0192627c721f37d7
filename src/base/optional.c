/* SPDX-License-Identifier: BSD-2-Clause */
/* The optional libraries, and their versions. */
#include "base/base.h"
#include "base/library.h"
#include "base/optional.h"

#include <stdio.h>
#include <string.h>

#ifdef HAVE_LIBZSTD
#include <zstd.h>
#endif
#ifdef HAVE_LIBZ
#include <zlib.h>
#endif
#ifdef HAVE_LIBLZMA
#include <lzma.h>
#endif
#ifdef HAVE_LIBBZ2
#include <bzlib.h>
#endif
#ifdef HAVE_LIBLZ4
#include <lz4.h>
#endif
#ifdef HAVE_LIBMAGIC
#include <magic.h>
#endif
#ifdef HAVE_LIBJANSSON
#include <jansson.h>
#if JANSSON_VERSION_HEX < 0x020d00 /* it tells its version since 2.13 */
#define jansson_version_str NULL
#endif
#endif

const struct optional_library optional_libraries[] = {
	[OPTIONAL_ZSTD] =
		{
			.name = "libzstd",
			.format = "zstd",
#ifdef HAVE_LIBZSTD
			.files = {LIBZSTD_SONAME, "libzstd.so.1"},
			.version = {LIBRARY_SYMBOL(ZSTD_versionString)},
#endif
		},
	[OPTIONAL_ISAL] =
		{
			.name = "libisal",
			.format = "gzip",
#ifdef HAVE_LIBISAL
			.files = {LIBISAL_SONAME, "libisal.so.2"},
#endif
		},
	[OPTIONAL_ZLIB] =
		{
			.name = "zlib",
			.format = "gzip",
#ifdef HAVE_LIBZ
			.files = {LIBZ_SONAME, "libz.so.1"},
			.version = {LIBRARY_SYMBOL(zlibVersion)},
#endif
		},
	[OPTIONAL_LZMA] =
		{
			.name = "liblzma",
			.format = "xz",
#ifdef HAVE_LIBLZMA
			.files = {LIBLZMA_SONAME, "liblzma.so.5"},
			.version = {LIBRARY_SYMBOL(lzma_version_string)},
#endif
		},
	[OPTIONAL_BZ2] =
		{
			.name = "libbz2",
			.format = "bzip2",
#ifdef HAVE_LIBBZ2
			/* Debian's name, and that of others. */
			.files = {LIBBZ2_SONAME, "libbz2.so.1.0", "libbz2.so.1"},
			.version = {LIBRARY_SYMBOL(BZ2_bzlibVersion)},
#endif
		},
	[OPTIONAL_LZ4] =
		{
			.name = "liblz4",
			.format = "lz4",
#ifdef HAVE_LIBLZ4
			.files = {LIBLZ4_SONAME, "liblz4.so.1"},
			.version = {LIBRARY_SYMBOL(LZ4_versionString)},
#endif
		},
	[OPTIONAL_MAGIC] =
		{
			.name = "libmagic",
#ifdef HAVE_LIBMAGIC
			.files = {LIBMAGIC_SONAME, "libmagic.so.1"},
			.version = {LIBRARY_SYMBOL(magic_version)},
			.is_number = true,
#endif
		},
	[OPTIONAL_JANSSON] =
		{
			.name = "libjansson",
#ifdef HAVE_LIBJANSSON
			.files = {LIBJANSSON_SONAME, "libjansson.so.4"},
			.version = {LIBRARY_SYMBOL(jansson_version_str)},
#endif
		},
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
	if (!library->version.name ||
	    library_load(library->files, &library->version, 1, &function) != LIBRARY_LOADED)
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
