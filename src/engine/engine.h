/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Engines: who does the counting. The client (run/) hands operands in and gets their outcomes
 * back in the same order; everything between (pieces, workers, deaths) stays inside engine/.
 *
 *      operands --next()--> plan --> ledger <--claim/commit--> workers
 *                                      |
 *                                    fold --done()--> lines, in operand order
 */
#ifndef PCOUNT_ENGINE_ENGINE_H
#define PCOUNT_ENGINE_ENGINE_H

#include "base/base.h"
#include "count/counter.h"
#include "detect/filetype.h"
#include "source/decoder.h"
#include "text/encoding.h"
#include "tally/profile.h"

#include <sys/stat.h>

enum engine_kind {
	ENGINE_AUTO,      /* serial for little work, threads for much */
	ENGINE_SERIAL,    /* one loop in this process; the reference */
	ENGINE_THREADS,   /* pthreads, this one among them */
	ENGINE_PROCESSES, /* forked workers, each of which may die alone */
	ENGINE_MPI,       /* ranks of an MPI job, in pcount-mpi only: see engine_config.remote */
};

enum { ENGINE_JOBS_MAX = 4096 }; /* a larger -j is an error of the user's */

/* One name to count, or standard input. Made by the client, who frees it after done(). */
struct operand {
	const char *name; /* as given; "-" for standard input */
	bool is_stdin;    /* count file descriptor 0, from its present offset */
	bool implicit;    /* standard input because there were no names: no name is printed */
	bool skip;        /* nothing to count: the client knows a reason to report at its turn */
	bool stat_known;  /* the client has stat()ed it: the next two are set */
	bool regular;     /* it was a regular file then */
	uint64_t size;    /* and this long, in bytes */
	uint64_t record;  /* the client's: 1-based place in the list of names */
	int skip_error;   /* the client's: errno of why `skip` is set; 0: another reason */
};

/* Which bytes of every operand are counted; all zero: all. See engine/range.c. */
struct engine_range {
	/*
	 * The range is exact: the size of a file when it is opened is its end, whatever is added
	 * meanwhile, and outcomes say what was counted. Otherwise a size is a hint. Set if anything
	 * below is.
	 */
	bool exact;
	uint64_t part, parts; /* the part-th, from 1 on, of so many; parts 0: not cut into parts */
	bool some;            /* `length` bytes from `offset` on, or as many as there are */
	uint64_t offset, length;
};

/* What an exact range of an operand came to. Offsets are the file's own, of compressed data too. */
struct counted {
	const struct stat *st; /* of the file when it was opened; NULL: it was not */
	enum format format;    /* compressed so; FORMAT_PLAIN: counted as it is */
	uint64_t origin;       /* where the operand begins: 0, but for standard input */
	uint64_t begin, end;   /* [begin, end) was counted; what is no regular file: 0 and its bytes
	                        */
	bool short_of;         /* the file has shrunk: `end` lies before the end of the range */
	const struct tally *tally;
};

/* A range of a file that need not be counted, since it has been before. */
struct known_range {
	uint64_t begin, end; /* as of struct counted */
	struct tally tally;
};

/* What became of an operand. */
struct outcome {
	struct counts counts;          /* of all that could be read */
	const struct profile *profile; /* the same; NULL: the counter has no profiler */
	int open_error;                /* errno if it could not be opened: there are no counts */
	int read_error;                /* errno if reading ended early: the counts are partial */
	struct decode_fault fault; /* its cause, unless DECODE_OK, ended decoding early: the same */
	bool uncuttable;           /* a part was asked for of what has none: there are no counts */
	struct counted counted;    /* engine_range.exact, and nothing of the above went wrong */
	bool not_text;             /* it was not counted, for text_only */
	char type[FILETYPE_MAX];   /* MIME type and charset, for `types`; "": not known */
};

enum supply {
	SUPPLY_ONE,  /* *op is the next operand */
	SUPPLY_NONE, /* none is left */
	SUPPLY_WAIT, /* getting the next one would block, and may_block is false */
};

/* The engine's client. All calls come from the thread that called engine_run(). */
struct engine_client {
	void *arg;
	enum supply (*next)(void *arg, bool may_block, struct operand **op);
	/* Operand complete, in order. False: stop (its line could not be written). */
	bool (*done)(void *arg, struct operand *op, const struct outcome *outcome);
	/*
	 * With engine_range.exact; NULL: nobody wants to know. What is known of the file, open as
	 * `fd`
	 * (`tally` is not set, and the range is what is wanted): [*n], sorted, without overlaps,
	 * which the engine will free(); NULL: nothing.
	 */
	struct known_range *(*known)(void *arg, const struct operand *op, int fd,
	                             const struct counted *counted, size_t *n);
	/* The same: a range of the file has been counted without fault. They come in order. */
	void (*counted)(void *arg, const struct operand *op, int fd, const struct counted *counted);
	/*
	 * The engine is about to wait or to count: what done() has left unwritten should be out by
	 * then. False: stop. NULL: there is never any.
	 */
	bool (*settle)(void *arg);
	/* After done() has said stop: this operand will not be counted. */
	void (*drop)(void *arg, struct operand *op);
};

/*
 * What can be seen of a run while it goes on, by a signal handler of the thread that called
 * engine_run(). All zero before; written by the engine.
 */
struct engine_watch {
	const struct worker_stats *volatile worker; /* NULL: nothing is running */
	volatile unsigned workers;                  /* of `worker` */
	const char *volatile name; /* of the first operand that is not complete; NULL: none */
};

struct engine_ops;

struct engine_config {
	enum engine_kind kind;
	unsigned jobs;       /* workers; 0: one for each CPU this process may use */
	uint64_t chunk_size; /* bytes of a piece; 0: chosen by size of file and speed of kernel */
	bool only_bytes;     /* -c alone: sizes need not be read */
	enum format decompress; /* FORMAT_PLAIN: count files as they are; AUTO: look inside; else:
	                           must be so */
	uint64_t memory_limit;  /* bytes that a decoder may use for what its data asks for */
	struct engine_range range;
	const struct engine_ops *remote; /* others than this process count, in this way; NULL:
	                                    `kind` says who */
	unsigned remotes;                /* how many they are */
	bool text_only;                  /* what is not text is left alone */
	bool types; /* tell what type each operand is of; filetype_new() has succeeded */
	const struct encoding *encoding; /* of the text; not LOCALE: the counter's charset is UTF-8
	                                  */
	const struct counter *counter;   /* charset, needs and kernel */
	struct engine_watch *watch;      /* NULL: nobody looks */
};

/* What one worker did. Times in nanoseconds. */
struct worker_stats {
	uint64_t bytes;    /* it has read; sizes that were believed are not in it */
	uint64_t pieces;   /* tasks done */
	uint64_t busy_ns;  /* wall time inside tasks */
	uint64_t mapped;   /* bytes seen through mmap; the rest by read or pread */
	uint64_t streamed; /* of `bytes`, from what is no regular file: pipes, terminals */
	uint64_t decoded;  /* of `bytes`, compressed ones */
	uint64_t redone;   /* blocks redone after a file shrank under a mapping */
};

struct engine_stats {
	enum engine_kind kind; /* the engine that ran, never ENGINE_AUTO */
	const char *why;       /* why ENGINE_AUTO chose it: a few words; NULL: it was asked for */
	unsigned workers;      /* how many counted at most at one time */
	unsigned deaths;       /* workers that died and whose pieces were counted again */
	uint64_t chunk_size;   /* of the largest operand's pieces; 0: nothing was split */
	struct worker_stats *worker; /* [workers], freed by engine_stats_free(); NULL: no memory */
};

/*
 * Counts every operand. 0, or -1 and errno if the engine could not be set up at all (too little
 * memory for its tables); a thread or process that cannot be made only means fewer workers.
 */
int engine_run(const struct engine_config *config, const struct engine_client *client,
               struct engine_stats *stats);
void engine_stats_free(struct engine_stats *stats);

/* Bytes that all workers have read so far, of compressed files those of the files. */
uint64_t engine_watch_bytes(const struct engine_watch *watch);

const char *engine_name(enum engine_kind kind);

#endif
