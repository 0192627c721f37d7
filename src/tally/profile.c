/* SPDX-License-Identifier: BSD-2-Clause */
/* The laws of the profile, and what a finished one says. */
#include "base/base.h"
#include "tally/profile.h"

#include <string.h>

void profile_clear(struct profile *p)
{
	memset(p, 0, profile_size(p));
}

void profile_copy(struct profile *to, const struct profile *from)
{
	if (to->top > from->top)
		memset(to->length + from->top, 0, (to->top - from->top) * sizeof to->length[0]);
	memcpy(to, from, profile_size(from));
}

uint64_t profile_class_least(unsigned class)
{
	unsigned shift = class < PROFILE_EXACT ? 0 : class / PROFILE_STEPS - 1;

	return (uint64_t)(class - shift * PROFILE_STEPS) << shift;
}

uint64_t profile_class_most(unsigned class)
{
	unsigned shift = class < PROFILE_EXACT ? 0 : class / PROFILE_STEPS - 1;

	return profile_class_least(class) + (UINT64_C(1) << shift) - 1;
}

/*
 * Measures the lines that end at at[1..lines), those after a line feed of the same block, where
 * there is no CR. In most texts these are nearly all lines: what is kept is kept in registers.
 */
static void add_plain_lines(struct profile *p, const uint32_t *at, size_t lines)
{
	uint32_t longest = 0, shortest = UINT32_MAX;
	size_t which = 0;

	if (lines < 2)
		return;
	for (size_t i = 1; i < lines; i++) {
		uint32_t length = at[i] - at[i - 1] - 1;
		p->length[profile_class_of(length)]++;
		shortest = length < shortest ? length : shortest;
		if (UNLIKELY(length > longest)) {
			longest = length;
			which = i;
		}
	}
	bool only = p->top == 0;
	unsigned top = profile_class_of(longest) + 1;
	if (only || longest > p->longest.length) {
		which = which > 0 ? which : 1; /* all are empty */
		p->longest = (struct profile_line){longest, p->lines + which + 1,
		                                   p->bytes + at[which - 1] + 1};
	}
	p->shortest = only ? shortest : min_u64(p->shortest, shortest);
	p->top = top > p->top ? top : p->top;
}

/* add_plain_lines() one by one, with CRs; the first of all has no beginning yet. */
static void add_lines(struct profile *p, const unsigned char *bytes, const uint32_t *at,
                      size_t lines)
{
	uint64_t start = p->bytes - p->last;

	for (size_t i = 0; i < lines; i++) {
		size_t lf = at[i];
		bool cr = lf > 0 ? bytes[lf - 1] == '\r' : p->ends_cr;
		p->crlf += cr;
		if (p->lines + i == 0) {
			p->first += lf;
			p->first_cr = cr;
		} else {
			profile_add_line(p, p->bytes + lf - start - cr, p->lines + i + 1, start);
		}
		start = p->bytes + lf + 1;
	}
}

void profile_add_breaks(struct profile *p, const unsigned char *bytes, size_t n, const uint32_t *at,
                        size_t lines, bool cr)
{
	if (n == 0)
		return;
	add_lines(p, bytes, at, cr ? lines : lines > 0);
	if (!cr)
		add_plain_lines(p, at, lines);
	p->bytes += n;
	p->lines += lines;
	if (p->lines == 0)
		p->first += n;
	else
		p->last = lines > 0 ? n - at[lines - 1] - 1 : p->last + n;
	p->ends_cr = bytes[n - 1] == '\r';
}

/* ---- merging ---- */

enum { NO_ERROR = -1 };

/*
 * Where decoding fails first in p[n], UTF-8 that follows a character, or NO_ERROR. `ended`: what
 * comes after it continues no character.
 */
static int error_in_utf8(const struct charset *cs, const uint8_t *p, unsigned n, bool ended)
{
	struct tally t = {.decided = true};

	for (unsigned i = 0; i < n; i++) {
		unsigned tail = t.tail_len;
		tally_push_utf8(cs, &t, p[i]);
		if (t.errors > 0)
			return (int)(i - tail);
	}
	return ended && t.tail_len > 0 ? (int)(n - t.tail_len) : NO_ERROR;
}

/* The first error at the end of text in another multibyte charset: nothing continues it. */
static int error_in_multi(const uint8_t *p, unsigned n)
{
	for (unsigned i = 0; i < n;) {
		char32_t c;
		int used = charset_decode(p + i, n - i, &c);
		if (used <= 0)
			return (int)i;
		i += (unsigned)used;
	}
	return NO_ERROR;
}

/*
 * Where decoding fails first among the bytes that are undecided before `right` follows; or
 * NO_ERROR.
 */
static int error_between(const struct charset *cs, const struct tally *left,
                         const struct tally *right)
{
	uint8_t bytes[TALLY_TAIL_MAX + TALLY_HEAD_MAX];
	bool ended = right->decided || right->tail_len > 0;

	if (cs->class == CHARSET_MULTI)
		return ended ? error_in_multi(left->tail, left->tail_len) : NO_ERROR;
	if (!left->decided && left->tail_len == 0) {
		/* All is head so far, and no more than TALLY_HEAD_MAX of it can end a character. */
		unsigned room = TALLY_HEAD_MAX - left->head_len;
		return right->head_len > room ? (int)room : NO_ERROR;
	}
	memcpy(bytes, left->tail, left->tail_len);
	memcpy(bytes + left->tail_len, right->head, right->head_len);
	return error_in_utf8(cs, bytes, left->tail_len + (unsigned)right->head_len, ended);
}

static void merge_errors(const struct charset *cs, struct profile *left,
                         const struct tally *left_tally, const struct profile *right,
                         const struct tally *right_tally)
{
	if (left->has_error || cs->class == CHARSET_SINGLE)
		return;
	int between = error_between(cs, left_tally, right_tally);
	if (between == NO_ERROR && !right->has_error)
		return;
	left->has_error = true;
	left->error_at = between == NO_ERROR
	                         ? left->bytes + right->error_at
	                         : left->bytes - left_tally->tail_len + (unsigned)between;
}

/* The line that runs across the border, and right's inner ones. */
static void merge_lines(struct profile *left, const struct profile *right)
{
	bool straddles = right->lines > 0 && right->first == 0 && left->ends_cr;
	bool cr = straddles || right->first_cr;

	left->crlf += right->crlf + straddles;
	if (left->lines == 0) {
		left->first += right->first;
		left->first_cr = cr;
	} else if (right->lines > 0) {
		profile_add_line(left, left->last + right->first - cr, left->lines + 1,
		                 left->bytes - left->last);
	} else {
		left->last += right->first;
	}
	if (right->lines > 0)
		left->last = right->last;
	if (right->top == 0)
		return;
	bool none = left->top == 0;
	if (none || right->longest.length > left->longest.length) {
		left->longest = right->longest;
		left->longest.number += left->lines;
		left->longest.offset += left->bytes;
	}
	if (none || right->shortest < left->shortest)
		left->shortest = right->shortest;
	for (unsigned i = 0; i < right->top; i++)
		left->length[i] += right->length[i];
	left->top = left->top > right->top ? left->top : right->top;
}

void profile_merge(const struct charset *cs, struct profile *left, const struct tally *left_tally,
                   const struct profile *right, const struct tally *right_tally)
{
	if (right->bytes == 0)
		return;
	merge_errors(cs, left, left_tally, right, right_tally);
	merge_lines(left, right);
	for (unsigned b = 0; b < 256; b++)
		left->byte[b] += right->byte[b];
	left->bytes += right->bytes;
	left->lines += right->lines;
	left->ends_cr = right->ends_cr;
}

void profile_finish(const struct charset *cs, struct profile *p, const struct tally *t)
{
	struct profile_line inner = p->longest;

	p->unended = p->lines > 0 ? p->last > 0 : p->bytes > 0;
	if (p->lines > 0) {
		profile_add_line(p, p->first - p->first_cr, 1, 0);
		/* It is the first of its length, whatever inner ones there are. */
		if (p->first - p->first_cr >= inner.length)
			p->longest = (struct profile_line){p->first - p->first_cr, 1, 0};
	}
	if (p->unended) {
		uint64_t last = p->lines > 0 ? p->last : p->first;
		profile_add_line(p, last, p->lines + 1, p->bytes - last);
	}
	if (t->head_len > 0) {
		p->has_error = true;
		p->error_at = 0;
	} else if (!p->has_error && t->tail_len > 0) {
		int at = cs->class == CHARSET_MULTI ? error_in_multi(t->tail, t->tail_len) : 0;
		p->has_error = at != NO_ERROR;
		p->error_at = p->has_error ? p->bytes - t->tail_len + (unsigned)at : 0;
	}
}

void profile_add(struct profile *sum, const struct profile *p)
{
	if (p->top > 0) {
		sum->shortest = sum->top == 0 ? p->shortest : min_u64(sum->shortest, p->shortest);
		sum->longest.length = max_u64(sum->longest.length, p->longest.length);
	}
	sum->top = sum->top > p->top ? sum->top : p->top;
	for (unsigned i = 0; i < p->top; i++)
		sum->length[i] += p->length[i];
	for (unsigned b = 0; b < 256; b++)
		sum->byte[b] += p->byte[b];
	sum->bytes += p->bytes;
	sum->lines += p->lines;
	sum->crlf += p->crlf;
	sum->unended += p->unended;
}

/* ---- what it says ---- */

/*
 * The nearest rank: no interpolation, so that what is told of whole lengths is the length of a
 * line.
 */
uint64_t profile_percentile(const struct profile *p, unsigned percent)
{
	uint64_t lines = profile_lines(p), seen = 0;
	uint64_t rank = lines / 100 * percent + (lines % 100 * percent + 99) / 100;

	for (unsigned i = 0; i < p->top; i++) {
		seen += p->length[i];
		if (seen >= rank && seen > 0)
			return min_u64(profile_class_most(i), p->longest.length);
	}
	return 0;
}

double profile_mean(const struct profile *p)
{
	uint64_t lines = profile_lines(p);

	return lines > 0 ? (double)(p->bytes - p->lines - p->crlf) / (double)lines : 0;
}

uint64_t profile_lines_of(const struct profile *p, uint64_t least, uint64_t most)
{
	unsigned end = profile_class_of(most) + 1;
	uint64_t lines = 0;

	end = end < p->top ? end : p->top;
	for (unsigned i = profile_class_of(least); i < end; i++)
		lines += p->length[i];
	return lines;
}

static enum profile_kind kind_of(unsigned b)
{
	if (b >= 0x80)
		return PROFILE_NON_ASCII;
	if (b == ' ' || (b >= '\t' && b <= '\r'))
		return PROFILE_SPACE;
	if (b < ' ' || b == 0x7F)
		return PROFILE_CONTROL;
	if (b >= '0' && b <= '9')
		return PROFILE_DIGITS;
	return (b | 0x20) >= 'a' && (b | 0x20) <= 'z' ? PROFILE_LETTERS : PROFILE_PUNCTUATION;
}

uint64_t profile_kind(const struct profile *p, enum profile_kind kind)
{
	uint64_t bytes = 0;

	for (unsigned b = 0; b < 256; b++)
		bytes += kind_of(b) == kind ? p->byte[b] : 0;
	return bytes;
}

/*
 * The binary logarithm of n > 0, to some 15 digits. By hand, since log2() is in a library of its
 * own, and each library costs 60 microseconds at every start.
 */
static double log2_of(uint64_t n)
{
	const double two_by_ln2 = 2.8853900817779268;
	int power = 63 - __builtin_clzll(n);
	double m = (double)n / (double)(UINT64_C(1) << power); /* from 1 to below 2 */

	if (m > 1.4142135623730951) {
		m /= 2;
		power++;
	}
	/* ln m = 2 (y + y^3/3 + y^5/5 + ...), |y| < 0.172: 11 terms leave less than 10^-17. */
	double y = (m - 1) / (m + 1), square = y * y, sum = 0;
	for (int k = 21; k > 0; k -= 2)
		sum = sum * square + 1.0 / k;
	return power + two_by_ln2 * y * sum;
}

double profile_entropy(const struct profile *p)
{
	double n = (double)p->bytes, bits = 0;

	for (unsigned b = 0; b < 256 && p->bytes > 0; b++)
		if (p->byte[b] > 0)
			bits += (double)p->byte[b] * (log2_of(p->bytes) - log2_of(p->byte[b])) / n;
	return bits;
}
