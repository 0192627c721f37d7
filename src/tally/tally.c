/* SPDX-License-Identifier: BSD-2-Clause */
/* The laws of the tally: how single units join it, and how two neighbours become one. */
#include "base/base.h"
#include "base/utf8.h"
#include "tally/tally.h"

#include <string.h>

static uint64_t next_tab_stop(uint64_t column)
{
	return (column & ~UINT64_C(7)) + 8;
}

struct width_run width_run_join(struct width_run run, struct width_run next)
{
	if (!next.tab) {
		*(run.tab ? &run.after : &run.before) += next.before;
		return run;
	}
	if (!run.tab) {
		next.before += run.before;
		return next;
	}
	run.after = next_tab_stop(run.after + next.before) + next.after;
	return run;
}

void tally_add_tab(struct tally *t)
{
	struct width_run *run = tally_open_run(t);

	if (run->tab)
		run->after = next_tab_stop(run->after);
	else
		run->tab = true;
}

void tally_add_break(struct tally *t)
{
	if (t->broken)
		t->max_width = max_u64(t->max_width, width_run_end(t->last));
	t->broken = true;
	t->last = (struct width_run){0};
}

void tally_add_byte(const struct charset *cs, struct tally *t, unsigned char b)
{
	t->chars++;
	tally_add_class(t, !(cs->byte[b] & BYTE_SPACE));
	switch (b) {
	case '\n':
		t->lines++;
		/* fall through */
	case '\r':
	case '\f':
		tally_add_break(t);
		break;
	case '\t':
		tally_add_tab(t);
		break;
	default:
		if (cs->byte[b] & BYTE_PRINT)
			tally_add_columns(t, 1);
	}
}

void tally_add_char(const struct charset *cs, struct tally *t, char32_t c)
{
	if (c < 0x80) {
		tally_add_byte(cs, t, (unsigned char)c);
		return;
	}
	t->chars++;
	tally_add_class(t, !charset_is_space(cs, c));
	tally_add_columns(t, charset_width(cs, c));
}

void tally_add_error(struct tally *t)
{
	t->errors++;
	tally_add_class(t, true);
}

void tally_drop_tail(struct tally *t)
{
	for (unsigned i = 0; i < t->tail_len; i++)
		tally_add_error(t);
	t->tail_len = 0;
}

/* Continuation byte `b` comes after `t`, `bytes` apart. */
static void push_continuation(const struct charset *cs, struct tally *t, unsigned char b)
{
	if (t->tail_len == 0) {
		if (!t->decided && t->head_len < TALLY_HEAD_MAX)
			t->head[t->head_len++] = b;
		else
			tally_add_error(t);
		return;
	}
	if (t->tail_len == 1 && !utf8_second_fits(t->tail[0], b)) {
		tally_drop_tail(t);
		tally_add_error(t);
		return;
	}
	t->tail[t->tail_len++] = b;
	if (t->tail_len == utf8_length(t->tail[0])) {
		char32_t c = utf8_decode_multibyte(t->tail);
		t->tail_len = 0;
		tally_add_char(cs, t, c);
	}
}

void tally_push_utf8(const struct charset *cs, struct tally *t, unsigned char b)
{
	t->bytes++;
	if (utf8_is_continuation(b)) {
		push_continuation(cs, t, b);
		return;
	}
	tally_drop_tail(t);
	if (b < 0x80) {
		tally_add_byte(cs, t, b);
	} else if (utf8_length(b) == 0) {
		tally_add_error(t);
	} else {
		t->tail[0] = b;
		t->tail_len = 1;
	}
}

/* The two cores touch: nothing undecided lies between them. */
static void merge_cores(struct tally *left, const struct tally *right)
{
	left->lines += right->lines;
	left->chars += right->chars;
	left->errors += right->errors;
	left->words += right->words;
	if (right->decided) {
		left->words -= left->decided && left->ends_word && right->starts_word;
		if (!left->decided)
			left->starts_word = right->starts_word;
		left->decided = true;
		left->ends_word = right->ends_word;
	}
	struct width_run *run = tally_open_run(left);
	*run = width_run_join(*run, right->first);
	if (right->broken) {
		/* `run` is closed by right's first break. */
		if (left->broken)
			left->max_width = max_u64(left->max_width, width_run_end(*run));
		left->max_width = max_u64(left->max_width, right->max_width);
		left->broken = true;
		left->last = right->last;
	}
}

/*
 * The tail is no character, whatever follows: its first byte fails, decoding restarts at the next.
 * In UTF-8 that is one error after the other; elsewhere the tail may hold whole characters, even a
 * line feed (glibc's GB18030 takes 81 30 0A for the beginning of one).
 */
static void end_tail(const struct charset *cs, struct tally *t)
{
	const uint8_t *p = t->tail;
	unsigned n = t->tail_len;

	t->tail_len = 0;
	while (n > 0) {
		char32_t c;
		int used = cs->class == CHARSET_MULTI ? charset_decode(p, n, &c) : 0;
		if (used > 0)
			tally_add_char(cs, t, c);
		else
			tally_add_error(t); /* in UTF-8 what follows is continuation bytes: errors
			                       too */
		p += used > 0 ? used : 1;
		n -= used > 0 ? (unsigned)used : 1;
	}
}

void tally_merge(const struct charset *cs, struct tally *left, const struct tally *right)
{
	left->bytes += right->bytes;
	for (unsigned i = 0; i < right->head_len; i++)
		push_continuation(cs, left, right->head[i]);
	if (right->decided || right->tail_len > 0)
		end_tail(cs, left); /* what follows is no continuation, or one too many */
	merge_cores(left, right);
	if (right->tail_len > 0) {
		memcpy(left->tail, right->tail, right->tail_len);
		left->tail_len = right->tail_len;
	}
	if (right->records.bytes > 0)
		record_run_merge(&left->records, &right->records);
}

struct counts tally_finish(const struct charset *cs, const struct tally *t)
{
	struct tally whole = {0};

	for (unsigned i = 0; i < t->head_len; i++)
		tally_add_error(&whole);
	merge_cores(&whole, t);
	if (t->tail_len > 0) {
		memcpy(whole.tail, t->tail, t->tail_len);
		whole.tail_len = t->tail_len;
		end_tail(cs, &whole);
	}
	struct counts counts = {
		.lines = whole.lines,
		.words = whole.words,
		.chars = whole.chars,
		.bytes = t->bytes,
		.errors = whole.errors,
		.width = width_run_end(whole.first),
	};
	if (t->records.bytes > 0)
		counts.records = record_run_finish(&t->records);
	if (whole.broken) {
		counts.width = max_u64(counts.width, whole.max_width);
		counts.width = max_u64(counts.width, width_run_end(whole.last));
	}
	return counts;
}

/* What is undecided at the edges: bytes that may begin and end characters. */
static bool edges_are_sound(const struct charset *cs, const struct tally *t)
{
	unsigned tail = t->tail_len;

	if (cs->class == CHARSET_MULTI)
		return t->head_len == 0 && tail <= TALLY_TAIL_MAX;
	if (cs->class != CHARSET_UTF8)
		return t->head_len == 0 && tail == 0;
	if (t->head_len > TALLY_HEAD_MAX || (tail > 0 && tail >= utf8_length(t->tail[0])))
		return false;
	for (unsigned i = 0; i < t->head_len; i++)
		if (!utf8_is_continuation(t->head[i]))
			return false;
	for (unsigned i = 1; i < tail; i++)
		if (!utf8_is_continuation(t->tail[i]))
			return false;
	return true;
}

/* The product, or the largest number. */
static uint64_t times(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

bool tally_is_sound(const struct charset *cs, const struct tally *t)
{
	/*
	 * A byte of TSCII, or of a stateful encoding, is some characters; a TAB is 8 columns. Sums
	 * of honest tallies do not overflow; those of others only spoil what is theirs.
	 */
	const uint64_t characters = times(t->bytes, 8), columns = times(t->bytes, 64);

	return t->bytes <= TALLY_BYTES_MOST && t->lines <= characters && t->words <= characters &&
	       t->chars <= characters && t->errors <= characters && t->max_width <= columns &&
	       t->first.before <= columns && t->first.after <= columns &&
	       t->last.before <= columns && t->last.after <= columns && is_bool(&t->first.tab) &&
	       is_bool(&t->last.tab) && is_bool(&t->broken) && is_bool(&t->decided) &&
	       is_bool(&t->starts_word) && is_bool(&t->ends_word) && edges_are_sound(cs, t) &&
	       record_run_is_sound(&t->records);
}
