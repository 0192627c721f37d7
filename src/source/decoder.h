/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decoders: compressed bytes in, plain bytes out, block by block, in flat memory whatever the
 * ratio. One decoder serves one worker, for one stream or piece after another.
 *
 * A compressed file is a sequence of members (frames, streams), each of which can be decoded by
 * itself, followed by nothing else.
 */
#ifndef PCOUNT_SOURCE_DECODER_H
#define PCOUNT_SOURCE_DECODER_H

#include "base/base.h"
#include "source/note.h"

/* What a file is, or what it is to be taken for. */
enum format {
	FORMAT_PLAIN, /* not compressed, or not to be decompressed */
	FORMAT_AUTO,  /* to be found out by the first bytes */
	FORMAT_ZSTD,
	FORMAT_GZIP,
	FORMAT_XZ,
	FORMAT_BZIP2,
	FORMAT_LZ4,
	FORMAT_LZIP,
	FORMAT_LZMA,
	FORMAT_LAST = FORMAT_LZMA,
};

/* What went wrong. */
enum decode_cause {
	DECODE_OK,
	DECODE_STOPPED, /* no fault: the sink wants no more */
	DECODE_END,     /* no fault: the member is complete; between a format and decoder.c only */
	DECODE_TRUNCATED, /* the data ends inside a member */
	DECODE_CORRUPT,
	DECODE_CHECKSUM,
	DECODE_FOREIGN,     /* not this format at all */
	DECODE_TRAILING,    /* something else after the last member */
	DECODE_DICTIONARY,  /* `number` is its ID, 0 if that is unknown */
	DECODE_LEGACY,      /* an early format of that name, which the library does not read */
	DECODE_LIMIT,       /* needs `number` bytes, more than the memory limit; 0: unknown */
	DECODE_TOO_LARGE,   /* needs `number` bytes, more than the library can handle */
	DECODE_UNSUPPORTED, /* of a kind that the library does not know */
	DECODE_NO_MEMORY,
	DECODE_CRASHED, /* it has killed all who tried, the last by signal `number`, 0: unknown; the
	                   offset is unknown, perhaps the format too */
	DECODE_NOT_ISOLATED, /* no sandbox could be entered, for errno `number` */
	DECODE_NO_LIBRARY,   /* it is not on this machine */
	DECODE_OLD_LIBRARY,  /* it is there, but lacks functions */
	DECODE_NOT_BUILT,    /* this pcount knows nothing of the library */
};

/* A fault and its place. No pointers: it travels between processes. */
struct decode_fault {
	enum decode_cause cause;
	enum format format;
	uint64_t offset; /* of the compressed data, from its start */
	uint64_t number; /* see the causes */
};

enum {
	/* Bytes that are sniffed to tell the format, if there are as many. */
	DECODER_SNIFF = 64,
	DECODE_TEXT_MAX = 160,
	DECODER_POINT_SLACK = 1 << 10, /* DEFLATE_SLACK */
	/* Faults are told by the input up to multiples of this offset: see format.h. */
	DECODER_UNIT = 64 << 10,
};

#define DECODER_NO_BORDER UINT64_MAX
#define DECODER_UNREAD    (UINT64_MAX - 1)

/*
 * The format of data that begins with bytes[n]. FORMAT_PLAIN: none, as is anything
 * shorter than the format's signature.
 */
enum format decoder_detect(const unsigned char *bytes, size_t n);

/*
 * decoder_detect() for a file from `offset` on. As much is read as it takes for the first frame
 * that is not skippable to tell zstd from lz4. *note is what there is to say of it if it is
 * FORMAT_PLAIN. 0, or -1 and errno: a read has failed.
 */
int decoder_detect_file(int fd, uint64_t offset, enum format *format, enum note *note);

/*
 * Loads the libraries of `format`, or for AUTO of all, before a process gives up the right to;
 * those that are not there are missed by the one who needs them.
 */
void decoder_preload(enum format format);

const char *decoder_format_name(enum format format);

/* Is there nothing that could decode the format? */
bool decoder_is_missing(enum decode_cause cause);

/* The cause as one word, for programs. */
const char *decoder_cause_name(enum decode_cause cause);

/* The fault in words, without a newline: "zstd: wrong checksum, at compressed offset 4711". */
void decoder_fault_text(const struct decode_fault *fault, char text[DECODE_TEXT_MAX]);

/*
 * A place in compressed data at which decoding can go on, and what is known there. No pointers: it
 * travels between processes.
 */
struct decode_place {
	uint64_t bit;     /* from the start of the data, where the next unit begins */
	bool inside;      /* a member, else a member begins here */
	bool ended;       /* the data is complete here: nothing follows */
	uint32_t crc;     /* inside: of the member so far */
	uint64_t context; /* inside: the format's own; bzip2: the level of the stream; gzip: bytes
	                     of text in the member so far */
};

enum { DECODE_WINDOW = 32 << 10 };

/* A place in a file of a format whose units refer to the text before them, and that text. */
struct decode_point {
	struct decode_place place;
	/* Bytes of text before the place that a unit may refer to; they are the last of `window`.
	 */
	unsigned n_window;
	unsigned char window[DECODE_WINDOW];
};

/*
 * What was decoded, unit by unit, by somebody who need not know what precedes it.
 *
 *      ... | unit | unit | unit | end of member | unit | unit | ...
 *                 ^ from                                      ^ to
 *
 * As long as the member that was entered goes on, to.crc is of the units from `from` on. Once it
 * has ended (`closed`), from.crc is what must have been known at `from` for its checksum to be
 * right, and `to` is as it is.
 */
struct decode_span {
	bool entered; /* false: no unit was found, nothing has been decoded */
	bool closed;
	struct decode_place from, to;
	uint64_t units; /* of the member that was entered */
};

struct decoder;

/*
 * A decoder of `format`, which loads its library; windows and the like may take up to memory_limit
 * bytes. NULL: *fault says why.
 */
struct decoder *decoder_new(enum format format, uint64_t memory_limit, struct decode_fault *fault);
void decoder_free(struct decoder *d);
enum format decoder_format(const struct decoder *d);

/*
 * Lets `threads` threads of the library's help; 1: none, as in the beginning. Will any? Then after
 * a fault the data must be decoded again without them, to know all of it.
 */
bool decoder_spread(struct decoder *d, unsigned threads);

/* Starts anew with data that begins at `offset` of the whole; 0 is its start. */
void decoder_start(struct decoder *d, uint64_t offset);

/*
 * decoder_start() at a place, with the byte that its first bit is in: what comes out, and what is
 * said of it, is as if all before it had been decoded too. 0, or -1 and *fault.
 */
int decoder_resume(struct decoder *d, const struct decode_place *place, struct decode_fault *fault);

/*
 * The format is what the first bytes say. zstd and lz4 share their skippable frames, so if these
 * are all that has been seen, the first other frame may change it: decoder_format().
 */
void decoder_detected(struct decoder *d);

/* Takes in plain bytes, valid during the call. Are more of them wanted? */
typedef bool decoder_sink(void *arg, const unsigned char *bytes, size_t n);

/*
 * Decodes the next bytes[n] of the data and hands what comes out to the sink. 0, or -1: *fault says
 * why that is not all, and decoder_start() is needed before anything else.
 */
int decoder_feed(struct decoder *d, const unsigned char *bytes, size_t n, decoder_sink *sink,
                 void *arg, struct decode_fault *fault);

/*
 * There is no more; what decoder_feed() has kept back comes out. 0, or -1: *fault says why that is
 * not all, which may be that the data has ended too early.
 */
int decoder_finish(struct decoder *d, decoder_sink *sink, void *arg, struct decode_fault *fault);

/*
 * After decoder_finish() without a fault: what there is to say of data that ends so; NOTE_NONE:
 * there was no member in what has been fed.
 */
enum note decoder_note(const struct decoder *d);

/*
 * ---- Points ----
 *
 * Where units refer to the text before them, decoding goes on from a place only with that text: a
 * point. Whoever decodes finds the places, and keeps the text himself.
 */

/* Has the format points? */
bool decoder_has_points(enum format format);
/* decoder_start() at a point; otherwise as decoder_resume(). */
int decoder_restart(struct decoder *d, const struct decode_point *point,
                    struct decode_fault *fault);
/*
 * The first bit in [at, end) of a file's bytes that may be a place; DECODER_NO_BORDER: there is
 * none. DECODER_POINT_SLACK bytes after `end` may be read.
 */
uint64_t decoder_find_point(enum format format, const unsigned char *bytes, uint64_t at,
                            uint64_t end);
/*
 * Decodes what decoder_feed() has kept back. 1: there is a place up to seven bits before the end of
 * what has been fed: *place; 0: there is none; -1: *fault.
 */
int decoder_pause(struct decoder *d, decoder_sink *sink, void *arg, struct decode_place *place,
                  struct decode_fault *fault);
/* Offset of the next byte to be fed. */
uint64_t decoder_offset(const struct decoder *d);

/*
 * ---- Members that are entered in their middle ----
 *
 * Where a format's members consist of units (blocks) that can be found and decoded alone, a file is
 * cut anywhere, and each piece has the units that begin in it. Whoever decodes a piece need not
 * know what precedes it, and says in a span what he took for granted. A span counts only if it goes
 * on from where the one before it ended: decoder_chain().
 */

/* Bytes that a unit may reach beyond the piece that it begins in. */
enum { DECODER_REACH = 4 << 20 };

/* Can members of the format be entered so? */
bool decoder_can_enter(enum format format);

/* A piece of the open file `fd`, read by pread. Offsets are the file's. */
struct decode_piece {
	int fd;
	uint64_t origin;           /* where its compressed data starts */
	uint64_t begin, end;       /* units that begin in [begin, end) are wanted */
	struct decode_place place; /* the first of them, unless `search` */
	bool search;               /* the first that seems to be one, wherever that is */
};

/* Starts anew, for decoder_walk(). */
void decoder_enter(struct decoder *d, const struct decode_piece *piece);

enum decode_walk {
	WALK_UNIT, /* the sink has had all of one more unit, and nothing else; there may be more */
	WALK_BACK, /* what the sink has had is void: it was no unit, but another try is worth it */
	WALK_END,  /* void too, and there is no more that is good, or none that is wanted */
};

/* One step. *span is kept by the caller, all zero in the beginning. */
enum decode_walk decoder_walk(struct decoder *d, struct decode_span *span, decoder_sink *sink,
                              void *arg);

/*
 * Does the span go on from the place *at, which is proven? Then *at becomes its end. Needs no
 * library, and trusts nothing in the span but that it was decoded.
 */
bool decoder_chain(enum format format, struct decode_place *at, const struct decode_span *span);

/*
 * The first border between members of the file `fd` that is at least `least` bytes (1 or more)
 * after `from`, itself a border, or `size`, if the members end exactly there. DECODER_NO_BORDER:
 * none can be told, so that the rest has to be decoded from `from` on, which will show why.
 * DECODER_UNREAD and errno: a read has failed, and may not fail for whoever decodes. Reads
 * headers only, or searches for signatures. Whoever decodes finds out whether they lied.
 */
uint64_t decoder_border(enum format format, int fd, uint64_t from, uint64_t least, uint64_t size);

#endif
