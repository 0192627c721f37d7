/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine: coordinates those who count. Its client pulls:
 *
 *      engine_open -> engine_next, until ENGINE_END -> engine_close
 *
 * Operands go in when the engine asks for them, and their outcomes come out in the same order.
 * Everything between (pieces, workers, deaths) is the engine's business:
 *
 *      operands --> planner --> ledger <--claim/commit-- workers (exec/)
 *                                 |
 *                             collector --> events, in operand order
 */
#ifndef PCOUNT_ENGINE_ENGINE_H
#define PCOUNT_ENGINE_ENGINE_H

#include "base/base.h"
#include "count/counter.h"
#include "detect/filetype.h"
#include "scan/scan.h"
#include "scan/stats.h"
#include "source/decoder.h"
#include "tally/profile.h"
#include "tally/record_kind.h"

#include <sys/stat.h>

/* One name to count, or standard input. */
struct engine_operand {
	const char *name; /* must stay where it is until ENGINE_OPERAND_DONE, or _DROPPED */
	bool is_long;     /* the name is for open_long_above_stdio() */
	bool is_stdin;    /* count file descriptor 0, from its present offset */
	bool skip;        /* nothing to count: the client knows a reason to report in order */
	bool stat_known;  /* the client has stat()ed it: the next two are set */
	bool regular;     /* it was a regular file then */
	uint64_t size;    /* and this long, in bytes; SIZE_UNKNOWN: only the kind is known */
	void *client;     /* comes back in events */
};

/* Which bytes of every operand are counted; all zero: all. See split.c. */
struct engine_range {
	/*
	 * The range is exact: the size of a file when it is opened is its end, whatever is added
	 * meanwhile, and outcomes say what was counted. Otherwise a size is a hint. Set if anything
	 * below is.
	 */
	bool exact;
	uint64_t part, parts; /* part number `part`, from 1 on, of `parts`; parts 0: all */
	bool some;            /* `length` bytes from `offset` on, or as many as there are */
	uint64_t offset, length;
	uint64_t borders; /* all is counted, and ENGINE_PART_BEGINS for so many parts; 0: none */
	/*
	 * Parts begin where records of this kind do; RECORDS_NONE: anywhere. Lines are records that
	 * LF ends. For RECORDS_QUOTED and for borders it is what is counted.
	 */
	struct record_kind align;
};

/* What an exact range of an operand came to. Offsets are the file's own, of compressed data too. */
struct counted {
	const struct stat *st; /* of the file when it was opened; NULL: it was not */
	enum format format;    /* compressed so; FORMAT_PLAIN: counted as it is */
	uint64_t origin;       /* where the operand begins: 0, but for standard input */
	uint64_t begin, end;   /* [begin, end) was counted; what is no regular file: 0 and its bytes
	                        */
	bool truncated;        /* the file has shrunk: `end` lies before the end of the range */
	/*
	 * ENGINE_FILE_OPENED: so many points are of use; 0: none can be used. Of ranges that begin
	 * or end at one:
	 */
	size_t points;
	uint64_t begin_bit;               /* from `origin`, of the point where it begins; else 0 */
	const struct decode_point *point; /* where it ends; NULL: it ends with a member */
	bool again; /* all that was told before of the operand is void: this is all of it */
	const struct tally *tally;
};

/* A range of a file that need not be counted, since it has been before. */
struct known_range {
	uint64_t begin, end; /* as of struct counted */
	struct tally tally;
};

/*
 * Why one worker alone decodes, or has decoded, a file of a format whose members can be entered,
 * although there are others.
 */
enum one_worker {
	ONE_WORKER_NOT,
	ONE_WORKER_STREAM,   /* it is read as a stream */
	ONE_WORKER_CHARSET,  /* characters are decided from the start on */
	ONE_WORKER_ENCODING, /* it is transcoded, from the start on or by units of several bytes */
	ONE_WORKER_RANGES,   /* what is told of its ranges, or a part of it, begins with a member */
	ONE_WORKER_PROCESSES, /* by processes, which do not share the text before each piece */
	ONE_WORKER_SMALL,     /* it is small, or there are few workers */
	ONE_WORKER_AGAIN,     /* what several have decoded is not proven */
	ONE_WORKER_RESUMED,   /* no unit that is good begins at `one_worker_from` */
};

/* What became of an operand. */
struct outcome {
	struct counts counts;          /* of all that could be read */
	const struct profile *profile; /* of those bytes; NULL: the counter has no profiler */
	int open_error;                /* errno if it could not be opened: there are no counts */
	int read_error;                /* errno if reading ended early: the counts are partial */
	struct decode_fault fault; /* unless DECODE_OK, what ended decoding early: they are, too */
	enum note note;            /* what else there is to say, if nothing went wrong */
	bool unsplittable;         /* a part was asked for of what has none: there are no counts */
	struct counted counted;    /* engine_range.exact, and nothing of the above went wrong */
	enum one_worker one_worker;
	uint64_t one_worker_from; /* byte of the compressed data; else 0 */
	uint64_t points;          /* at which it was entered */
	bool not_text;            /* it was not counted, for text_only */
	bool as_bytes;            /* UTF-16 or UTF-32, counted as if it were not */
	bool form_told;           /* the next two were told by its first bytes */
	enum encoding_form form;
	unsigned bom_length;     /* bytes of a byte order mark that were not counted as text */
	char type[FILETYPE_MAX]; /* MIME type and charset, for `types`; "": not known */
};

/*
 * What can be seen of a run while it goes on, by a signal handler of the thread that calls
 * engine_next(). All zero before; written by the engine.
 */
struct engine_watch {
	const struct worker_stats *volatile worker; /* NULL: nothing is running */
	volatile unsigned workers;                  /* of `worker` */
	volatile size_t stride;                     /* from one of them to the next, in bytes */
	const char *volatile name; /* of the first operand that is not complete; NULL: none */
};

struct executor_ops;

/* Who counts: exec_choose() makes it, see exec/exec.h. */
struct engine_crew {
	const struct executor_ops *ops;
	const struct executor_ops *more; /* who takes over if the work is worth more than one
	                                    worker; NULL: nobody */
	unsigned workers;                /* wanted, by `more` if there is one; at least 1 */
	bool ask_quota;  /* `more`: no more of them than the control groups grant CPUs */
	const char *why; /* why `ops` was chosen: a few words; NULL: it was asked for */
};

struct engine_config {
	struct scan_config scan;
	struct engine_crew crew;
	uint64_t chunk_size; /* bytes of a piece; 0: chosen by size of file and speed of kernel */
	struct engine_range range;
	bool report_ranges; /* an exact range: ENGINE_FILE_OPENED and ENGINE_RANGE_COUNTED too */
	bool points; /* report_ranges: ranges of compressed files may end at points, if they can */
	struct engine_watch *watch; /* NULL: nobody watches */
};

enum engine_event_kind {
	/*
	 * Another operand can be taken: engine_add_operand(), or engine_end_operands() if there is
	 * none left, or neither if getting one would block and `may_block` is false.
	 */
	ENGINE_NEED_OPERAND,
	/* A regular file is open; engine_add_known() may be called. `range` has no tally. */
	ENGINE_FILE_OPENED,
	/* A range of such a file has been counted without fault. They come in order. */
	ENGINE_RANGE_COUNTED,
	/*
	 * It is known where a part begins: at range->begin, with range->tally of all that precedes
	 * it. They come in order; after a fault, or where the file has shrunk, no more do.
	 */
	ENGINE_PART_BEGINS,
	/* An operand is complete; they come in order. */
	ENGINE_OPERAND_DONE,
	/* The next call may take long: what is unwritten should be written before. */
	ENGINE_ABOUT_TO_WAIT,
	/* After engine_stop(): an operand will not be counted. */
	ENGINE_OPERAND_DROPPED,
	ENGINE_END, /* and again, if asked again */
};

/* What it points to is valid until the next engine_next(). */
struct engine_event {
	bool may_block;              /* NEED_OPERAND */
	void *client;                /* engine_operand.client; not: NEED_OPERAND, ABOUT_TO_WAIT */
	int fd;                      /* FILE_OPENED, RANGE_COUNTED: still open, not to be closed */
	const struct counted *range; /* FILE_OPENED, RANGE_COUNTED, PART_BEGINS */
	uint64_t part;               /* PART_BEGINS: its number, from 0 on */
	const struct outcome *outcome; /* OPERAND_DONE */
};

struct engine_stats {
	const char *name;     /* of the executor that ran last */
	const char *why;      /* why it was chosen: a few words; NULL: it was asked for */
	unsigned workers;     /* how many counted at most at one time */
	unsigned deaths;      /* workers that died and whose pieces were counted again */
	uint64_t chunk_size;  /* of the largest operand's pieces; 0: nothing was split */
	uint64_t speculative; /* pieces of compressed files that were entered where a unit seemed
	                         to begin */
	uint64_t redone;      /* pieces that did not go on from there where all was proven */
	uint64_t points;      /* that compressed files were entered at */
	struct worker_stats *worker; /* [workers], freed by engine_stats_free(); NULL: no memory */
};

struct engine;

/*
 * An engine whose workers are at work. NULL and errno if it cannot be set up at all (too little
 * memory for its tables); a thread or process that cannot be made only means fewer workers. The
 * config must outlive it. All calls come from one thread.
 */
struct engine *engine_open(const struct engine_config *config);
/* What to do next. What can go wrong is in outcomes. */
enum engine_event_kind engine_next(struct engine *e, struct engine_event *event);
/* The answers to ENGINE_NEED_OPERAND. */
void engine_add_operand(struct engine *e, const struct engine_operand *operand);
void engine_end_operands(struct engine *e);
/*
 * The answer to ENGINE_FILE_OPENED: known[n], sorted, without overlaps, need not be counted. The
 * engine will free() it.
 */
void engine_add_known(struct engine *e, struct known_range *known, size_t n);
/*
 * After it, if range->points: the file can be entered at point[n], in order. If they are `joined`,
 * the known ranges are all that precedes the first of them; else the points lie after them.
 */
void engine_add_points(struct engine *e, const struct decode_point *point, size_t n, bool joined);
/* Nothing more will be counted: what is under way is dropped. */
void engine_stop(struct engine *e);
/* Ends the workers, if ENGINE_END has not; *stats is set. */
void engine_close(struct engine *e, struct engine_stats *stats);

void engine_stats_free(struct engine_stats *stats);

/* Bytes that all workers have read so far, or skipped in holes; of compressed files the files'. */
uint64_t engine_watch_bytes(const struct engine_watch *watch);
/* Newlines that they have counted in blocks of text, if lines are counted. */
uint64_t engine_watch_lines(const struct engine_watch *watch);

#endif
