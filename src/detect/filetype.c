/* SPDX-License-Identifier: BSD-2-Clause */
/* libmagic, loaded when it is needed. */
#include "base/base.h"
#include "detect/filetype.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_LIBMAGIC

#include "base/dlopen_note.h"
#include "base/optional.h"

#include <magic.h>
#include <sys/mman.h>

DLOPEN_NOTE(magic, "type", "Tells file types", LIBMAGIC_SONAME);

struct magic_api {
	typeof(magic_open) *open;
	typeof(magic_close) *close;
	typeof(magic_load) *load;
	typeof(magic_buffer) *buffer;
};

static const struct library_symbol magic_symbols[] = {
	{LIBRARY_SYMBOL(magic_open)},
	{LIBRARY_SYMBOL(magic_close)},
	{LIBRARY_SYMBOL(magic_load)},
	{LIBRARY_SYMBOL(magic_buffer)},
};

struct filetype {
	struct magic_api api;
	magic_t cookie;
};

/*
 * libmagic 5.44 does not survive a lack of memory: it takes an empty file for its database when it
 * cannot map that of 8 MiB, and frees twice what it could not enlarge. So there is more memory than
 * it needs, or it is not asked.
 */
enum { ROOM_TO_LOAD = 24 << 20, ROOM_TO_TELL = 8 << 20 };

static bool has_room(size_t size)
{
	void *room = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return room != MAP_FAILED && munmap(room, size) == 0;
}

struct filetype *filetype_new(const char **why)
{
	struct filetype *f = calloc(1, sizeof *f);

	*why = "not enough memory";
	if (!f)
		return NULL;
	enum library_status status = OPTIONAL_LOAD(OPTIONAL_MAGIC, magic_symbols, &f->api);
	if (status != LIBRARY_LOADED) {
		*why = status == LIBRARY_MISSING ? "cannot load " LIBMAGIC_SONAME
		                                 : LIBMAGIC_SONAME
		               " is too old: it lacks required functions";
		goto fail;
	}
	/* Compressed data is left to -z, which has limits. */
	f->cookie = f->api.open(MAGIC_MIME | MAGIC_NO_CHECK_COMPRESS);
	if (!f->cookie)
		goto fail;
	bool room = has_room(ROOM_TO_LOAD);
	if (room && f->api.load(f->cookie, NULL) == 0)
		return f;
	if (room)
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

int filetype_tell(struct filetype *f, const unsigned char *bytes, size_t n, char type[FILETYPE_MAX])
{
	bool room = has_room(ROOM_TO_TELL);
	size_t seen = n < FILETYPE_SNIFF_BYTES ? n : FILETYPE_SNIFF_BYTES, len = 0;
	const char *answer = room ? f->api.buffer(f->cookie, bytes, seen) : NULL;

	/* Blanks and what cannot be printed would make it more than one word. */
	for (const char *p = answer ? answer : ""; *p && len < FILETYPE_MAX - 1; p++)
		if (*p > ' ' && *p <= '~')
			type[len++] = *p;
	if (len == 0)
		type[len++] = '?';
	type[len] = '\0';
	/* There is always an answer, unless it was memory that was missing. */
	errno = ENOMEM;
	return answer ? 0 : -1;
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

int filetype_tell(struct filetype *f UNUSED, const unsigned char *bytes UNUSED, size_t n UNUSED,
                  char type[FILETYPE_MAX])
{
	type[0] = '?';
	type[1] = '\0';
	errno = ENOSYS;
	return -1;
}

#endif

static bool is_charset(const char *type, const char *charset)
{
	const char *at = strchr(type, '=');

	return at && strcmp(at + 1, charset) == 0;
}

void filetype_set_charset(char type[FILETYPE_MAX], const char *charset, bool sure, bool bom)
{
	static const char parameter[] = ";charset=", mark[] = ";bom";
	size_t at = strcspn(type, ";"), n = strlen(charset);

	if ((!sure && is_charset(type, "binary")) || strcmp(type, "?") == 0 ||
	    at + sizeof parameter + n + sizeof mark > FILETYPE_MAX)
		return;
	if (strcmp(charset, "UTF-8") != 0 || !is_charset(type, "us-ascii")) {
		memcpy(type + at, parameter, sizeof parameter);
		at += sizeof parameter - 1;
		for (size_t i = 0; i < n; i++)
			type[at + i] = (char)(charset[i] >= 'A' && charset[i] <= 'Z'
			                              ? charset[i] - 'A' + 'a'
			                              : charset[i]);
		type[at + n] = '\0';
	}
	if (bom)
		strcat(type, mark);
}
