/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines that wc prints. */
#include "base/base.h"
#include "report/text.h"

#include "base/quote.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	COLUMNS_MAX = 6,
	NUMBER_MAX = 20, /* digits of 2^64 - 1 */
	NUMBERS_LEN_MAX = COLUMNS_MAX * (NUMBER_MAX + 1),
	LINE_LEN = 4096,       /* a longer line is built on the heap */
	TYPE_WIDTH_USUAL = 27, /* columns: text/plain;charset=us-ascii */
	TYPE_WIDTH_MAX = 1000,
};

/* Writes `number` right-justified in `width` columns, more if it does not fit; the length. */
static size_t number_format(char *out, uint64_t number, unsigned width)
{
	char digits[NUMBER_MAX]; /* the last one first; by hand, since a tree of files has many
	                            lines */
	size_t n = 0, pad;

	do
		digits[n++] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	pad = width > n ? width - n : 0;
	memset(out, ' ', pad);
	for (size_t i = 0; i < n; i++)
		out[pad + i] = digits[n - 1 - i];
	return pad + n;
}

/* The numbers of a line, each in its column; the length. `out` has NUMBERS_LEN_MAX + 1 bytes. */
static size_t numbers_format(char *out, const struct report *r, const struct counts *n)
{
	const struct columns *columns = &r->columns;
	const struct {
		bool wanted;
		uint64_t number;
	} column[COLUMNS_MAX] = {
		{columns->lines, n->lines}, {columns->records, n->records.records},
		{columns->words, n->words}, {columns->chars, n->chars},
		{columns->bytes, n->bytes}, {columns->width, n->width},
	};
	size_t len = 0;
	for (int i = 0; i < COLUMNS_MAX; i++) {
		if (!column[i].wanted)
			continue;
		if (len > 0)
			out[len++] = ' ';
		len += number_format(out + len, column[i].number, r->width);
	}
	return len;
}

/* Adds a blank and the type; the new length. */
static size_t type_format(char *out, size_t len, const struct report *r, const char *type)
{
	if (!*type)
		type = "-";
	size_t width = r->type_width ? min_size(r->type_width, TYPE_WIDTH_MAX) : TYPE_WIDTH_USUAL;
	size_t n = strlen(type), pad = n < width ? width - n : 0;

	memset(out + len, ' ', 1 + pad);
	memcpy(out + len + 1 + pad, type, n);
	return len + 1 + pad + n;
}

/* Prints fixed[len], which has room for LINE_LEN bytes, with the name after it, if not NULL. */
static int put_line(struct report *r, char *fixed, size_t len, const char *name)
{
	char *line = fixed;
	char *quoted = NULL;

	if (name && strchr(name, '\n'))
		name = quoted = quote_name(name);
	size_t name_len = name ? strlen(name) : 0;
	if (len + name_len + 2 > LINE_LEN) {
		line = malloc(len + name_len + 2);
		if (!line) {
			quote_free(quoted);
			errno = ENOMEM;
			return -1;
		}
		memcpy(line, fixed, len);
	}
	if (name) {
		line[len++] = ' ';
		memcpy(line + len, name, name_len);
		len += name_len;
	}
	line[len++] = '\n';
	int status = sink_put(&r->sink, line, len);
	int saved = errno;
	quote_free(quoted);
	if (line != fixed)
		free(line);
	errno = saved;
	return status;
}

int text_line(struct report *r, const struct counts *counts, const char *type, const char *name)
{
	char line[LINE_LEN];
	size_t len = numbers_format(line, r, counts);

	verify(strlen(type) < LINE_LEN - NUMBERS_LEN_MAX - TYPE_WIDTH_MAX);
	if (r->types)
		len = type_format(line, len, r, type);
	return put_line(r, line, len, name);
}

int text_part_line(struct report *r, const struct part *part)
{
	char line[LINE_LEN];
	size_t len = number_format(line, part->begin, r->width);

	line[len++] = ' ';
	len += number_format(line + len, part->end - part->begin, r->width);
	line[len++] = ' ';
	len += numbers_format(line + len, r, part->before);
	return put_line(r, line, len, part->name);
}

static int print_operand(struct report *r, const struct record *record)
{
	return text_line(r, record->counts, record->outcome->type, record->name);
}

static int print_total(struct report *r, const struct totals *totals, int error UNUSED)
{
	return text_line(r, &totals->sum, "", r->total == TOTAL_ONLY ? NULL : "total");
}

const struct formatter formatter_text = {
	.line = print_operand,
	.total = print_total,
};
