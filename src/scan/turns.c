/* SPDX-License-Identifier: BSD-2-Clause */
/* One worker's turns at a pipe, and what precedes them. */
#include "base/base.h"
#include "base/clock.h"
#include "base/fault.h"
#include "scan/content.h"
#include "scan/turns.h"

enum {
	/* A thread costs as much to make as 1 MiB to count, and a pipe may be full by chance. */
	ALONE = 4 << 20,
	/*
	 * To wake who waits for the turn takes as long as counting a tenth of this. What is less is
	 * counted with the turn in hand, as is the slice after it.
	 */
	WORTH_PASSING = 128 << 10,
	SLOW_SLICE = 512 << 10,
	FORCED_SLICE = 4096, /* what a pipe has at once may be all that a test writes */
};

bool turns_precede(struct scanner *s, struct result *result)
{
	bool forced = FAULT_FORCED("turns");

	do {
		reader_next_slice(&s->reader, forced ? FORCED_SLICE : ALONE);
		content_count(s, result);
		if (result->read_error || !reader_has_slice(&s->reader))
			return false;
	} while (content_is_filtered(s) || !(forced || reader_was_waited_for(&s->reader)));
	return true;
}

/* The turn of one piece. */
struct turn {
	struct scanner *scanner;
	const struct task *task;
	struct turn_loan loan;
	bool passed;
};

static void pass(struct turn *turn, bool ended)
{
	if (!turn->passed)
		turn->task->turns->pass(turn->task->turns, turn->task->piece, ended);
	turn->passed = true;
}

/* Bytes of the stream `fd` that were moved into its own pipe; or 0. */
static uint64_t move(struct turn *turn, int fd)
{
	FAULT("take");
	ssize_t n = turn->loan.own ? own_pipe_take(turn->loan.own, fd) : 0;

	return n > 0 ? (uint64_t)n : 0;
}

/*
 * Counts with the turn in hand, by plain reads, which also tell what is the matter where nothing
 * can be moved. Is there more?
 */
static bool count_slowly(struct turn *turn, int fd, struct result *result)
{
	struct scanner *s = turn->scanner;

	reader_start(&s->reader, fd, READER_STREAM, 0, READER_TO_EOF, 0);
	if (turn->loan.own)
		reader_next_slice(&s->reader, SLOW_SLICE);
	content_count(s, result);
	return !result->read_error && !result->met_end;
}

static void count(struct turn *turn, int fd, struct result *result)
{
	struct scanner *s = turn->scanner;

	while (!turn->passed) {
		uint64_t n = move(turn, fd);
		if (n >= WORTH_PASSING || (n > 0 && FAULT_FORCED("turns")))
			pass(turn, false);
		if (n > 0) {
			reader_start_taken(&s->reader, turn->loan.own->read_end, n);
			content_count(s, result);
		}
		if (!turn->passed && !count_slowly(turn, fd, result)) {
			result->met_end = true;
			pass(turn, true);
		}
	}
}

void turns_run(struct scanner *s, const struct task *task, int fd, struct result *result)
{
	struct turns *turns = task->turns;
	struct turn turn = {.scanner = s, .task = task};
	uint64_t start = clock_now_ns(), before = s->stats->bytes;

	bool more = turns->take(turns, task->piece, &turn.loan);
	s->stats->busy_ns -= clock_now_ns() - start; /* who waits is not busy; it is added later */
	if (!more)
		return;
	content_resume(s, ENCODING_NONE, 0);
	result->tally.max_width = turn.loan.widest;
	count(&turn, fd, result);
	turn.loan.widest = result->tally.max_width;
	turns->give_back(turns, &turn.loan);
	s->stats->streamed += s->stats->bytes - before;
}
