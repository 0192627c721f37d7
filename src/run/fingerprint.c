/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/base.h"
#include "cli/choices.h"
#include "run/counting.h"
#include "run/fingerprint.h"
#include "tally/charset.h"
#include "tally/record_kind.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Appends; what does not fit is dropped. */
static void append(char text[FINGERPRINT_MAX], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void append(char text[FINGERPRINT_MAX], const char *format, ...)
{
	size_t n = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + n, FINGERPRINT_MAX - n, format, args);
	va_end(args);
}

/* The counts, as options. A worker counts what is asked of it, whatever is printed. */
static void append_columns(char *text, const struct options *o)
{
	const struct columns *c = &o->columns;
	char records[RECORD_KIND_MAX];

	record_kind_text(o->records, records);
	append(text, "-%s%s%s%s%s", c->lines ? "l" : "", c->words ? "w" : "", c->chars ? "m" : "",
	       c->bytes ? "c" : "", c->width ? "L" : "");
	if (c->records)
		append(text, " --records=%s", records);
	/* For this, lines may be counted that are not printed. */
	if (o->borders > 0)
		append(text, " --borders%s", o->align == ALIGN_LINES ? " --align=lines" : "");
}

/* How bytes become text, and which files do. */
static void append_content(char *text, const struct options *o)
{
	if (o->decompress != FORMAT_PLAIN)
		append(text, " --decompress=%s --memory-limit=%llu",
		       choice_decompress.words[o->decompress], (unsigned long long)o->memory_limit);
	if (strcmp(o->encoding, "locale") != 0)
		append(text, " --encoding=%s", o->encoding);
	if (o->types != TYPES_NONE)
		append(text, " --type");
	if (o->text_only)
		append(text, " --text");
	if (o->profile)
		append(text, " --profile");
	if (counting_is_exact(o))
		append(text, ", ranges of files");
}

void fingerprint_text(const struct options *options, char text[FINGERPRINT_MAX])
{
	struct charset cs;

	charset_init(&cs, options->posixly_correct);
	*text = '\0';
	append_columns(text, options);
	append(text, " %s in charset %s", cs.no_break_spaces ? "as wc does" : "as POSIX has it",
	       nl_langinfo(CODESET));
	append_content(text, options);
	append(text, ", by version %s", PACKAGE_VERSION);
}
