/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The oracle: what a text holds, worked out the slow way. It decodes the whole text first, by
 * arithmetic on code points and not by tables of bytes, then looks at an array of units. It shares
 * nothing with src/tally but the law of widths itself: the locale's wcwidth(), and with other C
 * libraries than glibc the table that stands for it.
 */
#ifndef PCOUNT_TESTS_MODEL_H
#define PCOUNT_TESTS_MODEL_H

#include "base/base.h"
#include "tally/tally.h"
#include "tally/unicode_width.h"

#include <string.h>
#include <wchar.h>

enum { MODEL_MAX = 4096, MODEL_ERROR = -1 };

/* The texts of one charset, as the model sees them. */
struct model {
	bool utf8;
	const unsigned char *space; /* single-byte: [256], does the byte separate words? */
	const unsigned char *print; /* single-byte: [256], is it one column wide? */
	bool no_break_spaces;       /* UTF-8: U+00A0 and its like separate words */
};

/* The character at p[0], of at most n bytes, into *c; returns its length, 0 for none. */
static inline size_t model_decode(const unsigned char *p, size_t n, long *c)
{
	static const long least[5] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length;

	if (p[0] < 0x80)
		length = 1, *c = p[0];
	else if ((p[0] & 0xE0) == 0xC0)
		length = 2, *c = p[0] & 0x1F;
	else if ((p[0] & 0xF0) == 0xE0)
		length = 3, *c = p[0] & 0x0F;
	else if ((p[0] & 0xF8) == 0xF0)
		length = 4, *c = p[0] & 0x07;
	else
		return 0;
	if (length > n)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		*c = *c * 64 + (p[i] & 0x3F);
	}
	if (*c < least[length] || *c > 0x10FFFF || (*c >= 0xD800 && *c <= 0xDFFF))
		return 0;
	return length;
}

/* Units of the text: code points (or bytes), and MODEL_ERROR for each byte that is in none. */
static inline size_t model_units(const struct model *m, const unsigned char *p, size_t n,
                                 long *unit)
{
	size_t units = 0;

	for (size_t i = 0; i < n;) {
		long c = p[i];
		size_t length = m->utf8 ? model_decode(p + i, n - i, &c) : 1;
		unit[units++] = length > 0 ? c : MODEL_ERROR;
		i += length > 0 ? length : 1;
	}
	return units;
}

static inline bool model_is_space(const struct model *m, long c)
{
	static const long spaces[] = {
		0x09,   0x0A,   0x0B,   0x0C,   0x0D,   0x20,   0x1680,
		0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006,
		0x2008, 0x2009, 0x200A, 0x2028, 0x2029, 0x205F, 0x3000,
	};

	if (c == MODEL_ERROR)
		return false;
	if (!m->utf8)
		return m->space[c];
	if (c == 0xA0 || c == 0x2007 || c == 0x202F || c == 0x2060)
		return m->no_break_spaces;
	for (size_t i = 0; i < ARRAY_LEN(spaces); i++)
		if (c == spaces[i])
			return true;
	return false;
}

static inline uint64_t model_columns(const struct model *m, long c)
{
	if (c == MODEL_ERROR)
		return 0;
	if (!m->utf8)
		return m->print[c];
#ifdef __GLIBC__
	int width = wcwidth((wchar_t)c);
	return width > 0 ? (uint64_t)width : 0;
#else
	return unicode_width((char32_t)c);
#endif
}

/* All but records, for which there is model_records.h. n is at most MODEL_MAX. */
static inline struct counts model_count(const struct model *m, const unsigned char *p, size_t n)
{
	long unit[MODEL_MAX];
	size_t units = model_units(m, p, n, unit);
	struct counts counts = {.bytes = n};
	uint64_t column = 0;

	for (size_t i = 0; i < units; i++) {
		counts.lines += unit[i] == '\n';
		counts.errors += unit[i] == MODEL_ERROR;
		counts.chars += unit[i] != MODEL_ERROR;
		counts.words +=
			!model_is_space(m, unit[i]) && (i == 0 || model_is_space(m, unit[i - 1]));
		if (unit[i] == '\n' || unit[i] == '\r' || unit[i] == '\f')
			column = 0;
		else if (unit[i] == '\t')
			column += 8 - column % 8;
		else
			column += model_columns(m, unit[i]);
		counts.width = max_u64(counts.width, column);
	}
	return counts;
}

static inline bool model_same_run(struct width_run a, struct width_run b)
{
	return a.before == b.before && a.after == b.after && a.tab == b.tab;
}

/* Is all that a tally says the same? Bytes of head and tail beyond their length say nothing. */
static inline bool model_same_tally(const struct tally *a, const struct tally *b)
{
	return a->bytes == b->bytes && a->lines == b->lines && a->chars == b->chars &&
	       a->errors == b->errors && a->words == b->words && a->max_width == b->max_width &&
	       model_same_run(a->first, b->first) && a->broken == b->broken &&
	       (!a->broken || model_same_run(a->last, b->last)) && a->decided == b->decided &&
	       (!a->decided ||
	        (a->starts_word == b->starts_word && a->ends_word == b->ends_word)) &&
	       a->head_len == b->head_len && memcmp(a->head, b->head, a->head_len) == 0 &&
	       a->tail_len == b->tail_len && memcmp(a->tail, b->tail, a->tail_len) == 0 &&
	       record_run_same(&a->records, &b->records);
}

static inline bool model_same_counts(struct counts a, struct counts b)
{
	return a.lines == b.lines && a.words == b.words && a.chars == b.chars &&
	       a.bytes == b.bytes && a.width == b.width && a.errors == b.errors &&
	       a.records.records == b.records.records && a.records.strays == b.records.strays &&
	       a.records.stray_at == b.records.stray_at && a.records.unclosed == b.records.unclosed;
}

#endif
