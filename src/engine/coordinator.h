/* SPDX-License-Identifier: BSD-2-Clause */
/* What the coordinator's parts share: planner, split, collector. Private to engine/. */
#ifndef PCOUNT_ENGINE_COORDINATOR_H
#define PCOUNT_ENGINE_COORDINATOR_H

#include "base/base.h"
#include "engine/engine.h"
#include "engine/executor.h"
#include "engine/ledger.h"
#include "engine/plan.h"
#include "scan/record_start.h"
#include "scan/scan.h"
#include "scan/seek.h"

#include <stdatomic.h>

/* Of what a split has its `end`; see align.c. */
enum split_stage {
	SPLIT_RANGE,  /* of the range that is to be counted */
	SPLIT_BEFORE, /* of what precedes it, which is counted for the quotes in it */
	SPLIT_TO_END, /* of the part, were it not aligned */
};

/* What is known of its parts, for engine_range.borders; see borders.c. */
struct split_borders {
	uint64_t next; /* number of the part, from 0 on, whose beginning is the next to be found */
	uint64_t last; /* where the one before it begins, */
	struct tally before; /* and what precedes that */
};

/*
 * A regular file that is cut up, or a pipe that is: open, and planned piece by piece as the ledger
 * has room.
 */
struct split {
	int fd;
	enum format format;        /* compressed so, and cut between members, unless chained */
	uint64_t chunk;            /* size of its pieces */
	uint64_t cold_chunk;       /* of those that are not in the page cache */
	uint64_t cold_end;         /* below this offset it is taken not to be there */
	uint64_t origin;           /* offset of the operand's first byte */
	uint64_t begin;            /* of the first that is to be counted; `origin`, but for parts */
	uint64_t end;              /* after the last one; READER_TO_EOF: wherever the file ends */
	uint64_t planned;          /* end of what the ledger has had */
	enum cached_before before; /* how much of the file was in memory */
	bool sparse;               /* it has holes: each is one piece, however large */
	bool rest_done; /* a piece had all to the end of the file: those after it are void */
	enum encoding_form form;   /* its text is transcoded from this, and cut accordingly */
	unsigned bom_length;       /* first bytes of its content that are no text */
	bool to_be_told;           /* ENGINE_FILE_OPENED is due before any piece */
	bool chained;              /* compressed, and cut anywhere: see chain.c */
	struct decode_place place; /* chained: how far all is proven */
	struct relay *relay;       /* gzip, cut anywhere: see scan/relay.h; NULL: it is not */
	struct turns *turns; /* a pipe that is counted in turns: see turns.h; NULL: it is none */
	uint64_t pieces;     /* of the relay or pipe, so far */
	struct seek_list *seeks;   /* compressed, with points: see seek.h; NULL: without */
	bool sniffing;             /* no piece is planned before its content has been sniffed */
	struct known_range *known; /* [n_known], from the client */
	size_t n_known;
	size_t known_planned;   /* how many of them the ledger has had */
	bool truncated;         /* a piece had fewer bytes than it should: the file has shrunk */
	enum split_stage stage; /* of an aligned part */
	struct split_borders borders;
};

/* An operand, from engine_add_operand() to its last event. */
struct job {
	struct engine_operand op;
	struct job *next;
	struct split *split; /* NULL: it is not cut up */
	bool ordered;        /* a barrier: read by the coordinator when all before it is done */
	bool all_planned;    /* the ledger has had all its tasks */
	unsigned pending;    /* tasks in the ledger */
	bool unsized;        /* its task was planned without asking for the size of its file */
	bool waiting;        /* it is planned when no unsized job is left before it */
	enum result_kind postponed; /* collected before its turn: what is left to be done, then */
	bool opened;                /* by the coordinator: the next is set */
	struct stat st;
	enum one_worker one_worker; /* why no other may help to decode it, as of one_worker_from */
	uint64_t one_worker_from;   /* byte of the compressed data */
	uint64_t points;            /* see struct outcome */
	bool unsplittable;          /* a part of it was asked for, and it has none */
	struct result total;        /* of the tasks collected so far */
	struct profile *profile; /* of the same, which `total` has no room for; NULL: not wanted */
};

/* For profiles, if any are wanted. */
struct engine_profiles {
	struct profile spare;    /* of the spare job */
	struct profile finished; /* of the operand that the client is told of */
};

/* Tasks under way: enough to keep workers busy while the client prints. */
enum { ENGINE_LEDGER_SLOTS = 1024 };

struct engine {
	const struct engine_config *config;
	struct executor executor;
	bool may_grow; /* crew.more may take over */
	struct plan plan;
	struct ledger *ledger;
	struct scanner scanner;            /* of this thread */
	bool shared;                       /* worker_stats is; not so for the ledger */
	unsigned places;                   /* as many workers as there could be */
	struct worker_stats *worker_stats; /* places + 1 of them, the coordinator's last */
	size_t stats_stride;               /* from one to the next, in bytes */
	const char *why;                   /* for engine_stats */
	uint64_t chunk_size;               /* for engine_stats */
	/* Operands in order: the first is being collected, the last being planned. */
	struct job *first, *last;
	struct job *incoming;             /* for the operand that is asked for; NULL: not yet */
	struct job *finished;             /* of which the last event was; NULL: none */
	struct job *free_jobs;            /* memory of those that have ended */
	struct job spare;                 /* for when there is no memory for another */
	struct split spare_split;         /* of the first operand, in that case */
	struct engine_profiles *profiles; /* NULL: none are wanted */
	struct job *late;                 /* planned again, all others being collected; or NULL */
	uint64_t unsized;                 /* jobs that are, and not finished */
	unsigned split_open;              /* operands that are cut up and open */
	uint64_t taken;                   /* operands so far */
	bool asked;                       /* the client has been asked, and has not answered */
	bool supply_ended;
	bool unannounced; /* tasks were added of which sleeping workers have not been told */
	bool unflushed;   /* there was an outcome since the client was last told to flush */
	bool stopped;     /* by the client */
	bool ended;       /* the workers have been seen off */
	uint64_t speculative, redone; /* for engine_stats */
	uint64_t points;              /* likewise */
	_Atomic bool seek_news;       /* a job's seek has moved on */
	unsigned processors;          /* usable ones, once they have been asked for; 0: not yet */
	/* The task being collected, if it is. */
	bool collecting;
	struct task task;
	struct result result;
	/* What events point to. */
	struct counted range;
	struct outcome outcome;
};

/* What a step of the coordinator came to. */
enum progress {
	PROGRESS_NONE,  /* there is nothing to do at the moment */
	PROGRESS_MADE,  /* something has moved */
	PROGRESS_EVENT, /* *kind and *event are for the client */
};

/* ---- planner.c: takes operands and adds tasks while there is room ---- */

enum progress planner_step(struct engine *e, enum engine_event_kind *kind,
                           struct engine_event *event);
/* Opens the operand, which is no standard input. A descriptor, or -1 and errno. */
int planner_open(const struct engine_operand *op, int flags);
/*
 * The work is worth more than one worker: more take over, if the control group grants more than one
 * CPU.
 */
void planner_grow(struct engine *e, const char *why);
/* Plans the job, the first one, anew: its file has been found to be large. The ledger is empty. */
void planner_plan_again(struct engine *e, struct job *job);
/* A task for the job's file goes into the ledger. */
void planner_add_task(struct engine *e, struct job *job, const struct task *task);
void job_free(struct engine *e, struct job *job);
/* The memory of all jobs that have ended. */
void planner_free_jobs(struct engine *e);

/* ---- split.c: files that are cut up ---- */

/*
 * Cuts up the open regular file from offset `origin`, which then belongs to the job. 0, or -1: no
 * memory now, and nothing has changed.
 */
int split_open(struct engine *e, struct job *job, int fd, const struct stat *st, uint64_t origin,
               enum format format);
/* The open file cannot be read where it begins: there is nothing to be planned, and it says so. */
int split_open_unreadable(struct engine *e, struct job *job, int fd, const struct stat *st,
                          uint64_t origin, int error);
/* A pipe, which then belongs to the job, as `turns` do, and of which this is the rest. */
void split_open_stream(struct engine *e, struct job *job, int fd, struct turns *turns);
/* Adds pieces until the file is used up or the ledger is full. */
void split_add_pieces(struct engine *e, struct job *job);
void split_close(struct engine *e, struct job *job);
/* [begin, end) of the job's file, for the client: all but the tally. */
struct counted split_range(const struct job *job, uint64_t begin, uint64_t end);
/* Is a part of each operand wanted, and so only of those that can be cut? */
bool split_parts_wanted(const struct engine *e);

/* ---- align.c: parts that begin and end where records do ---- */

/* Where part `k` of `parts`, from 0 on, would begin if it were not aligned; k = parts: the end. */
uint64_t align_cut(const struct split *s, uint64_t size, uint64_t k, uint64_t parts);
/* The first record from `from` on begins at *at; or there is none up to `limit`, or an error. */
enum record_start align_find(struct engine *e, const struct job *job, uint64_t from, uint64_t limit,
                             uint64_t *at);
/*
 * Sets the range of the part, or of what has to be counted first. -1: the file cannot be read
 * there, which is job->total.read_error.
 */
int align_set_range(struct engine *e, struct job *job, uint64_t size);
/* Has all been counted that it takes to go on with an aligned part? */
bool align_is_due(const struct job *job);
/* Then goes on. */
void align_step(struct engine *e, struct job *job);
/* The job has ended: what precedes its part, if no more is known than that, does not count. */
void align_end(struct job *job);

/* ---- borders.c: where parts begin, as results are merged ---- */

/* The end of the piece that begins at s->planned and would end at `end`: where a part may begin. */
uint64_t borders_piece_end(const struct engine *e, const struct job *job, uint64_t end);
/* Before the collected task is merged: does a part begin in it, of which the client is to know? */
bool borders_step(struct engine *e, struct job *job, struct engine_event *event);
/* All is merged: is there another part, which begins at the end? */
bool borders_rest(struct engine *e, struct job *job, struct engine_event *event);

/* ---- collector.c: takes what is done out of the ledger, in order ---- */

/* Does the task again, or for the first time, in the coordinator. */
void collector_do_task(struct engine *e, const struct task *task, struct result *result);
/* Has something ended the operand early? */
bool collector_has_ended(const struct result *total);

enum progress collector_step(struct engine *e, enum engine_event_kind *kind,
                             struct engine_event *event);

/* Does a task that must be done now. */
void collector_do_task(struct engine *e, const struct task *task, struct result *result);
/* What was counted of the job so far is not to count. */
void collector_forget(struct job *job);
/* What follows in the job's file becomes part of its total. */
void collector_merge(struct engine *e, struct job *job, const struct result *result);

/* ---- chain.c: pieces that were entered speculatively ---- */

/* Takes in the piece that was collected, or does what it takes to. */
void chain_collect(struct engine *e, struct job *job);
/* Will that take long? */
bool chain_is_long_work(const struct engine *e, const struct job *job);

/* ---- engine.c ---- */

/* Before anything that may take long: is the client to be told to flush first? */
bool engine_must_flush(struct engine *e);
/* The first operand is another now: for those who watch. */
void engine_show_first(const struct engine *e);
void engine_set_workers(struct engine *e, unsigned workers);
/* Usable ones: to find out files of /proc and /sys are read, once. */
unsigned engine_processors(struct engine *e);

#endif
