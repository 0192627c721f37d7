/* SPDX-License-Identifier: BSD-2-Clause */
/* What a record is: the kinds of --records, as users and partial lines write them. */
#ifndef PCOUNT_TALLY_RECORD_KIND_H
#define PCOUNT_TALLY_RECORD_KIND_H

#include "base/base.h"

enum record_form {
	RECORDS_NONE,      /* records are not counted */
	RECORDS_SEPARATED, /* `byte` ends a record; the last one may do without */
	RECORDS_PREFIXED,  /* a record begins at a line whose first byte is `byte` */
	RECORDS_QUOTED,    /* RFC 4180: a newline outside quotes ends it; `byte` separates fields */
	RECORD_FORMS,
};

struct record_kind {
	enum record_form form;
	unsigned char byte; /* 0 if form is RECORDS_NONE */
};

/* How a text ended. */
enum record_kind_status {
	RECORD_KIND_OK,
	RECORD_KIND_UNKNOWN,   /* it is no kind */
	RECORD_KIND_SEPARATOR, /* what follows sep= is not one byte, */
	RECORD_KIND_DELIMITER, /* ... csv,delim=, or it is a quote, CR or LF, */
	RECORD_KIND_PREFIX,    /* ... prefix=, or it is LF */
};

enum { RECORD_KIND_MAX = 24 }; /* bytes of a text, its NUL included */

/*
 * lines, nul, csv, tsv, sep=X, prefix=X or csv,delim=X. X is one byte: itself, or \n and its like,
 * \ and up to three octal digits, \x or 0x and up to two hexadecimal ones.
 */
enum record_kind_status record_kind_parse(const char *text, struct record_kind *kind);
/* The one text that all names of the kind have in common; "" for RECORDS_NONE. */
void record_kind_text(struct record_kind kind, char text[RECORD_KIND_MAX]);

static inline bool record_kind_same(struct record_kind a, struct record_kind b)
{
	return a.form == b.form && a.byte == b.byte;
}

#endif
