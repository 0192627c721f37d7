/* SPDX-License-Identifier: BSD-2-Clause */
/* Kinds of records from text and back. */
#include "base/base.h"
#include "tally/record_kind.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In the order in which a byte is looked for: the first name of a kind is the one it is written by.
 */
static const struct {
	const char *name;
	struct record_kind kind;
} named[] = {
	{"lines", {RECORDS_SEPARATED, '\n'}},
	{"nul", {RECORDS_SEPARATED, '\0'}},
	{"csv", {RECORDS_QUOTED, ','}},
	{"tsv", {RECORDS_QUOTED, '\t'}},
};

static const struct {
	const char *start;
	enum record_form form;
	enum record_kind_status fault;
	const char *refused; /* bytes that cannot follow */
} with_byte[] = {
	{"sep=", RECORDS_SEPARATED, RECORD_KIND_SEPARATOR, ""},
	{"csv,delim=", RECORDS_QUOTED, RECORD_KIND_DELIMITER, "\"\r\n"},
	{"prefix=", RECORDS_PREFIXED, RECORD_KIND_PREFIX, "\n"},
};

/* All of `digits` as a number of this base; 256: it is none, or has too many of them. */
static unsigned number_of(const char *digits, size_t most, int base)
{
	static const char valid[] = "0123456789abcdefABCDEF";
	size_t n = strspn(digits, base == 8 ? "01234567" : valid);

	if (n == 0 || n > most || digits[n] != '\0')
		return 256;
	unsigned long number = strtoul(digits, NULL, base);
	return number < 256 ? (unsigned)number : 256;
}

/* The byte that `text` means; 256: it is not one byte. */
static unsigned byte_of(const char *text)
{
	static const char letters[] = "abtnvfr\\", meant[] = "\a\b\t\n\v\f\r\\";

	if (text[0] != '\0' && text[1] == '\0')
		return (unsigned char)text[0];
	if (text[0] == '0' && text[1] == 'x')
		return number_of(text + 2, 2, 16);
	if (text[0] != '\\')
		return 256;
	if (text[1] == 'x')
		return number_of(text + 2, 2, 16);
	const char *letter = text[1] != '\0' && text[2] == '\0' ? strchr(letters, text[1]) : NULL;
	return letter ? (unsigned char)meant[letter - letters] : number_of(text + 1, 3, 8);
}

enum record_kind_status record_kind_parse(const char *text, struct record_kind *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(named); i++)
		if (strcmp(text, named[i].name) == 0) {
			*kind = named[i].kind;
			return RECORD_KIND_OK;
		}
	for (size_t i = 0; i < ARRAY_LEN(with_byte); i++) {
		size_t n = strlen(with_byte[i].start);
		if (strncmp(text, with_byte[i].start, n) != 0)
			continue;
		unsigned byte = byte_of(text + n);
		if (byte > 255 || (byte > 0 && strchr(with_byte[i].refused, (int)byte)))
			return with_byte[i].fault;
		*kind = (struct record_kind){with_byte[i].form, (unsigned char)byte};
		return RECORD_KIND_OK;
	}
	return RECORD_KIND_UNKNOWN;
}

void record_kind_text(struct record_kind kind, char text[RECORD_KIND_MAX])
{
	*text = '\0';
	for (size_t i = 0; i < ARRAY_LEN(named); i++)
		if (record_kind_same(kind, named[i].kind)) {
			snprintf(text, RECORD_KIND_MAX, "%s", named[i].name);
			return;
		}
	for (size_t i = 0; i < ARRAY_LEN(with_byte); i++)
		if (kind.form == with_byte[i].form)
			snprintf(text, RECORD_KIND_MAX, "%s0x%02x", with_byte[i].start, kind.byte);
}
