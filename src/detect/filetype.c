/* SPDX-License-Identifier: BSD-2-Clause */
/* libmagic, loaded when it is needed. */
#include "base/base.h"
#include "detect/filetype.h"

#include <errno.h>
#include <stdlib.h>

#ifdef HAVE_LIBMAGIC

#include "base/library.h"

#include <magic.h>

static const char *const libraries[] = {LIBMAGIC_SONAME, "libmagic.so.1", NULL};

struct magic_api {
	typeof(magic_open) *open;
	typeof(magic_close) *close;
	typeof(magic_load) *load;
	typeof(magic_buffer) *buffer;
};

static const char *const magic_symbols[] = {"magic_open", "magic_close", "magic_load",
                                            "magic_buffer"};

struct filetype {
	struct magic_api api;
	magic_t cookie;
};

struct filetype *filetype_new(const char **why)
{
	struct filetype *f = calloc(1, sizeof *f);

	*why = "not enough memory";
	if (!f)
		return NULL;
	enum library_status status = LIBRARY_LOAD(libraries, magic_symbols, &f->api);
	if (status != LIBRARY_LOADED) {
		*why = status == LIBRARY_MISSING ? "cannot load " LIBMAGIC_SONAME
		                                 : LIBMAGIC_SONAME
		               " is too old: it lacks required functions";
		goto fail;
	}
	/* What is inside compressed data is not its business but that of -z, with limits. */
	f->cookie = f->api.open(MAGIC_MIME | MAGIC_NO_CHECK_COMPRESS);
	if (!f->cookie)
		goto fail;
	if (f->api.load(f->cookie, NULL) == 0)
		return f;
	*why = "cannot load the database of " LIBMAGIC_SONAME;
	f->api.close(f->cookie);
fail:
	free(f);
	return NULL;
}

void filetype_free(struct filetype *f)
{
	int saved = errno;

	if (!f)
		return;
	f->api.close(f->cookie);
	free(f);
	errno = saved;
}

void filetype_tell(struct filetype *f, const unsigned char *bytes, size_t n,
                   char type[FILETYPE_MAX])
{
	const char *answer = f->api.buffer(f->cookie, bytes,
	                                   n < FILETYPE_SNIFF_BYTES ? n : FILETYPE_SNIFF_BYTES);
	size_t len = 0;

	/* Blanks and what cannot be printed would make it more than one word. */
	for (const char *p = answer ? answer : ""; *p && len < FILETYPE_MAX - 1; p++)
		if (*p > ' ' && *p <= '~')
			type[len++] = *p;
	if (len == 0)
		type[len++] = '?';
	type[len] = '\0';
}

#else

struct filetype *filetype_new(const char **why)
{
	*why = "pcount was built without libmagic";
	errno = ENOSYS;
	return NULL;
}

void filetype_free(struct filetype *f UNUSED)
{
}

void filetype_tell(struct filetype *f UNUSED, const unsigned char *bytes UNUSED, size_t n UNUSED,
                   char type[FILETYPE_MAX])
{
	type[0] = '?';
	type[1] = '\0';
}

#endif
