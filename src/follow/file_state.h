/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What --follow knows of each operand, and how it learns what has become of it.
 *
 *      AWAITED --a file is there--> NEW --counted by the engine--> OPEN <--checks: what was
 *         ^                          ^                              | |    appended is counted here
 *         |                          `--- another file has its name-' |
 *         `--- it cannot be read -------------------------------------'
 *
 * A file stays open, so that no other can have its inode number, and so that what is still written
 * to it after it was renamed is counted until another takes its place.
 */
#ifndef PCOUNT_FOLLOW_FILE_STATE_H
#define PCOUNT_FOLLOW_FILE_STATE_H

#include "base/base.h"
#include "scan/append.h"
#include "follow/follow.h"
#include "follow/file_watch.h"
#include "follow/display.h"

#include <sys/stat.h>

enum file_status {
	FILE_AWAITED, /* it is not there, or cannot be read */
	FILE_NEW,     /* a regular file that has not been counted */
	FILE_OPEN,    /* one that has been, up to some place */
	FILE_STREAM,  /* read as it comes */
	FILE_OVER,    /* a stream that has ended, or what cannot be followed */
};

struct followed_file {
	struct operand *op;
	enum file_status state;
	int fd;          /* OPEN, STREAM: the descriptor */
	uint64_t origin; /* offset of the first byte that counts: 0, but for standard input */
	struct tally tally;
	struct stat st;   /* OPEN: as it was at the last check */
	uint64_t sampled; /* OPEN: from `origin` to here a sample was taken before it was counted,
	                   */
	uint64_t sample;  /* and that is it */
	bool gone;        /* OPEN: its name leads nowhere, which was told */
	bool quotes_told; /* that there are stray quotes in it, which was told */
	int told;         /* AWAITED: the errno that was told; 0: none */
	int keep_error;   /* NEW: errno if the open file could not be kept; else 0 */
};

struct follow {
	const struct follow_setup *setup;
	struct append_scanner *append;
	struct file_watch *watch;
	struct display display;
	size_t n;
	struct followed_file *file; /* [n] */
	struct display_line *line;  /* [n] */
	bool streams_read; /* something has come from a stream, or its end, that is not displayed */
	bool no_output;    /* nobody reads, or it cannot be written, and that is reported */
};

/* Standard input, before all else. `taken`: it has been given before, and all is there. */
void file_state_begin_stdin(struct follow *fo, size_t i, bool taken);
/* Nothing more is to be expected of it; what was counted stands. */
void file_state_give_up(struct follow *fo, size_t i);
/* Closes what is open. */
void file_state_close(struct followed_file *f);
/*
 * Finds out what its name leads to, and counts what was appended; if that makes it NEW, it is left
 * to file_state_count_new().
 */
void file_state_check(struct follow *fo, size_t i);
/* Counts, by the engine, all that is NEW. 0, or -1: that cannot be set up, which is reported. */
int file_state_count_new(struct follow *fo);
/* Reports stray quotes once. That a quoted field is not closed may only be so for a while. */
void file_state_check_quotes(struct follow *fo, size_t i);
/* There is something to be read from the stream, or its end. */
void file_state_read_stream(struct follow *fo, size_t i);

#endif
