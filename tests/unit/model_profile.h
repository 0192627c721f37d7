/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The oracle of profiles: cuts the whole text into lines, sorts their lengths, and looks. It shares
 * nothing with src/tally/profile.c. What it says is compared by model_profile_differs().
 */
#ifndef PCOUNT_TESTS_MODEL_PROFILE_H
#define PCOUNT_TESTS_MODEL_PROFILE_H

#include "model.h"
#include "tally/profile.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

static inline int model_by_number(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

/* Lengths of the lines of p[n] into length[n + 1], in order; how many there are. */
static inline size_t model_lengths(const unsigned char *p, size_t n, size_t *length)
{
	size_t lines = 0;

	for (size_t i = 0; i < n;) {
		size_t end = i;
		while (end < n && p[end] != '\n')
			end++;
		bool crlf = end < n && end > i && p[end - 1] == '\r';
		length[lines++] = end - i - crlf;
		i = end + 1;
	}
	return lines;
}

static inline const char *model_lines_differ(const struct profile *p, const unsigned char *text,
                                             size_t n)
{
	size_t *length = calloc(n + 1, sizeof *length);
	size_t lines = model_lengths(text, n, length), longest = 0, offset = 0, sum = 0;
	const char *what = NULL;

	for (size_t i = 0; i < lines; i++) {
		sum += length[i];
		if (length[i] > length[longest])
			longest = i;
	}
	for (size_t i = 0, line = 0; i < n && line < longest; i++) {
		line += text[i] == '\n';
		offset = i + 1;
	}
	if (profile_lines(p) != lines)
		what = "lines";
	else if (lines > 0 &&
	         (p->longest.length != length[longest] || p->longest.number != longest + 1))
		what = "the longest line";
	else if (lines > 0 && p->longest.offset != offset)
		what = "the offset of the longest line";
	else if (lines > 0 && (size_t)(profile_mean(p) * (double)lines + 0.5) != sum)
		what = "the mean";
	qsort(length, lines, sizeof *length, model_by_number);
	if (!what && lines > 0 && p->shortest != length[0])
		what = "the shortest line";
	for (unsigned percent = 1; !what && lines > 0 && percent <= 100; percent++) {
		uint64_t want = length[(size_t)ceil((double)lines * percent / 100) - 1];
		uint64_t got = profile_percentile(p, percent);
		if (got < want || (want < 64 ? got != want : got > want + want / 32))
			what = "a percentile";
	}
	for (uint64_t least = 0; !what && least <= n; least = least ? 2 * least : 1) {
		uint64_t most = least ? 2 * least - 1 : 0, many = 0;
		for (size_t i = 0; i < lines; i++)
			many += length[i] >= least && length[i] <= most;
		if (profile_lines_of(p, least, most) != many)
			what = "the histogram of lengths";
	}
	free(length);
	return what;
}

static inline const char *model_bytes_differ(const struct profile *p, const unsigned char *text,
                                             size_t n)
{
	uint64_t byte[256] = {0}, kind[PROFILE_KINDS] = {0}, crlf = 0;
	double bits = 0;

	for (size_t i = 0; i < n; i++) {
		int b = text[i];
		byte[b]++;
		crlf += b == '\n' && i > 0 && text[i - 1] == '\r';
		kind[b > 127      ? PROFILE_NON_ASCII
		     : isspace(b) ? PROFILE_SPACE
		     : isalpha(b) ? PROFILE_LETTERS
		     : isdigit(b) ? PROFILE_DIGITS
		     : ispunct(b) ? PROFILE_PUNCTUATION
		                  : PROFILE_CONTROL]++;
	}
	for (unsigned b = 0; b < 256; b++) {
		if (p->byte[b] != byte[b])
			return "the histogram of bytes";
		if (byte[b] > 0)
			bits -= (double)byte[b] / (double)n * log2((double)byte[b] / (double)n);
	}
	for (unsigned k = 0; k < PROFILE_KINDS; k++)
		if (profile_kind(p, (enum profile_kind)k) != kind[k])
			return "kinds of bytes";
	if (fabs(bits - profile_entropy(p)) > 1e-12)
		return "entropy";
	if (p->bytes != n || p->lines != byte['\n'] || p->crlf != crlf)
		return "line endings";
	return p->unended != (n > 0 && text[n - 1] != '\n') ? "the last newline" : NULL;
}

/* Offset of the first byte that is part of no character, n if all are. */
static inline size_t model_first_error(const struct model *m, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n;) {
		long c;
		size_t length = m->utf8 ? model_decode(p + i, n - i, &c) : 1;
		if (length == 0)
			return i;
		i += length;
	}
	return n;
}

/* What a finished profile says wrongly of the text; NULL: nothing. */
static inline const char *model_profile_differs(const struct model *m, const struct profile *p,
                                                const unsigned char *text, size_t n)
{
	size_t error = model_first_error(m, text, n);
	const char *what = model_bytes_differ(p, text, n);

	if (!what)
		what = model_lines_differ(p, text, n);
	if (!what && (p->has_error != (error < n) || (error < n && p->error_at != error)))
		what = "the first error";
	return what;
}

/* Do two profiles say the same, of edges too? */
static inline bool model_same_profile(const struct profile *a, const struct profile *b)
{
	if (a->top != b->top)
		return false;
	bool lines =
		a->top == 0 ||
		(a->shortest == b->shortest && a->longest.length == b->longest.length &&
	         a->longest.number == b->longest.number && a->longest.offset == b->longest.offset);
	return lines && a->bytes == b->bytes && a->lines == b->lines && a->crlf == b->crlf &&
	       a->first == b->first && a->last == b->last && a->unended == b->unended &&
	       a->has_error == b->has_error && (!a->has_error || a->error_at == b->error_at) &&
	       a->first_cr == b->first_cr && a->ends_cr == b->ends_cr &&
	       memcmp(a->byte, b->byte, sizeof a->byte) == 0 &&
	       memcmp(a->length, b->length, sizeof a->length) == 0;
}

#endif
