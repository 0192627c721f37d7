/* SPDX-License-Identifier: BSD-2-Clause */
/* Decodes from point to point, and keeps the text before each. */
#include "base/base.h"
#include "base/fault.h"
#include "base/relaxed.h"
#include "scan/content.h"
#include "scan/decompress.h"
#include "scan/seek.h"

#include <errno.h>
#include <string.h>

enum {
	/*
	 * Text is kept from this many compressed bytes before a point on: so many hold a window,
	 * nearly always, and else the point is not taken.
	 */
	KEEP_BEFORE = 4 * DECODE_WINDOW,
	/* Where so many compressed bytes have no place, the next is looked for much later. */
	SEARCH_MOST = 1 << 20,
};

/* A seek in hand. */
struct going {
	struct scanner *scanner;
	const struct task *task;
	struct seek *seek;
	struct result *result;
	bool keeping;
	uint64_t target; /* offset from which on a point is wanted */
};

/* The text that has come out becomes the end of what is kept. */
static void keep_text(struct seek *k, const unsigned char *bytes, size_t n)
{
	if (n >= sizeof k->kept) {
		memcpy(k->kept, bytes + n - sizeof k->kept, sizeof k->kept);
	} else {
		memmove(k->kept, k->kept + n, sizeof k->kept - n);
		memcpy(k->kept + sizeof k->kept - n, bytes, n);
	}
	k->n_kept = min_size(k->n_kept + n, sizeof k->kept);
}

/* The decoder's sink. */
static bool count_text(void *arg, const unsigned char *bytes, size_t n)
{
	struct going *g = arg;

	if (g->keeping)
		keep_text(g->seek, bytes, n);
	return content_add(g->scanner, bytes, n, g->result);
}

/* 0, or -1: no more of it, by result->fault. */
static int feed(struct going *g, const unsigned char *bytes, size_t n)
{
	struct scanner *s = g->scanner;
	uint64_t lines = g->result->tally.lines;

	FAULT("count");
	FAULT("decode");
	if (decoder_feed(s->decoder, bytes, n, count_text, g, &g->result->fault) != 0)
		return -1;
	relaxed_add(&s->stats->bytes, n);
	relaxed_add(&s->stats->lines, g->result->tally.lines - lines);
	s->stats->decoded += n;
	return 0;
}

static void add_to_total(struct going *g)
{
	tally_merge(g->scanner->counter.cs, &g->seek->total, &g->result->tally);
	g->result->tally = TALLY_EMPTY;
}

/* The seek is at the place, if all that a unit there may refer to has been kept. Is it? */
static bool move_to(struct going *g, const struct decode_place *place)
{
	struct seek *k = g->seek;
	uint64_t window = place->inside ? min_u64(place->context, DECODE_WINDOW) : 0;

	/* What has been appended since the file was opened is nobody's range. */
	if (window > k->n_kept || g->task->origin + place->bit / 8 >= g->task->size)
		return false;
	k->point.place = *place;
	k->point.n_window = (unsigned)window;
	memcpy(k->point.window, k->kept, sizeof k->kept);
	k->moved(k, &g->result->tally);
	add_to_total(g);
	FAULT("point");
	return true;
}

/* What a step has come to. */
enum step { STEP_ON, STEP_POINT, STEP_STOPPED };

/* Feeds what precedes offset `cut`, where there may be a place. */
static enum step step_to(struct going *g, const unsigned char *bytes, size_t n)
{
	struct decode_place place;
	struct seek *k = g->seek;

	k->cut = decoder_offset(g->scanner->decoder) + n;
	if (feed(g, bytes, n) != 0)
		return STEP_STOPPED;
	int paused = decoder_pause(g->scanner->decoder, count_text, g, &place, &g->result->fault);
	if (paused < 0)
		return STEP_STOPPED;
	bool moved = paused > 0 && place.bit > k->point.place.bit && move_to(g, &place);
	g->target = k->cut + (moved ? k->every : 0);
	return moved ? STEP_POINT : STEP_ON;
}

/*
 * Takes in bytes[n], or what precedes a point in them: *used. The window may be looked for after
 * the last of them that a header could begin with, when more have come.
 */
static enum step take_in(struct going *g, const unsigned char *bytes, size_t n, size_t *used)
{
	uint64_t at = decoder_offset(g->scanner->decoder);
	uint64_t from = max_u64(g->target, at) - at;
	uint64_t end = n > DECODER_POINT_SLACK ? n - DECODER_POINT_SLACK : 0;

	*used = n;
	if (g->seek->until || from >= end)
		return feed(g, bytes, n) == 0 ? STEP_ON : STEP_STOPPED;
	end = min_u64(end, from + SEARCH_MOST);
	uint64_t found = decoder_find_point(g->task->format, bytes, from * 8, end * 8);
	if (found != DECODER_NO_BORDER) {
		/* Before its byte, if there is any, since zeros may precede it; then after it. */
		*used = (size_t)max_u64(1, found / 8);
		return step_to(g, bytes, *used);
	}
	*used = (size_t)end;
	g->target = at + end + (end == from + SEARCH_MOST ? g->seek->every : 0);
	return feed(g, bytes, *used) == 0 ? STEP_ON : STEP_STOPPED;
}

/* All that the reader brings in one block. */
static enum step take_block(struct going *g, const unsigned char *bytes, size_t n)
{
	uint64_t next = decoder_offset(g->scanner->decoder) + n;
	enum step step = STEP_ON;

	g->keeping |= next + KEEP_BEFORE >= g->target;
	for (size_t used; n > 0 && step != STEP_STOPPED; bytes += used, n -= used) {
		step = take_in(g, bytes, n, &used);
		if (step == STEP_POINT && g->scanner->slices)
			return step;
	}
	if (g->keeping && next + KEEP_BEFORE < g->target) {
		g->keeping = false;
		g->seek->n_kept = 0;
	}
	return step == STEP_POINT ? STEP_ON : step;
}

/* Is the end, in whose byte the reading has stopped, what it is said to be? */
static bool is_until(struct going *g)
{
	const struct decode_point *until = g->seek->until;
	const struct decode_place *want = &until->place;
	struct decode_place place;
	size_t n = until->n_window;

	return decoder_pause(g->scanner->decoder, count_text, g, &place, &g->result->fault) > 0 &&
	       place.bit == want->bit && place.inside == want->inside && place.crc == want->crc &&
	       place.context == want->context && g->seek->n_kept >= n &&
	       memcmp(g->seek->kept + DECODE_WINDOW - n, until->window + DECODE_WINDOW - n, n) == 0;
}

static void finish(struct going *g)
{
	struct result *result = g->result;

	if (!g->seek->until)
		decompress_finish(g->scanner, result);
	else if (!is_until(g) && result->fault.cause == DECODE_OK)
		result->fault =
			(struct decode_fault){.cause = DECODE_CORRUPT, .format = g->task->format};
	if (result->fault.cause != DECODE_OK)
		return;
	g->seek->point.place.ended = true;
	g->seek->moved(g->seek, &result->tally);
}

/* Goes on until there is a reason to stop. */
static enum step go(struct going *g)
{
	struct scanner *s = g->scanner;
	const unsigned char *bytes;
	enum step step = STEP_ON;
	int64_t n;

	while (step == STEP_ON && (n = reader_next(&s->reader, &bytes)) != 0) {
		if (n < 0) {
			g->result->read_error = errno;
			return STEP_STOPPED;
		}
		step = take_block(g, bytes, (size_t)n);
	}
	if (step == STEP_ON)
		finish(g);
	return step;
}

/* To the seek's point. 0, or -1 and result->fault. */
static int start(struct going *g, int fd)
{
	const struct task *task = g->task;
	struct seek *k = g->seek;
	uint64_t begin = task->origin + k->point.place.bit / 8;
	uint64_t end = k->until ? task->origin + (k->until->place.bit + 7) / 8 : READER_TO_EOF;

	k->n_kept = k->point.n_window;
	memcpy(k->kept, k->point.window, sizeof k->kept);
	g->keeping = true;
	g->target = k->until ? k->until->place.bit / 8 : k->point.place.bit / 8 + k->every;
	content_resume(g->scanner, task->form, begin == task->begin ? task->bom_length : 0);
	if (decompress_prepare(g->scanner, task->format, g->result) != 0)
		return -1;
	reader_start(&g->scanner->reader, fd, READER_PREAD, begin, end, task->size);
	return decoder_restart(g->scanner->decoder, &k->point, &g->result->fault);
}

void seek_run(struct scanner *s, const struct task *task, int fd, struct result *result)
{
	struct going g = {.scanner = s, .task = task, .seek = task->seek, .result = result};
	struct seek *k = task->seek;

	if (start(&g, fd) == 0 && go(&g) == STEP_POINT) {
		result->kind = RESULT_UNFINISHED;
		return;
	}
	content_end(s, result);
	/* A unit of the input that was cut may have been taken in otherwise. */
	bool failed = result->fault.cause != DECODE_OK || result->read_error;
	k->inexact |= failed && k->until;
	k->inexact |= failed && s->decoder &&
	              decoder_offset(s->decoder) <=
	                      (k->cut + DECODER_UNIT - 1) / DECODER_UNIT * DECODER_UNIT;
	add_to_total(&g);
	result->tally = k->total;
}
