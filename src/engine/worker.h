/* SPDX-License-Identifier: BSD-2-Clause */
/* A worker: brings the bytes of a task from a source to the kernel. The same in every engine. */
#ifndef PCOUNT_ENGINE_WORKER_H
#define PCOUNT_ENGINE_WORKER_H

#include "base/base.h"
#include "base/folder.h"
#include "count/counter.h"
#include "detect/filetype.h"
#include "engine/engine.h"
#include "engine/ledger.h"
#include "source/decoder.h"
#include "text/encoding.h"
#include "source/reader.h"

#include <sys/stat.h>

struct worker {
	unsigned number; /* 0 to workers - 1, or LEDGER_OWNER */
	bool only_bytes; /* -c alone */
	bool owns_fds;   /* task.fd can be used here; else the path is opened anew */
	bool remote;     /* on another host, perhaps, which numbers devices in its own way */
	struct counter counter;
	struct reader reader;
	enum format decompress;  /* what to look inside of; FORMAT_PLAIN: nothing */
	uint64_t memory_limit;   /* for decoders */
	struct decoder *decoder; /* of the last compressed data; NULL: there was none */
	/* What is looked at before it is counted: see content.c. */
	bool text_only;            /* leave alone what is not text */
	struct filetype *filetype; /* NULL: types are not wanted */
	size_t look_size;    /* first bytes of the content that tell; 0: nothing is to be told */
	unsigned char *look; /* [look_size] */
	size_t looked;       /* gathered so far of the operand in hand */
	bool looking;        /* and more are wanted */
	/* How the text is encoded, if that is not the counter's business: see content.c. */
	const struct encoding *encoding; /* NULL: nothing is transcoded */
	struct transcoder *transcoder;
	enum encoding_form form_of_all; /* unless looking tells: see look_size */
	enum encoding_form form;        /* of the operand in hand */
	unsigned mark;                  /* bytes to come that are no text */
	uint64_t transcoded;            /* bytes of the piece in hand */
	bool look_only;                 /* nothing is to be counted */
	struct worker_stats *stats;     /* shared with the owner where workers are processes */
	struct folder folder;           /* of the small file before */
	/* A worker in a sandbox has files handed over: see handover.h. */
	bool sandboxed;
	int ask_fd;            /* the socket to ask by; -1: opens files itself */
	struct ledger *ledger; /* ask_fd >= 0: to wake the owner by */
	uint64_t seq;          /* of the task in hand */
	int given_fd; /* sandboxed, without a socket: the only file there is; -1: given_error */
	int given_error;
	/* A worker that is a process keeps the file of the last piece open. */
	int kept_fd; /* -1: none */
	dev_t kept_dev;
	ino_t kept_ino;
};

/* 0, or -1 and errno. `stats` must outlive the worker. */
int worker_init(struct worker *w, unsigned number, const struct engine_config *config,
                bool owns_fds, struct worker_stats *stats);
void worker_free(struct worker *w);
/*
 * A process that works for itself alone from now on can do no more than that, if the system has it.
 */
void worker_enter_sandbox(struct worker *w);

/* May a cut fall between any two bytes? The tally decides characters that straddle it. */
bool worker_cuts_anywhere(const struct counter *c);

/* Does one task of the ledger. Never fails: what goes wrong is in the result. */
void worker_do(struct worker *w, const struct task *task, struct result *result);

/*
 * Counts an open file or stream from its present offset to the end, and leaves the offset there.
 * `st` is its fstat(). For operands that must be read in turn by the owner.
 */
void worker_do_stream(struct worker *w, int fd, const struct stat *st, struct result *result);

/* The worker's loop: tasks until the ledger is closed. */
void worker_run(struct worker *w, struct ledger *ledger);
/*
 * One task, if there is one free now, and more as long as they have taken less than `most_ns`;
 * false: there is none.
 */
bool worker_step(struct worker *w, struct ledger *ledger, uint64_t most_ns);

/*
 * Adds to the bytes read. Each worker has a sum of its own, so this is no more than a plain
 * addition, and others may look at it meanwhile: engine_watch_bytes().
 */
static inline void worker_has_read(struct worker *w, uint64_t n)
{
	__atomic_store_n(&w->stats->bytes, w->stats->bytes + n, __ATOMIC_RELAXED);
}

/* ---- compressed data, see unpack.c ---- */

/* What data with these first bytes is to be taken for, by the user's wish. */
enum format worker_sniff(const struct worker *w, const unsigned char *bytes, size_t n);
/*
 * The same of a file at `offset`; FORMAT_PLAIN if nobody wishes to know, or if it cannot be read at
 * an offset. False and errno: a read has failed, and nothing may be concluded from what was not
 * read.
 */
bool worker_sniff_file(const struct worker *w, int fd, uint64_t offset, enum format *format);
/*
 * Counts what the reader has been turned to, decoded; it lies at `offset` of the operand, and
 * content_begin() or content_resume() has been called. The reader must not map: libraries cannot be
 * left half-way, as a SIGBUS would have it.
 */
void worker_unpack(struct worker *w, enum format format, uint64_t offset, struct result *result);
/*
 * The same of the task's file, from its turn on, by task->threads too; after a fault again, without
 * them.
 */
void worker_unpack_file(struct worker *w, const struct task *task, enum format format, int fd,
                        struct result *result);
/* Counts an operand that is all here. */
void worker_unpack_block(struct worker *w, enum format format, const unsigned char *bytes, size_t n,
                         struct result *result);
/*
 * Counts a stream that the reader has been turned to, decoded if it is compressed. False: it is
 * not, its first bytes are counted, and the rest is left to the caller.
 */
bool worker_unpack_stream(struct worker *w, struct result *result);

/* ---- looking at the content, see content.c ---- */

/* 0, or -1. Types: the library is there, or run/ would not have come so far. */
int content_init(struct worker *w, const struct engine_config *config);
void content_free(struct worker *w);
/* A new operand: its first bytes are looked at if there is anything to be told. */
void content_begin(struct worker *w);
/* A piece of one that has been looked at: its text has this form, and `mark` bytes are none. */
void content_resume(struct worker *w, enum encoding_form form, unsigned mark);
/*
 * Counts bytes[n] of the content, once enough of them are gathered and looked at. False: no more of
 * it is wanted, by result->not_text or w->look_only.
 */
bool content_take(struct worker *w, const unsigned char *bytes, size_t n, struct result *result);
/* There is no more: decides by what there is. */
void content_end(struct worker *w, struct result *result);
/* All of an operand's content is bytes[n]. */
void content_whole(struct worker *w, const unsigned char *bytes, size_t n, struct result *result);
/*
 * Decides by the first bytes of a file from `offset` on, which is not compressed; they are not
 * counted. False as content_take(), or for result->read_error.
 */
bool content_look_file(struct worker *w, int fd, uint64_t offset, struct result *result);
/*
 * Must all of it go through content_take(), by reads? Else a kernel may see it as it is, mapped
 * too.
 */
static inline bool content_is_taken(const struct worker *w)
{
	return w->looking || w->form != ENCODING_NONE;
}

#endif
