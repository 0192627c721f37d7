/* SPDX-License-Identifier: BSD-2-Clause */
/* Pieces of a gzip file: decoded ahead, joined to what precedes them, counted. */
#include "base/base.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/relaxed.h"
#include "scan/content.h"
#include "scan/decompress.h"
#include "scan/relay.h"

/* The piece in hand. */
struct leg {
	struct scanner *scanner;
	const struct task *task;
	struct gzip_piece *piece;
	struct gzip_place place; /* how far it has got */
	bool passed;             /* the next one has been told */
};

static void pass(struct leg *leg)
{
	if (!leg->passed)
		leg->task->relay->pass(leg->task->relay, leg->task->piece, &leg->place);
	leg->passed = true;
}

/* Counts the text that the piece has. */
static void count_text(struct leg *leg, struct result *result)
{
	struct scanner *s = leg->scanner;
	const unsigned char *text;
	uint64_t lines = result->tally.lines;
	size_t n;

	FAULT("count");
	while ((n = gzip_piece_text(leg->piece, &text)) > 0)
		if (!content_add(s, text, n, result))
			leg->place.at = GZIP_AT_FAULT;
	relaxed_add(&s->stats->lines, result->tally.lines - lines);
}

/*
 * What has been decoded from leg->place on becomes a part of the result. Where it ends is known
 * before that, so that the next piece need not wait.
 */
static enum gzip_stop take_in(struct leg *leg, struct result *result)
{
	struct scanner *s = leg->scanner;
	uint64_t before = leg->place.bit;
	uint64_t bytes = gzip_piece_leave(leg->piece, &leg->place);
	enum gzip_stop stop = gzip_piece_stop(leg->piece);

	bool stored = leg->task->piece == 0 && gzip_piece_is_stored(leg->piece);
	if (stored || (stop == GZIP_STOP_FAULT && leg->place.bit == before))
		leg->place.at = GZIP_AT_FAULT;
	if (stop == GZIP_STOP_BORDER || stop == GZIP_STOP_REST || stored)
		pass(leg);
	if (leg->place.at != GZIP_AT_FAULT)
		count_text(leg, result);
	relaxed_add(&s->stats->bytes, bytes);
	s->stats->decoded += bytes;
	return leg->place.at == GZIP_AT_FAULT ? GZIP_STOP_FAULT : stop;
}

/* From leg->place on, which is where it was entered, if it was. */
static void count(struct leg *leg, int fd, struct result *result)
{
	enum gzip_stop stop = GZIP_STOP_ROOM;

	if (gzip_piece_accept(leg->piece, &leg->place))
		stop = take_in(leg, result);
	while (stop == GZIP_STOP_ROOM ||
	       (stop == GZIP_STOP_FAULT && leg->place.at != GZIP_AT_FAULT)) {
		gzip_piece_start(leg->piece, &leg->place);
		stop = take_in(leg, result);
	}
	result->note = NOTE_DECOMPRESSED;
	if (stop == GZIP_STOP_REST)
		decompress_from(leg->scanner, leg->task, leg->place.bit / 8, fd, result);
	else if (stop == GZIP_STOP_FAULT)
		pass(leg);
}

static struct gzip_piece *piece_of(struct scanner *s)
{
	if (!s->piece)
		s->piece = gzip_piece_new(s->config->memory_limit);
	return s->piece;
}

void relay_run(struct scanner *s, const struct task *task, int fd, struct result *result)
{
	struct relay *relay = task->relay;
	struct leg leg = {.scanner = s, .task = task, .piece = piece_of(s)};
	struct gzip_sum sum = {0};
	bool right = true, entered = false;

	FAULT("decode");
	content_resume(s, task->form, task->bom_length);
	if (leg.piece) {
		gzip_piece_begin(leg.piece, fd, task->begin, task->end);
		bool early = FAULT_FORCED("search") || !relay->is_due(relay, task->piece);
		entered = early && task->piece > 0 && gzip_piece_search(leg.piece);
	}
	uint64_t start = clock_now_ns();
	relay->take(relay, task->piece, &leg.place);
	s->stats->busy_ns -= clock_now_ns() - start; /* who waits is not busy; it is added later */
	bool reached = leg.place.at >= GZIP_AT_REST || leg.place.bit / 8 >= task->end;
	if (!reached && !leg.piece)
		leg.place.at = GZIP_AT_FAULT;
	if (!reached && leg.piece) {
		s->stats->entered += entered;
		s->stats->missed += entered && !gzip_piece_accept(leg.piece, &leg.place);
		count(&leg, fd, result);
		right = gzip_piece_sum(leg.piece, &sum) && leg.place.at != GZIP_AT_FAULT;
	}
	pass(&leg);
	content_end(s, result);
	relay->finish(relay, task->piece, &sum, right);
}
