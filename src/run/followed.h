/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What --follow knows of each operand, and how it learns what has become of it.
 *
 *      awaited --a file is there--> fresh --counted by the engine--> file <--looks: what is new,
 * counted here ^                           ^                                | | `--- another file
 * has its name --'
 *         `--- it cannot be read
 *
 * A file stays open, so that no other can have its inode number, and so that what is still written
 * to it after it was renamed is counted until another takes its place.
 */
#ifndef PCOUNT_RUN_FOLLOWED_H
#define PCOUNT_RUN_FOLLOWED_H

#include "base/base.h"
#include "engine/growth.h"
#include "run/follow.h"
#include "run/notify.h"
#include "run/round.h"

#include <sys/stat.h>

enum followed_state {
	FOLLOWED_AWAITED, /* it is not there, or cannot be read */
	FOLLOWED_FRESH,   /* a regular file that has not been counted */
	FOLLOWED_FILE,    /* one that has been, up to some place */
	FOLLOWED_STREAM,  /* read as it comes */
	FOLLOWED_OVER,    /* a stream that has ended, or what cannot be followed */
};

struct followed {
	struct operand *op;
	enum followed_state state;
	int fd;          /* FILE, STREAM: open */
	uint64_t origin; /* offset of the first byte that counts: 0, but for standard input */
	struct tally tally;
	struct stat st;   /* FILE: as it was at the last look */
	uint64_t sampled; /* FILE: from `origin` to here a sample was taken before it was counted,
	                   */
	uint64_t sample;  /* and that is it */
	bool gone;        /* FILE: its name leads nowhere, which was told */
	int told;         /* AWAITED: the errno that was told; 0: none */
};

struct follow {
	const struct follow_setup *setup;
	struct growth *growth;
	struct notify *notify;
	struct round round;
	size_t n;
	struct followed *file;   /* [n] */
	struct round_line *line; /* [n] */
	size_t next_fresh;       /* while the engine runs: where to look for the next one */
	bool no_output;          /* nobody reads, or it cannot be written, and that is reported */
};

/* Standard input, before all else. `taken`: it has been given before, and all is there. */
void followed_begin_stdin(struct follow *fo, size_t i, bool taken);
/* Nothing more is to be expected of it; what was counted stands. */
void followed_give_up(struct follow *fo, size_t i);
/* Closes what is open. */
void followed_let_go(struct followed *f);
/*
 * Looks what its name leads to, and counts what is new; what is FRESH then is left to be counted.
 */
void followed_look(struct follow *fo, size_t i);
/* Counts, by the engine, all that is FRESH. False: that cannot be set up, which is reported. */
bool followed_count_fresh(struct follow *fo);
/* There is something to be read from the stream, or its end. */
void followed_read(struct follow *fo, size_t i);

#endif
