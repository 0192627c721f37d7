/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reader brings the bytes of a file or stream, block by block: by mmap windows where that is
 * fastest, by pread or read where it is not or cannot be. One reader serves one worker, for one
 * range after another.
 */
#ifndef PCOUNT_SOURCE_READER_H
#define PCOUNT_SOURCE_READER_H

#include "base/base.h"
#include "base/uncached.h"
#include "source/passthrough.h"

#include <sys/stat.h>
#include <sys/types.h>

#define READER_TO_EOF UINT64_MAX

enum reader_strategy {
	READER_STREAM, /* read(2) from the descriptor's own offset, which moves */
	READER_PREAD,  /* pread(2): the offset stays */
	READER_AUTO,   /* pread, or mmap windows where they pay */
};

/*
 * What one strategy of reading costs on this machine, reading and counting together. The best block
 * stands for all, so that a preempted one misleads nobody.
 */
struct reader_rate {
	double ns_per_byte; /* the least of all samples */
	unsigned samples;
};

struct reader {
	unsigned char *buffer;
	size_t buffer_size;
	struct reader_rate pread_rate, map_rate;
	struct passthrough *pass; /* the second reader of streams, set by the caller after
	                             reader_init(); NULL: there is none */
	/* --no-cache: blocks of files are read by uncached_pread(), none is mapped. */
	bool uncached;
	enum cached_before before; /* of the file, set by the caller before reader_start() */
	struct uncached_bytes uncached_sum;
	int null; /* /dev/null, once it is needed; else -1 */
	/* The current range. */
	int fd;
	enum reader_strategy strategy;
	uint64_t offset; /* of the next byte, for pread and mmap */
	uint64_t end;    /* first byte that is not ours, or READER_TO_EOF. Of a stream: no read
	                    begins there, but one that begins before may go on beyond */
	uint64_t size;   /* of the file, as fstat() said; a hint: reading goes on to end of file */
	bool met_end;    /* of the file or stream, and not only of the range: a terminal or a socket
	                    might wait for more */
	bool sparse;     /* reader_skip_holes() */
	size_t block_most; /* sparse: bytes that the next block may have */
	bool was_full;     /* the stream may be a pipe that was full, and holds more now if it is */
	size_t at_once;    /* bytes of a stream, at most */
	uint64_t slice;    /* where the slice of a stream begins: reader_next_slice(), */
	uint64_t reads;    /* and how many reads have brought what there is of it */
	/* The current block. */
	unsigned char *map;  /* NULL: it is in the buffer */
	size_t map_size;     /* of the mapping: whole pages */
	uint64_t map_end;    /* file offset after the block's last byte */
	uint64_t no_map_end; /* below this offset a mapping has failed us: pread there */
	uint64_t since_ns;   /* when the block was asked for */
	size_t block_size;
	bool warm; /* the block came from the page cache: its time may teach the policy */
	/* Totals over all ranges. */
	uint64_t mapped_bytes;
	uint64_t redone;
};

/* 0, or -1 and errno. Allocates the buffer; installs the SIGBUS guard. */
int reader_init(struct reader *r);
void reader_free(struct reader *r);

/*
 * Starts anew with bytes [offset, end) of `fd`, of a file of `size` bytes. With READER_STREAM
 * offset and size do not matter, and `end` is READER_TO_EOF.
 */
void reader_start(struct reader *r, int fd, enum reader_strategy strategy, uint64_t offset,
                  uint64_t end, uint64_t size);

/*
 * After reader_start() of a stream: reader_next() brings a slice of it, `n` bytes or a little more,
 * and then 0; what follows is the next slice.
 */
void reader_next_slice(struct reader *r, uint64_t n);
/* Has all of the slice been brought? Else the stream has ended, or somebody has had enough. */
bool reader_has_slice(const struct reader *r);
/* Was the stream mostly full when the slice was read: has it waited for us, not we for it? */
bool reader_was_waited_for(const struct reader *r);

/*
 * Starts anew with what was taken from a stream: `n` bytes, which lie in the pipe `fd`, of our own.
 */
void reader_start_taken(struct reader *r, int fd, uint64_t n);

/*
 * After reader_start(), for a regular file: large holes are not read. reader_next() brings each as
 * one block without bytes: *bytes is NULL. No use with READER_STREAM.
 */
void reader_skip_holes(struct reader *r);

/*
 * The next block: *bytes, valid until the next call. Returns its length, 0 at the end of the range
 * or file, -1 and errno on a read error (the range is then at its end). r->met_end: the file has
 * no more.
 */
int64_t reader_next(struct reader *r, const unsigned char **bytes);

/*
 * As reader_next() of a stream, for bytes that nobody wants to see: only their number is returned.
 * A pipe is spliced to /dev/null, after its first 64 KiB.
 */
int64_t reader_skip(struct reader *r);

/* Has the stream ended where the second reader takes no more? */
bool reader_was_cut(const struct reader *r);

/*
 * Calls fn(arg), which reads the current block. 0, or -1: the file shrank meanwhile and what fn
 * read was not the file; its results must be dropped, and reader_next() will bring this place
 * again.
 */
int reader_visit(struct reader *r, void (*fn)(void *arg), void *arg);

#endif
