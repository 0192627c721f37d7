/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines that wc prints, and the totals. */
#include "base/base.h"
#include "report/text.h"

#include "base/diag.h"
#include "base/fd.h"
#include "base/quote.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	COLUMNS_MAX = 5,
	NUMBER_MAX = 20, /* digits of 2^64 - 1 */
	NUMBERS_LEN_MAX = COLUMNS_MAX * (NUMBER_MAX + 1),
	LINE_LEN = 4096, /* a longer line is built on the heap */
	TYPE_WIDTH = 27, /* columns of a type, at least: text/plain;charset=us-ascii */
};

unsigned columns_count(struct columns columns)
{
	return (unsigned)columns.lines + columns.words + columns.chars + columns.bytes +
	       columns.width;
}

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
static size_t numbers_format(char *out, const struct text_format *format, const struct counts *n)
{
	const struct columns *columns = &format->columns;
	const struct {
		bool wanted;
		uint64_t number;
	} column[COLUMNS_MAX] = {
		{columns->lines, n->lines}, {columns->words, n->words}, {columns->chars, n->chars},
		{columns->bytes, n->bytes}, {columns->width, n->width},
	};
	size_t len = 0;
	for (int i = 0; i < COLUMNS_MAX; i++) {
		if (!column[i].wanted)
			continue;
		if (len > 0)
			out[len++] = ' ';
		len += number_format(out + len, column[i].number, format->width);
	}
	return len;
}

/* Adds a blank and the type; the new length. */
static size_t type_format(char *out, size_t len, const char *type)
{
	if (!*type)
		type = "-";
	size_t n = strlen(type), pad = n < TYPE_WIDTH ? TYPE_WIDTH - n : 0;

	memset(out + len, ' ', 1 + pad);
	memcpy(out + len + 1 + pad, type, n);
	return len + 1 + pad + n;
}

bool text_may_join(int fd)
{
	struct stat st;
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fstat(fd, &st) != 0)
		return false;
	/* Datagrams, and pipes in packet mode, keep the borders of what was written. */
	return S_ISREG(st.st_mode) || S_ISCHR(st.st_mode) ||
	       (S_ISFIFO(st.st_mode) && !(flags & O_DIRECT));
}

int text_flush(const struct text_format *format)
{
	struct text_lines *lines = format->lines;
	size_t n = lines ? lines->used : 0;

	if (n == 0)
		return 0;
	lines->used = 0;
	return write_all(STDOUT_FILENO, lines->bytes, n);
}

/* Writes the line, or keeps it. */
static int put(const struct text_format *format, const char *line, size_t len)
{
	struct text_lines *lines = format->lines;

	if (lines && len > sizeof lines->bytes - lines->used && text_flush(format) != 0)
		return -1;
	if (!lines || len > sizeof lines->bytes)
		return write_all(STDOUT_FILENO, line, len);
	memcpy(lines->bytes + lines->used, line, len);
	lines->used += len;
	return 0;
}

int text_line(const struct text_format *format, const struct counts *counts, const char *name)
{
	return text_line_typed(format, counts, "", name);
}

int text_line_typed(const struct text_format *format, const struct counts *counts, const char *type,
                    const char *name)
{
	char fixed[LINE_LEN];
	char *line = fixed;
	char *quoted = NULL;
	size_t len = numbers_format(fixed, format, counts);

	verify(strlen(type) < LINE_LEN - NUMBERS_LEN_MAX - TYPE_WIDTH);
	if (format->types)
		len = type_format(fixed, len, type);

	if (name && strchr(name, '\n'))
		name = quoted = quote_name(name);
	size_t name_len = name ? strlen(name) : 0;
	if (len + name_len + 2 > sizeof(fixed)) {
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
	int status = put(format, line, len);
	int saved = errno;
	quote_free(quoted);
	if (line != fixed)
		free(line);
	errno = saved;
	return status;
}

void totals_add(struct totals *totals, const struct counts *counts)
{
	struct counts *sum = &totals->sum;
	struct columns *overflowed = &totals->overflowed;
	overflowed->lines |= add_overflows(&sum->lines, counts->lines);
	overflowed->words |= add_overflows(&sum->words, counts->words);
	overflowed->chars |= add_overflows(&sum->chars, counts->chars);
	overflowed->bytes |= add_overflows(&sum->bytes, counts->bytes);
	sum->errors += counts->errors;
	sum->width = max_u64(sum->width, counts->width);
}

static void overflow_report(bool overflowed, const char *what)
{
	if (overflowed)
		diag_error(EOVERFLOW, "total %s", what);
}

bool totals_due(enum total_when when, uint64_t names)
{
	return when != TOTAL_NEVER && (when != TOTAL_AUTO || names > 1);
}

void totals_report(const struct totals *totals, const struct columns *printed)
{
	const struct columns *overflowed = &totals->overflowed;

	/* Bytes are summed whatever is printed, and GNU wc tells of their overflow whatever is. */
	overflow_report(overflowed->lines && printed->lines, "lines");
	overflow_report(overflowed->words && printed->words, "words");
	overflow_report(overflowed->chars && printed->chars, "characters");
	overflow_report(overflowed->bytes, "bytes");
}

int text_total(const struct text_format *format, enum total_when when, const struct totals *totals)
{
	return text_line(format, &totals->sum, when == TOTAL_ONLY ? NULL : "total");
}
