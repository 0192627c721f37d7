/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shows how far a run has got: a line on the terminal that is drawn again and again, and a line for
 * each SIGUSR1. No thread: a timer's signal interrupts the calling thread, which alone prints, so
 * that nothing is mixed up. All calls come from that thread; one watch at a time.
 */
#ifndef PCOUNT_REPORT_WATCH_H
#define PCOUNT_REPORT_WATCH_H

#include "base/base.h"
#include "engine/engine.h"
#include "report/progress.h"

#include <signal.h>
#include <sys/types.h>

struct watch {
	struct engine_watch engine; /* for engine_config.watch */
	struct amount amount;       /* to be counted */
	bool by_files;              /* sizes are believed, not read */
	bool utf8;
	bool passes;             /* lines a second and the time are shown, too */
	volatile uint64_t files; /* complete */
	/* The watch's own. */
	bool terminal; /* standard error is one */
	enum progress_when when;
	volatile sig_atomic_t held;     /* nothing is drawn now */
	volatile uint64_t bytes_before; /* read before the operands that are being read */
	unsigned until_search;          /* draws until other processes are searched for again */
	bool shared;                    /* there were some */
	pid_t drawing_pid;              /* the process that draws */
	bool ticking;                   /* the ticker is on */
	uint64_t start_ns;
	uint64_t last_ns;    /* when `rate` was last brought up to date, */
	uint64_t last_bytes; /* and at how many bytes */
	uint64_t last_lines; /* and lines */
	double rate;         /* bytes a second, of the last few seconds */
	double line_rate;    /* lines */
};

/*
 * SIGUSR1 asks for a line from now on, and kills no more: whoever sends it cannot know whether
 * counting has begun, or is over. Where there is nothing to say, nothing is said. For main(), first
 * of all.
 */
void watch_listen(void);

/* Will anything be drawn by itself? Then the amount is worth asking for. */
bool watch_wanted(enum progress_when when);

/* Begins to watch; the first five fields and those of `engine` are set. `w` stays where it is. */
void watch_start(struct watch *w, enum progress_when when, bool wanted);
void watch_stop(struct watch *w);

/* An operand is complete: nothing is drawn until watch_release(). */
void watch_hold(struct watch *w);
static inline void watch_release(struct watch *w)
{
	w->held = false;
}

#endif
