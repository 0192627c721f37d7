/* SPDX-License-Identifier: BSD-2-Clause */
/* One piece of work, and what comes of it: plain data that can lie in shared memory or a message.
 */
#ifndef PCOUNT_SCAN_TASK_H
#define PCOUNT_SCAN_TASK_H

#include "base/base.h"
#include "base/size.h"
#include "base/uncached.h"
#include "detect/filetype.h"
#include "source/decoder.h"
#include "text/encoding.h"
#include "tally/profile.h"
#include "tally/tally.h"

#include <sys/types.h>

enum task_kind {
	TASK_FILE,  /* open `path` and count all of it */
	TASK_PIECE, /* count [begin, end) of an open file */
	TASK_SNIFF, /* sniff the content of an open file from `begin` on, count nothing */
	TASK_TURN,  /* count what lies in an open pipe when its turn comes; by threads only */
};

/* Where in its compressed data a piece is entered. */
enum task_entry {
	ENTRY_MEMBER, /* a member begins at `begin`, and another at `end` */
	ENTRY_SEARCH, /* units that begin in [begin, end), from the first that is found; a span */
	ENTRY_PLACE,  /* ... from `place`, which is proven; a span */
	ENTRY_RESUME, /* from `place` on, to `end` */
	ENTRY_RELAY,  /* where the piece before it ends, as `relay` says */
	ENTRY_SEEK,   /* from the point of `seek` on */
};

struct relay;
struct seek;
struct turns;

struct task {
	enum task_kind kind;
	const char *path; /* NULL: only `fd` leads to it. Shared ledgers keep a copy */
	int fd;           /* not FILE: open in the coordinator's process, or 0; FILE: -1 */
	dev_t dev;        /* not FILE: the file `fd` is; a worker that opens `path` anew checks */
	ino_t ino;
	uint64_t mtime_ns;         /* likewise, on another host: see files_mtime_ns() */
	uint64_t begin, end;       /* bytes of the file; end may be READER_TO_EOF: the last piece */
	uint64_t origin;           /* where the operand's first piece begins */
	uint64_t size;             /* of the file, when last asked; FILE: or SIZE_UNKNOWN, */
	uint64_t large;            /* and then what is larger than this is RESULT_LARGE */
	enum format format;        /* not FILE: compressed so, and the piece is whole members */
	enum task_entry entry;     /* PIECE of compressed data */
	struct decode_place place; /* PLACE, RESUME */
	struct relay *relay;       /* RELAY: that of the file; by threads only */
	struct turns *turns;       /* TURN: at the pipe; likewise */
	struct seek *seek;         /* SEEK: likewise */
	uint64_t piece;            /* RELAY, TURN: its number in the file or pipe */
	enum encoding_form form;   /* PIECE: its text is transcoded from this */
	unsigned bom_length;       /* PIECE that begins at `origin`: first bytes that are no text */
	unsigned threads;          /* a library may use on compressed data; 0: its caller's only */
	enum cached_before before; /* not FILE: of the file, on the host of the coordinator */
	bool sparse;               /* the file has holes */
	bool no_mmap;              /* a worker died of it: plain reads only */
};

enum result_kind {
	RESULT_COUNTED,    /* tally and error are set */
	RESULT_KNOWN,      /* the tally was known before this run: nothing was read */
	RESULT_UNFINISHED, /* SEEK: there is more; it is given back, and never collected */
	RESULT_LARGE,      /* FILE of unknown size: worth cutting up; nothing was counted */
	RESULT_DEFERRED,   /* not for this worker: the coordinator must do it itself, in order */
};

struct result {
	enum result_kind kind;
	int open_error; /* errno: FILE could not be opened */
	int read_error; /* errno: reading ended early, the tally holds what came before */
	struct decode_fault fault; /* why decoding ended early, with the tally of what came before;
	                              DECODE_OK: it did not */
	struct decode_span span;   /* SEARCH, PLACE: what the tally is of; there is no fault */
	bool met_end;              /* PIECE, TURN: the file ended in it, or before it */
	enum note note;            /* what else there is to say, if nothing went wrong */
	bool not_text;             /* text alone is wanted; the tally is empty */
	bool as_bytes;             /* UTF-16 or UTF-32 that is not decoded: for a message */
	bool form_told;            /* the next two were told by the first bytes of the content */
	enum encoding_form form;   /* of the content */
	unsigned bom_length;       /* its first bytes that are no text; PIECE: those that it lacks,
	                              since its content was too short */
	char type[FILETYPE_MAX];   /* "": not asked for, or not known */
	struct tally tally;
	/*
	 * Of the same bytes; NULL: none is wanted, or there are none. It is not copied with the
	 * result: a scanner's is valid until its next task, a collected one until a task is added.
	 */
	const struct profile *profile;
};

#endif
