/* SPDX-License-Identifier: BSD-2-Clause */
/* What there is to say of data that was counted without a fault. */
#include "base/base.h"
#include "source/note.h"

#include <string.h>

/* Those of an archive without members and of one in several volumes begin otherwise. */
static const struct {
	enum note note;
	unsigned char length;
	unsigned char bytes[6];
} signatures[] = {
	{NOTE_ZIP, 4, {'P', 'K', 3, 4}},
	{NOTE_ZIP, 4, {'P', 'K', 5, 6}},
	{NOTE_ZIP, 4, {'P', 'K', 7, 8}},
	{NOTE_7Z, 6, {'7', 'z', 0xBC, 0xAF, 0x27, 0x1C}},
};

/*
 * Two bytes are little to go by, so the third must make sense too: bits of the longest code, two
 * that are not used, and whether the table of codes may be cleared.
 */
static bool is_compress(const unsigned char *bytes, size_t n)
{
	enum { BITS = 0x1F, UNUSED_BITS = 0x60, BITS_LEAST = 9, BITS_MOST = 16 };

	return n >= 3 && bytes[0] == 0x1F && bytes[1] == 0x9D && (bytes[2] & UNUSED_BITS) == 0 &&
	       (bytes[2] & BITS) >= BITS_LEAST && (bytes[2] & BITS) <= BITS_MOST;
}

enum note note_of_bytes(const unsigned char *bytes, size_t n)
{
	if (n == 0)
		return NOTE_NONE;
	for (size_t i = 0; i < ARRAY_LEN(signatures); i++)
		if (n >= signatures[i].length &&
		    memcmp(bytes, signatures[i].bytes, signatures[i].length) == 0)
			return signatures[i].note;
	return is_compress(bytes, n) ? NOTE_COMPRESS : NOTE_PLAIN;
}

enum note note_of_name(enum note note, const char *name)
{
	static const char suffix[] = ".br";

	if (note != NOTE_PLAIN)
		return note;
	size_t length = strlen(name), least = sizeof suffix - 1;
	if (length <= least)
		return note;
	return strcmp(name + length - least, suffix) == 0 ? NOTE_BROTLI : note;
}

const char *note_code(enum note note)
{
	static const char *const codes[] = {
		[NOTE_NONE] = NULL,
		[NOTE_PLAIN] = NULL,
		[NOTE_COMPRESS] = "compress",
		[NOTE_ZIP] = "zip",
		[NOTE_7Z] = "7z",
		[NOTE_BROTLI] = "brotli",
		[NOTE_DECOMPRESSED] = NULL,
		[NOTE_NO_END_MARKER] = "no-end-marker",
	};
	_Static_assert(ARRAY_LEN(codes) == NOTE_LAST + 1, "one for each note");

	return codes[note];
}

const char *note_text(enum note note)
{
#define AS_IT_IS ": cannot be decompressed, counted as it is"
	static const char *const texts[] = {
		[NOTE_NONE] = NULL,
		[NOTE_PLAIN] = NULL,
		[NOTE_COMPRESS] = "compress (.Z) data" AS_IT_IS,
		[NOTE_ZIP] = "zip archive" AS_IT_IS,
		[NOTE_7Z] = "7z archive" AS_IT_IS,
		[NOTE_BROTLI] = "brotli data, by its name" AS_IT_IS,
		[NOTE_DECOMPRESSED] = NULL,
		[NOTE_NO_END_MARKER] = "the BGZF end marker is missing; the file may be truncated",
	};
	_Static_assert(ARRAY_LEN(texts) == NOTE_LAST + 1, "one for each note");

	return texts[note];
}
