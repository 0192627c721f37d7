/* SPDX-License-Identifier: BSD-2-Clause */
/* The laws of runs of records: how two neighbours become one, and what a whole text has. */
#include "base/base.h"
#include "tally/record_run.h"
#include "tally/tally.h"

#include <string.h>

/* ---- classes ---- */

static enum record_class quoted_class(unsigned char byte)
{
	switch (byte) {
	case '\n':
		return RECORD_END;
	case '"':
		return RECORD_QUOTE;
	case '\r':
		return RECORD_CR;
	case 0xEF:
		return RECORD_BOM_1;
	case 0xBB:
		return RECORD_BOM_2;
	case 0xBF:
		return RECORD_BOM_3;
	case 0xFE:
		return RECORD_FE;
	case 0xFF:
		return RECORD_FF;
	default:
		return RECORD_OTHER;
	}
}

enum record_class record_class_of(struct record_kind kind, unsigned char byte)
{
	switch (kind.form) {
	case RECORDS_SEPARATED:
		return byte == kind.byte ? RECORD_END : RECORD_OTHER;
	case RECORDS_PREFIXED:
		return byte == '\n' ? RECORD_END : byte == kind.byte ? RECORD_PREFIX : RECORD_OTHER;
	case RECORDS_QUOTED:
		return byte == kind.byte ? RECORD_DELIMITER : quoted_class(byte);
	case RECORDS_NONE:
	case RECORD_FORMS:
		break;
	}
	return RECORD_OTHER;
}

/* How many classes of the first bytes a run has. */
static size_t head_length(const struct record_run *run)
{
	return (size_t)min_u64(run->bytes, RECORD_HEAD);
}

struct record_run record_run_edges(struct record_kind kind, const unsigned char *p, size_t n)
{
	struct record_run run = {.bytes = n};

	if (n == 0)
		return run;
	run.form = (uint8_t)kind.form;
	for (size_t i = 0; i < head_length(&run); i++)
		run.head[i] = (uint8_t)record_class_of(kind, p[i]);
	for (size_t i = n < RECORD_TAIL ? n : RECORD_TAIL; i > 0; i--)
		run.tail[RECORD_TAIL - i] = (uint8_t)record_class_of(kind, p[n - i]);
	return run;
}

/* ---- stray quotes ---- */

/* May it stand before a quote that opens a field, and after one that closes it? */
static bool is_border(unsigned class)
{
	return class == RECORD_END || class == RECORD_QUOTE || class == RECORD_DELIMITER;
}

/* Two neighbours where they meet: the classes before the border, and those after it. */
struct window {
	uint8_t class[RECORD_TAIL + RECORD_HEAD];
	size_t after;    /* how many there are after it */
	uint64_t offset; /* of the border */
	uint64_t from;   /* offset of the first quote that can be decided */
};

/*
 * Adds the stray quotes that can be decided now that both sides are known: those that the right
 * neighbour has left open. `state`: in which the left one begins; `inside`: is the border inside
 * quotes?
 */
static void decide(struct record_run *run, const struct window *w, unsigned state, bool inside)
{
	for (size_t i = 0; i < w->after; i++) {
		const uint8_t *at = &w->class[RECORD_TAIL + i];
		uint64_t offset = w->offset + i;
		bool outside = !inside; /* after at[-1] */
		/* CR is a part of a line end, or of a field. */
		if (outside && at[-2] == RECORD_QUOTE && at[-1] == RECORD_CR &&
		    at[0] != RECORD_END && offset >= w->from + 2)
			record_run_add_stray(run, state, offset - 2);
		if (outside && at[-1] == RECORD_QUOTE && !is_border(at[0]) && at[0] != RECORD_CR &&
		    i <= RECORD_OPEN && offset >= w->from + 1)
			record_run_add_stray(run, state, offset - 1);
		if (outside && at[0] == RECORD_QUOTE && !is_border(at[-1]) && i < RECORD_OPEN &&
		    offset >= w->from)
			record_run_add_stray(run, state, offset);
		inside ^= at[0] == RECORD_QUOTE;
	}
}

static struct window window_of(const uint8_t tail[RECORD_TAIL], uint64_t offset,
                               const struct record_run *right)
{
	struct window w = {.after = head_length(right), .offset = offset, .from = RECORD_OPEN};

	memcpy(w.class, tail, RECORD_TAIL);
	memcpy(w.class + RECORD_TAIL, right->head, RECORD_HEAD);
	return w;
}

/* ---- merging ---- */

static void merge_edges(struct record_run *left, const struct record_run *right)
{
	for (uint64_t i = left->bytes; i < RECORD_HEAD && i - left->bytes < right->bytes; i++)
		left->head[i] = right->head[i - left->bytes];
	if (right->bytes >= RECORD_TAIL) {
		memcpy(left->tail, right->tail, RECORD_TAIL);
	} else {
		left->tail[0] = left->tail[1];
		left->tail[1] = right->tail[1];
	}
}

void record_run_merge(struct record_run *left, const struct record_run *right)
{
	if (right->bytes == 0)
		return;
	if (left->bytes == 0) {
		*left = *right;
		return;
	}
	struct window w = window_of(left->tail, left->bytes, right);
	for (unsigned state = RECORD_OUTSIDE; state < RECORD_STATES; state++) {
		unsigned middle = state ^ left->odd;
		left->ends[state] += right->ends[middle];
		if (right->form == RECORDS_QUOTED)
			decide(left, &w, state, middle == RECORD_INSIDE);
		if (left->strays[state] == 0 && right->strays[middle] > 0)
			left->stray_at[state] = left->bytes + right->stray_at[middle];
		left->strays[state] += right->strays[middle];
	}
	if (left->tail[1] == RECORD_END && right->head[0] == RECORD_PREFIX)
		left->ends[RECORD_OUTSIDE]++;
	merge_edges(left, right);
	left->odd ^= right->odd;
	left->bytes += right->bytes;
}

/* ---- the whole ---- */

static bool begins_with(const struct record_run *run, unsigned first, unsigned second)
{
	return run->bytes >= 2 && run->head[0] == first && run->head[1] == second;
}

/* The quotes of a whole text. */
static void finish_quotes(const struct record_run *run, struct record_counts *counts)
{
	static const uint8_t line_start[RECORD_TAIL] = {RECORD_END, RECORD_END};
	struct window w = window_of(line_start, 0, run);
	struct record_run first = {0}; /* what the first quotes are */

	/* The first field begins after the byte order mark. */
	w.from = 0;
	if (run->bytes >= 3 && begins_with(run, RECORD_BOM_1, RECORD_BOM_2) &&
	    run->head[2] == RECORD_BOM_3)
		w.class[RECORD_TAIL + 2] = RECORD_END;
	decide(&first, &w, RECORD_OUTSIDE, false);
	counts->strays = first.strays[RECORD_OUTSIDE] + run->strays[RECORD_OUTSIDE];
	counts->stray_at = first.strays[RECORD_OUTSIDE] > 0 ? first.stray_at[RECORD_OUTSIDE]
	                                                    : run->stray_at[RECORD_OUTSIDE];
	counts->unclosed = run->odd;
	counts->utf16 =
		begins_with(run, RECORD_FE, RECORD_FF) || begins_with(run, RECORD_FF, RECORD_FE);
}

struct record_counts record_run_finish(const struct record_run *run)
{
	struct record_counts counts = {.records = run->ends[RECORD_OUTSIDE]};

	if (run->bytes == 0)
		return counts;
	if (run->form == RECORDS_PREFIXED)
		counts.records += run->head[0] == RECORD_PREFIX;
	else
		counts.records += run->tail[1] != RECORD_END || run->odd;
	if (run->form == RECORDS_QUOTED)
		finish_quotes(run, &counts);
	return counts;
}

/* ---- from elsewhere ---- */

static bool class_is_possible(unsigned form, unsigned class)
{
	switch (form) {
	case RECORDS_SEPARATED:
		return class <= RECORD_END;
	case RECORDS_PREFIXED:
		return class <= RECORD_PREFIX;
	case RECORDS_QUOTED:
		return class < RECORD_CLASSES && class != RECORD_PREFIX;
	default:
		return class == RECORD_OTHER;
	}
}

/* Head and tail have the classes of so many bytes. */
static bool edges_are_sound(const struct record_run *run)
{
	size_t n = head_length(run), skipped = n < RECORD_TAIL ? RECORD_TAIL - n : 0;

	for (size_t i = 0; i < RECORD_HEAD; i++)
		if (!class_is_possible(run->form, run->head[i]) || (i >= n && run->head[i] != 0))
			return false;
	for (size_t i = 0; i < RECORD_TAIL; i++)
		if (!class_is_possible(run->form, run->tail[i]) ||
		    (i < skipped && run->tail[i] != 0))
			return false;
	/* A byte of both is one byte. */
	for (uint64_t i = 0; i < n; i++) {
		uint64_t from_end = run->bytes - i;
		if (from_end <= RECORD_TAIL && run->head[i] != run->tail[RECORD_TAIL - from_end])
			return false;
	}
	return true;
}

bool record_run_is_sound(const struct record_run *run)
{
	bool quoted = run->form == RECORDS_QUOTED;

	if (run->form >= RECORD_FORMS || run->bytes > TALLY_BYTES_MOST ||
	    (run->bytes == 0) != (run->form == RECORDS_NONE) || !is_bool(&run->odd) ||
	    (run->odd && !quoted))
		return false;
	for (unsigned state = RECORD_OUTSIDE; state < RECORD_STATES; state++) {
		uint64_t ends = run->ends[state], strays = run->strays[state];
		if (ends > run->bytes || strays > run->bytes || (strays > 0 && !quoted) ||
		    (ends > 0 && state == RECORD_INSIDE && !quoted) ||
		    (strays > 0 ? run->stray_at[state] >= run->bytes : run->stray_at[state] > 0))
			return false;
	}
	return edges_are_sound(run);
}

bool record_run_same(const struct record_run *a, const struct record_run *b)
{
	return a->bytes == b->bytes && a->form == b->form && a->odd == b->odd &&
	       memcmp(a->ends, b->ends, sizeof a->ends) == 0 &&
	       memcmp(a->strays, b->strays, sizeof a->strays) == 0 &&
	       memcmp(a->stray_at, b->stray_at, sizeof a->stray_at) == 0 &&
	       memcmp(a->head, b->head, sizeof a->head) == 0 &&
	       memcmp(a->tail, b->tail, sizeof a->tail) == 0;
}
