/* SPDX-License-Identifier: BSD-2-Clause */
/* What the engines share: the owner's loop, and what each engine adds to it. Private to engine/. */
#ifndef PCOUNT_ENGINE_CORE_H
#define PCOUNT_ENGINE_CORE_H

#include "base/base.h"
#include "engine/engine.h"
#include "engine/handover.h"
#include "engine/ledger.h"
#include "engine/plan.h"
#include "engine/worker.h"

struct engine;

/* An engine is who takes the tasks out of the ledger. */
struct engine_ops {
	enum engine_kind kind;
	bool shared; /* the ledger and the statistics must be visible to processes */
	/* Makes the workers; as many as the system grants, perhaps none. */
	void (*start)(struct engine *e);
	/* The owner has nothing to fold or add: work itself, or wait for workers. */
	void (*step)(struct engine *e);
	/* The ledger is closed: sees the workers off. */
	void (*stop)(struct engine *e);
};

/* The engines, each in its own file. */
extern const struct engine_ops engine_serial;
extern const struct engine_ops engine_threads;
extern const struct engine_ops engine_processes;

/* An operand between next() and done(). */
struct job {
	struct operand *op;
	struct job *next;
	int fd;              /* open, if it is cut up; else -1 */
	struct stat st;      /* opened: of the file */
	bool opened;         /* by the owner; `st` is set */
	uint64_t chunk;      /* fd >= 0: size of its pieces */
	enum format format;  /* fd >= 0: compressed so, and cut between members */
	uint64_t cold_chunk; /* fd >= 0: of those that are not in the page cache */
	uint64_t cold_end;   /* fd >= 0: below this offset it is taken not to be there */
	uint64_t origin;     /* fd >= 0: offset of the operand's first byte */
	uint64_t begin;   /* fd >= 0: of the first that is to be counted; `origin`, but for parts */
	uint64_t end;     /* fd >= 0: behind the last one; READER_TO_EOF: wherever the file ends */
	uint64_t planned; /* fd >= 0: end of what the ledger has had */
	bool rest_done; /* format: a piece was redone to the end of the file, those behind are void
	                 */
	enum encoding_form form; /* fd >= 0: its text is transcoded from this, and cut accordingly
	                          */
	unsigned mark;           /* fd >= 0: first bytes of its content that are no text */
	bool looking;     /* fd >= 0: no piece is planned before its content has been looked at */
	bool all_planned; /* the ledger has had all its tasks */
	unsigned pending; /* tasks in the ledger */
	bool in_turn;     /* to be read by the owner when everything before it is printed */
	struct known_range *known; /* [n_known], from the client */
	size_t n_known;
	size_t known_planned, known_folded; /* how many of them the ledger has had, and given back
	                                     */
	bool short_of;           /* a piece had fewer bytes than it should: the file has shrunk */
	bool uncuttable;         /* a part of it was asked for, and it has none */
	struct result total;     /* of the tasks folded so far */
	struct profile *profile; /* the same, which `total` has no room for; NULL: not wanted */
};

/* For profiles, if any are wanted. */
struct engine_profiles {
	struct profile spare;    /* of the spare job */
	struct profile finished; /* of the operand that the client is told of */
};

/* Tasks under way: enough to keep workers busy while the owner prints or counts itself. */
enum { ENGINE_LEDGER_SLOTS = 1024 };

/*
 * Where the file of a task is, as the owner alone knows it: workers can write to a shared ledger.
 */
struct place {
	uint64_t seq;
	const char *path; /* the operand's */
	int fd;           /* -1: to be opened by its path */
};

struct engine {
	const struct engine_config *config;
	const struct engine_client *client;
	struct engine_stats *stats;
	const struct engine_ops *ops;
	bool may_grow;    /* ENGINE_AUTO, still serial: threads may be started */
	unsigned workers; /* that will be, or would be, at work */
	struct plan plan;
	struct ledger *ledger;
	struct worker owner;               /* the calling thread's own */
	bool apart;                        /* nothing is parsed in this process: see apart.c */
	struct place *place;               /* apart: [ENGINE_LEDGER_SLOTS], by number of task */
	unsigned worker_places;            /* as many as there could be: `workers` at first */
	struct worker_stats *worker_stats; /* [worker_places + 1], the owner's last */
	/* Operands in order: the first is being folded, the last being planned. */
	struct job *first, *last;
	struct job spare;                 /* for when there is no memory for another */
	struct engine_profiles *profiles; /* NULL: none are wanted */
	unsigned split_open;              /* of them cut up and open */
	uint64_t taken;                   /* operands so far */
	bool supply_ended;
	bool stopped; /* by the client */
	void *state;  /* the running engine's own */
};

/* plan side (feed.c): takes operands and adds tasks while there is room. */
void engine_feed(struct engine *e);
/* fold side (fold.c): folds what is done, in order; true if anything has moved. */
bool engine_fold(struct engine *e);

/*
 * Sets the range of a job whose `st`, `format` and `origin` are known. False: it cannot be cut,
 * which the job remembers. See range.c.
 */
bool engine_range_set(const struct engine *e, struct job *job, int fd);
/* What is to be told of a job's range: all but the tally. */
struct counted engine_range_of(const struct job *job, uint64_t begin, uint64_t end);
/* Is a part of each operand wanted, and so only of those that can be cut? */
bool engine_wants_part(const struct engine *e);

/* Before anything that may take long. False: the client has said stop. */
bool engine_settle(struct engine *e);

/* Tells who looks which operand is the first now. */
void engine_show_first(const struct engine *e);
/* ---- work of the owner's own, see apart.c ---- */

/* Must the owner parse nothing? */
bool engine_works_apart(const struct engine_config *config, enum engine_kind kind);
/* worker_do() and worker_do_stream() by the owner, or in a process of their own. */
void engine_do(struct engine *e, const struct task *task, struct result *result);
void engine_do_stream(struct engine *e, int fd, const struct stat *st, struct result *result);
/* Notes where task `seq` has its file; the path stays where it is until the task is folded. */
void engine_keep_place(struct engine *e, uint64_t seq, const char *path, int fd);
/* Opens the file that the worker behind the socket has asked for, if it has. */
void engine_hand_over(struct engine *e, int socket);

/* So many workers from now on; fewer than before only. */
void engine_set_workers(struct engine *e, unsigned workers);

void job_free(struct engine *e, struct job *job);

#endif
