/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ledger: which piece of work is free, claimed by whom, or done, and what came of it.
 *
 *      add (owner)            claim (worker)         commit (worker)          fold (owner)
 *        |                       |                       |                       |
 *        v                       v                       v                       v
 *      FREE ----------------> CLAIMED ---------------> DONE ----------------> (slot reused)
 *        ^                       |
 *        `----- give back -------'   the worker died: the work is done again by another
 *
 * A ring of slots, a window on the sequence of all tasks: what is done and oldest is folded and
 * its slot reused, so a huge input needs no huge ledger. Totals are folded from done slots in
 * order and never accumulated by workers, so nothing is lost or counted twice, whoever dies when.
 *
 * The owner (the thread that made it) adds, folds and gives back; workers claim and commit. The
 * lock is held for a few loads and stores a task, never while counting. In a shared ledger the
 * lock is robust; the repair after a death inside it relies on this: a slot's `state` is written
 * last, so a torn change is one that has not happened, and everything else is derived from it.
 */
#ifndef PCOUNT_ENGINE_LEDGER_H
#define PCOUNT_ENGINE_LEDGER_H

#include "base/base.h"
#include "detect/filetype.h"
#include "source/decoder.h"
#include "text/encoding.h"
#include "tally/profile.h"
#include "tally/tally.h"

#include <sys/types.h>

enum task_kind {
	TASK_FILE,  /* open `path` and count all of it */
	TASK_PIECE, /* count [begin, end) of an open file */
	TASK_KNOWN, /* nothing: the owner knows what [begin, end) comes to */
	TASK_LOOK,  /* look at the content of an open file from `begin` on, count nothing */
};

struct task {
	enum task_kind kind;
	const char *path; /* NULL: only `fd` leads to it. Shared ledgers keep a copy */
	int fd;           /* not FILE: open in the owner's process, or 0; FILE: -1 */
	dev_t dev;        /* not FILE: the file `fd` is; a worker that opens `path` anew checks */
	ino_t ino;
	uint64_t begin, end;     /* bytes of the file; end may be READER_TO_EOF: the last piece */
	uint64_t origin;         /* where the operand's first piece begins */
	uint64_t size;           /* of the file, when last asked */
	enum format format;      /* not FILE: compressed so, and the piece is whole members */
	enum encoding_form form; /* PIECE: its text is transcoded from this */
	unsigned mark;    /* PIECE that begins at `origin`: first bytes of it that are no text */
	unsigned threads; /* of a library's that may help with compressed data; 0: none */
	bool careful;     /* a worker died of it: no mappings */
};

enum result_kind {
	RESULT_COUNTED,  /* tally and error are set */
	RESULT_DEFERRED, /* not for this worker: the owner must do it itself, at its turn */
};

struct result {
	enum result_kind kind;
	int open_error; /* errno: FILE could not be opened */
	int read_error; /* errno: reading ended early, the tally holds what came before */
	struct decode_fault fault; /* decoding ended early, the same; DECODE_OK: it did not */
	bool not_text;             /* there was no wish to count such; the tally is empty */
	enum encoding_form form;   /* LOOK: of the content */
	unsigned mark;             /* LOOK: first bytes of it that are no text */
	char type[FILETYPE_MAX];   /* "": not asked for, or not known */
	struct tally tally;
	/*
	 * Of the same bytes; NULL: none is wanted, or there are none. It is not copied with the
	 * result: a worker's is valid until it begins another task, a folded one until a task is
	 * added.
	 */
	const struct profile *profile;
};

struct ledger;

enum { LEDGER_OWNER = UINT16_MAX }; /* the owner's number when it claims; workers have others */

/*
 * A ledger of `slots` slots; `shared`: for forked processes. NULL and errno if there is no memory.
 */
struct ledger *ledger_new(unsigned slots, bool shared);
void ledger_free(struct ledger *l);
/*
 * Before any task: results have profiles, for which slots have no room otherwise. 0, or -1 and
 * errno.
 */
int ledger_add_profiles(struct ledger *l);

/* ---- the owner's ---- */

/* Is there room for another task? */
bool ledger_has_room(const struct ledger *l);
/* Adds a task behind all others and wakes workers on ledger_announce(). There must be room. */
uint64_t ledger_add(struct ledger *l, const struct task *task);
/* Tells sleeping workers of the tasks added. */
void ledger_announce(struct ledger *l);
/* No task will be added nor claimed: workers return when they come back. */
void ledger_close(struct ledger *l);
/* Is task `seq` one of those added and not yet folded? */
bool ledger_is_pending(const struct ledger *l, uint64_t seq);
/* How many these are. */
uint64_t ledger_pending(const struct ledger *l);
/* The oldest task's result, if it is done; its slot is free for another then. */
bool ledger_fold(struct ledger *l, struct task *task, struct result *result);
/*
 * Worker `worker` is dead: what it had claimed becomes free again, marked careful. A task that has
 * killed two workers is left to the owner. Returns the number of tasks given back.
 */
unsigned ledger_give_back(struct ledger *l, unsigned worker);
/* Claims, for the owner, a task that has killed two workers: none but the owner may. */
bool ledger_claim_deadly(struct ledger *l, struct task *task, uint64_t *seq);
/* Tasks that are in workers' hands now. */
unsigned ledger_claimed(struct ledger *l);
/* Counts the commits so far: has there been progress? */
uint64_t ledger_commits(struct ledger *l);
/* Sleeps until the oldest task is done or ledger_news() is called; may return early. */
uint32_t ledger_news_seen(struct ledger *l);
void ledger_wait_news(struct ledger *l, uint32_t seen);
void ledger_news(struct ledger *l); /* async-signal-safe */

/* ---- workers' (and the owner's, as LEDGER_OWNER) ---- */

/* Takes the oldest free task for `worker`: true and *task, *seq; false if there is none now. */
bool ledger_claim(struct ledger *l, unsigned worker, struct task *task, uint64_t *seq);
/* The same, sleeping until there is one; false: the ledger is closed. */
bool ledger_claim_wait(struct ledger *l, unsigned worker, struct task *task, uint64_t *seq);
/* Hands in the result of task `seq`, claimed by `worker`. */
void ledger_commit(struct ledger *l, unsigned worker, uint64_t seq, const struct result *result);

#endif
