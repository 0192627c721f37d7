/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The records of --json: one object a line, for each operand and for the totals. Keys are only ever
 * added, and described in man/pcount-json.5.
 */
#ifndef PCOUNT_REPORT_RECORDS_H
#define PCOUNT_REPORT_RECORDS_H

#include "base/base.h"
#include "base/json.h"
#include "engine/engine.h"
#include "report/text.h"

enum { RECORDS_VERSION = 1 };

/* Loads what it takes to read and write JSON, for `option`. NULL: reported. */
struct json *records_library(const char *option);

struct records {
	struct json *json;      /* NULL: not open */
	struct columns columns; /* which counts to print */
	uint64_t counted;       /* operands with counts so far */
	uint64_t failed;        /* operands with an error so far */
};

/* What there is to say of an operand. */
struct record {
	const char *name;            /* NULL: standard input, not named */
	const struct counts *counts; /* NULL: there are none */
	const struct outcome *outcome;
	const char *refused; /* why nothing was tried, in English; else NULL */
	int refused_error;   /* or as an errno; else 0 */
};

/* Loads what it takes. False: reported. */
bool records_open(struct records *r, struct columns columns);
void records_close(struct records *r);

/*
 * Prints the record of one operand, by one write(2). 0, or -1 and errno: it is not, or not
 * completely, written.
 */
int records_operand(struct records *r, const struct record *record);

/* Counts an operand whose record is not to be printed, for the totals. */
void records_note(struct records *r, const struct record *record);

/*
 * The same of the totals. `error`: errno that ended the list of names too early; 0: it did not end
 * so.
 */
int records_total(struct records *r, const struct totals *totals, int error);

#endif
