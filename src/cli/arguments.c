/* SPDX-License-Identifier: BSD-2-Clause */
/* Arguments of options: words, numbers, sizes, parts. */
#include "base/base.h"
#include "base/diag.h"
#include "base/quote.h"
#include "base/size.h"
#include "cli/arguments.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The message for an argument that is none of the words, in GNU's form. */
static void choice_report(const struct choice *choice, const char *argument, bool ambiguous)
{
	bool of_wc = choice == &choice_total;
	char *given = of_wc ? quote_locale(argument) : quote_own_locale(argument);
	char *option = quote_locale(choice->option);
	diag_error(0, "%s argument %s for %s\nValid arguments are:",
	           ambiguous ? "ambiguous" : "invalid", given, option);
	quote_free(given);
	quote_free(option);
	for (int i = 0; i < choice->n; i++) {
		char *word = quote_locale(choice->words[i]);
		diag_more("  - %s\n", word);
		quote_free(word);
	}
	diag_try_help();
}

/* The index of the word that `argument` is or begins; -1: it is reported. */
int argument_choice(const struct choice *choice, const char *argument)
{
	size_t len = strlen(argument);
	int found = -1;
	bool ambiguous = false;
	for (int i = 0; i < choice->n; i++) {
		if (strncmp(choice->words[i], argument, len) != 0)
			continue;
		if (choice->words[i][len] == '\0')
			return i;
		ambiguous = found >= 0;
		found = i;
	}
	if (found >= 0 && !ambiguous)
		return found;
	choice_report(choice, argument, found >= 0);
	return -1;
}

/* Reports an argument that is not what it has to be, and what it has to be. Returns -1. */
static int argument_refuse(int error, const char *what, const char *given, const char *valid)
{
	char *quoted = quote_own_locale(given);

	if (error)
		diag_error(error, "invalid %s: %s", what, quoted);
	else
		diag_error(0, "invalid %s: %s (valid: %s)", what, quoted, valid);
	quote_free(quoted);
	return -1;
}

/* 0, or -1: reported. */
int argument_jobs(const char *text, const char *what, unsigned *jobs)
{
	uint64_t number;
	if (number_parse(text, &number) == 0 && number <= JOBS_MAX) {
		*jobs = (unsigned)number;
		return 0;
	}
	char valid[32];
	snprintf(valid, sizeof valid, "0 to %d", JOBS_MAX);
	return argument_refuse(0, what, text, valid);
}

/* K/N: the K-th of N parts. 0, or -1: reported. */
int argument_part(const char *text, struct file_range *range)
{
	const char *slash = strchr(text, '/');
	char *first = slash ? strndup(text, (size_t)(slash - text)) : NULL;
	bool good = first && number_parse(first, &range->part) == 0 &&
	            number_parse(slash + 1, &range->parts) == 0 && range->part > 0 &&
	            range->part <= range->parts;

	free(first);
	return good ? 0 : argument_refuse(0, "part", text, "K/N, with K from 1 to N");
}

/* 0, or -1: reported. */
int argument_parts(const char *text, uint64_t *parts)
{
	if (number_parse(text, parts) == 0 && *parts > 0)
		return 0;
	return argument_refuse(0, "number of parts", text, "1 or more");
}

/* 0, or -1: reported. */
int argument_records(const char *text, struct record_kind *kind)
{
	const char *byte = strchr(text, '=');
	int status = -1;

	switch (record_kind_parse(text, kind)) {
	case RECORD_KIND_OK:
		return 0;
	case RECORD_KIND_UNKNOWN:
		status = argument_refuse(0, "kind of records", text,
		                         "lines, nul, sep=X, csv, csv,delim=X, tsv, prefix=X");
		break;
	case RECORD_KIND_SEPARATOR:
		status = argument_refuse(0, "separator of records", byte + 1,
		                         "one byte, such as ; \\t \\036 0x1e");
		break;
	case RECORD_KIND_DELIMITER:
		status = argument_refuse(0, "delimiter of fields", byte + 1,
		                         "one byte, such as ; \\t 0x1f, but not a quote, CR or LF");
		break;
	case RECORD_KIND_PREFIX:
		status = argument_refuse(0, "prefix of records", byte + 1,
		                         "one byte, such as > or 0x3e, but not LF");
		break;
	}
	diag_try_help();
	return status;
}

/* 0, or -1: reported. */
int argument_size(const char *text, const char *what, uint64_t least, uint64_t *size)
{
	errno = 0;
	if (size_parse(text, size) == 0 && *size >= least)
		return 0;
	char valid[64];
	snprintf(valid, sizeof valid, "%d or more bytes; K, M, G may follow, as in 16M",
	         (int)least);
	return argument_refuse(errno == EOVERFLOW ? EOVERFLOW : 0, what, text, valid);
}

/* Seconds, with decimals; a day at most. 0, or -1: reported. */
int argument_seconds(const char *text, uint64_t *ns)
{
	static const double most = 86400;
	size_t digits = strspn(text, "0123456789"), point = text[digits] == '.';
	size_t decimals = point ? strspn(text + digits + 1, "0123456789") : 0;
	double seconds = digits + decimals > 0 && text[digits + point + decimals] == '\0'
	                         ? strtod(text, NULL)
	                         : -1;

	if (seconds >= 0 && seconds <= most) {
		*ns = (uint64_t)(seconds * 1e9);
		return 0;
	}
	return argument_refuse(0, "number of seconds", text, "0 to 86400, such as 0.5");
}
