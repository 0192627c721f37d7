/* SPDX-License-Identifier: BSD-2-Clause */
/* Encodings by their names. */
#include "base/base.h"
#include "base/utf8.h"
#include "text/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

size_t encoding_bytes_needed(const struct encoding *e)
{
	if (e->mode == ENCODING_AUTO || e->mode == ENCODING_UNICODE)
		return ENCODING_SNIFF_BYTES;
	return e->mode == ENCODING_NAMED && encoding_is_unicode(e->form) ? ENCODING_BOM_MAX : 0;
}

const char *encoding_name(const struct encoding *e, enum encoding_form form)
{
	static const char names[][16] = {
		[ENCODING_NONE] = "UTF-8",       [ENCODING_UTF16LE] = "UTF-16LE",
		[ENCODING_UTF16BE] = "UTF-16BE", [ENCODING_UTF32LE] = "UTF-32LE",
		[ENCODING_UTF32BE] = "UTF-32BE",
	};

	return encoding_is_unicode(form) ? names[form] : e->name;
}

unsigned encoding_unit(enum encoding_form form)
{
	switch (form) {
	case ENCODING_UTF16LE:
	case ENCODING_UTF16BE:
		return 2;
	case ENCODING_UTF32LE:
	case ENCODING_UTF32BE:
		return 4;
	case ENCODING_ICONV:
		return 0;
	default:
		return 1;
	}
}

static bool is_separator(char c)
{
	return c == '-' || c == '_' || c == '/';
}

/* Is it a name of `plain`, in any case and whatever separates its parts? */
static bool is_named(const char *name, const char *plain)
{
	while (*name) {
		if (is_separator(*name))
			name++;
		else if (!*plain || strncasecmp(name++, plain++, 1) != 0)
			return false;
	}
	return !*plain;
}

/* Fills the table. 0, or -1: bytes are not characters by themselves. */
static int fill_table(struct encoding *e, iconv_t cd)
{
	for (unsigned b = 0; b < 256; b++) {
		char byte = (char)b, *in = &byte;
		char utf8[8], *out = utf8;
		size_t left = 1, room = sizeof utf8;
		struct encoding_byte *entry = &e->byte[b];
		iconv(cd, NULL, NULL, NULL, NULL);
		size_t status = iconv(cd, &in, &left, &out, &room);
		size_t len = sizeof utf8 - room;
		if (status == (size_t)-1 && errno == EILSEQ) {
			*entry = (struct encoding_byte){1, {0xFF, 0, 0}};
			continue;
		}
		/* Waiting for more, a change of state, or more than one character. */
		if (status == (size_t)-1 || len == 0 || len > sizeof entry->utf8 ||
		    utf8_character((unsigned char *)utf8, len) != len)
			return -1;
		entry->len = (unsigned char)len;
		memcpy(entry->utf8, utf8, len);
	}
	return 0;
}

/*
 * Encodings that are decoded here, not by iconv(3). Those of ISO 10646 are older names for the same
 * units: where they are in use today, pairs of surrogates are, too.
 */
static const struct {
	char name[16]; /* not a pointer, which would cost time at every start */
	enum encoding_form form;
	bool any_order;
} own[] = {
	{"UTF8", ENCODING_NONE, false},
	{"UTF16", ENCODING_UTF16LE, true},
	{"UTF16LE", ENCODING_UTF16LE, false},
	{"UTF16BE", ENCODING_UTF16BE, false},
	{"UTF32", ENCODING_UTF32LE, true},
	{"UTF32LE", ENCODING_UTF32LE, false},
	{"UTF32BE", ENCODING_UTF32BE, false},
	{"UCS2", ENCODING_UTF16LE, true},
	{"ISO10646UCS2", ENCODING_UTF16LE, true},
	{"UNICODE", ENCODING_UTF16LE, true},
	{"CSUNICODE", ENCODING_UTF16LE, true},
	{"UCS2LE", ENCODING_UTF16LE, false},
	{"UNICODELITTLE", ENCODING_UTF16LE, false},
	{"UCS2BE", ENCODING_UTF16BE, false},
	{"UNICODEBIG", ENCODING_UTF16BE, false},
	{"UCS4LE", ENCODING_UTF32LE, false},
	{"UCS4BE", ENCODING_UTF32BE, false},
	/* Without a byte order mark, as iconv(3) has it. */
	{"UCS4", ENCODING_UTF32BE, true},
	{"ISO10646UCS4", ENCODING_UTF32BE, true},
	{"ISO10646", ENCODING_UTF32BE, true},
	{"CSUCS4", ENCODING_UTF32BE, true},
};

/* Encodings of bytes below `limit`, which are the code points. */
static const struct {
	char name[16];
	unsigned limit;
} latin[] = {
	{"ISO88591", 0x100}, {"LATIN1", 0x100},      {"ASCII", 0x80},
	{"USASCII", 0x80},   {"ANSIX3.41968", 0x80},
};

static void fill_latin(struct encoding *e, unsigned limit)
{
	e->form = ENCODING_BYTES;
	for (unsigned b = 0; b < 256; b++) {
		struct encoding_byte *entry = &e->byte[b];
		unsigned char utf8[UTF8_LENGTH_MAX] = {0xFF};
		entry->len = (unsigned char)(b < limit ? utf8_encode(b, utf8) : 1);
		memcpy(entry->utf8, utf8, sizeof entry->utf8);
	}
}

/* Makes *e by a table of those above. 0, or -1: the name is in none. */
static int open_own(struct encoding *e)
{
	for (size_t i = 0; i < ARRAY_LEN(own); i++) {
		if (is_named(e->name, own[i].name)) {
			e->form = own[i].form;
			e->any_order = own[i].any_order;
			return 0;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(latin); i++) {
		if (is_named(e->name, latin[i].name)) {
			fill_latin(e, latin[i].limit);
			return 0;
		}
	}
	return -1;
}

/* Bytes of a unit: as many NULs as are one character. */
static unsigned find_unit(iconv_t cd)
{
	for (unsigned n = 1; n <= 4; n *= 2) {
		char nuls[4] = {0}, utf8[8], *in = nuls, *out = utf8;
		size_t left = n, room = sizeof utf8;
		iconv(cd, NULL, NULL, NULL, NULL);
		if (iconv(cd, &in, &left, &out, &room) != (size_t)-1 && left == 0)
			return n;
	}
	return 1;
}

/* Does iconv(3) lack modules that systems have which are complete? */
static bool modules_are_missing(void)
{
	iconv_t cd = iconv_open("UTF-8", "GB18030");

	if (cd == (iconv_t)-1)
		return true;
	iconv_close(cd);
	return false;
}

int encoding_open(struct encoding *e, enum encoding_mode mode, const char *name, const char *kernel)
{
	*e = (struct encoding){.mode = mode, .name = name, .kernel = kernel, .unit = 1};
	if (mode == ENCODING_UNICODE || open_own(e) == 0)
		return 0;
	iconv_t cd = iconv_open("UTF-8", name);
	if (cd == (iconv_t)-1) {
		if (errno == EINVAL)
			errno = modules_are_missing() ? ENOPKG : EINVAL;
		return -1;
	}
	e->form = fill_table(e, cd) == 0 ? ENCODING_BYTES : ENCODING_ICONV;
	if (e->form == ENCODING_ICONV)
		e->unit = find_unit(cd);
	iconv_close(cd);
	return 0;
}
