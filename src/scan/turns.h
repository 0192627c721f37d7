/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Turns: several workers read one pipe, and each piece of it is counted by one of them.
 *
 *      the pipe ---splice(2)--> a pipe of our own ---read(2)--> counted       piece 0
 *          `--------splice(2)--------> another ---read(2)--> counted          piece 1
 *
 * Who has the turn moves what lies in the pipe into one of our own, which copies nothing, passes
 * the turn on, and only then reads and counts it: copying, too, is done by all at the same time.
 * What comes slowly is counted by whoever has the turn, and nobody else is woken.
 *
 * Made by whoever has the pieces done, in threads that claim them in their order.
 */
#ifndef PCOUNT_SCAN_TURNS_H
#define PCOUNT_SCAN_TURNS_H

#include "base/base.h"
#include "scan/scan.h"
#include "source/pipe.h"

/* What goes with a turn, and is given back. */
struct turn_loan {
	struct own_pipe *own; /* empty; NULL: there is none, and the turn must be kept to the end */
	/*
	 * Columns of a line that lies in pieces before this one; when it is given back, in this one
	 * or one before it. Kernels go on from it: they measure only what may be wider.
	 */
	uint64_t widest;
};

struct turns {
	/*
	 * Waits until it is the turn of piece `piece`, counted from 0 on, and a pipe is free, if
	 * there are any. False: the stream has ended, the turn is passed on, and nothing is lent.
	 */
	bool (*take)(struct turns *t, uint64_t piece, struct turn_loan *loan);
	/* It is the turn of the next piece; `ended`: which finds nothing. */
	void (*pass)(struct turns *t, uint64_t piece, bool ended);
	void (*give_back)(struct turns *t, const struct turn_loan *loan);
};

/*
 * Counts piece `task->piece` of the stream `fd`: as much as there was when its turn came; or what
 * comes slowly, and then as much as there is.
 */
void turns_run(struct scanner *s, const struct task *task, int fd, struct result *result);

/*
 * Counts the stream on which the reader has been started, until it has come so fast for some MiB
 * that others can help: true. False: it was counted to its end, or as far as can be.
 */
bool turns_precede(struct scanner *s, struct result *result);

#endif
