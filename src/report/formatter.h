/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is printed on standard output, in one of several formats. A format is a file of this folder
 * with a `struct formatter`, and a row in the table of formatter.c.
 */
#ifndef PCOUNT_REPORT_FORMATTER_H
#define PCOUNT_REPORT_FORMATTER_H

#include "base/base.h"
#include "base/json.h"
#include "engine/engine.h"
#include "partial/partial.h"
#include "report/sink.h"
#include "report/totals.h"
#include "report/types.h"

/* What may be asked for; together they choose a formatter. */
enum report_form {
	FORM_JSON = 1 << 0,    /* --json */
	FORM_PROFILE = 1 << 1, /* --profile */
	FORM_SUMMARY = 1 << 2, /* --type=summary */
	FORM_PARTIAL = 1 << 3, /* --partial */
	FORM_BORDERS = 1 << 4, /* --borders */
};

/* An operand, as formatters see it. */
struct record {
	const char *name;              /* NULL: standard input, not named */
	const struct counts *counts;   /* NULL: there are none */
	const struct outcome *outcome; /* profile, type, and what went wrong */
	const char *refused;           /* why nothing was tried, in English; else NULL */
	int refused_error;             /* or as an errno; else 0 */
	enum note note;                /* what there is to say, if nothing went wrong */
	const struct partial *partial; /* FORM_PARTIAL: it was counted to its end; else NULL */
	const char *encoding; /* that its text was decoded from; NULL: --encoding does not say */
	bool bom;             /* a byte order mark came before that text */
};

/* Has something gone wrong with the operand? Counts may be there all the same. */
bool record_has_failed(const struct record *record);

/* A part of an operand, as --borders divides it. */
struct part {
	const char *name;            /* as that of a record */
	uint64_t number, parts;      /* number `number`, from 1 on, of `parts` */
	uint64_t begin, end;         /* its bytes, in the file: [begin, end) */
	const struct counts *before; /* of what precedes it in the operand */
};

struct formatter;

struct report {
	/* Of the caller, before report_open(). */
	unsigned forms;         /* of enum report_form */
	struct columns columns; /* which counts to print */
	enum total_when total;
	bool types;           /* lines of text have a column for types */
	const char *encoding; /* FORM_PROFILE: the one that is checked; NULL: each record's */
	/* Of the caller, at any time. */
	unsigned width;      /* of each number in a line of text, at least; 1 to 20 */
	unsigned type_width; /* of each type in a line of text, at least; 0: the usual */
	uint64_t counted;    /* operands with counts so far; report_operand() adds */
	uint64_t failed;     /* operands with an error so far; report_operand() adds */
	struct sink sink;
	/* The formatter's own. */
	const struct formatter *formatter;
	struct json *json; /* the library; NULL: not needed */
	struct types sums; /* FORM_SUMMARY */
	bool has_page;     /* FORM_PROFILE: an empty line comes before the next page */
};

/*
 * All but open() and close() return 0, or -1 and errno: something could not be written, or there
 * is no memory for it. NULL: there is nothing to do.
 */
struct formatter {
	unsigned forms; /* it is chosen if all of these are asked for, and no row before it is */
	/* Loads what it needs. -1: it cannot be had, which is reported. */
	int (*open)(struct report *r);
	/* An operand that has counts; they may be partial, and then it says why. */
	int (*line)(struct report *r, const struct record *record);
	/* An operand that has none. */
	int (*error)(struct report *r, const struct record *record);
	/* FORM_BORDERS: a part, before its operand. */
	int (*part)(struct report *r, const struct part *part);
	/* After the last operand. */
	int (*end)(struct report *r);
	/*
	 * The totals. `error`: errno that ended the list of names too early; 0: it did not end so.
	 * NULL: this format has none, and its lines are printed whatever --total says.
	 */
	int (*total)(struct report *r, const struct totals *totals, int error);
	void (*close)(struct report *r);
};

/* One for each format, each in the file of that name. */
extern const struct formatter formatter_text, formatter_page, formatter_summary, formatter_json,
	formatter_json_summary, formatter_partial, formatter_borders, formatter_json_borders;

/* Chooses the formatter and opens it. -1: reported; report_close() is due all the same. */
int report_open(struct report *r);
/* Prints an operand. 0, or -1 and errno: lines are not, or not completely, written. */
int report_operand(struct report *r, const struct record *record);
/* Prints a part of the operand to come. 0, or -1 and errno. */
int report_part(struct report *r, const struct part *part);
/* After the last operand. 0, or -1 and errno. */
int report_end(struct report *r);
/* Are totals to be printed after `names` names? */
bool report_total_due(const struct report *r, uint64_t names);
/* Prints the totals. 0, or -1 and errno. */
int report_total(struct report *r, const struct totals *totals, int error);
void report_close(struct report *r);

#endif
