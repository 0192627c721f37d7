/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scanning: one task or one stream, from a descriptor to a tally.
 *
 *      open -> sniff -> [decompress] -> [transcode] -> kernel
 *
 * Needs no engine: who has tasks, be it a thread, a process or another host, gives them to a
 * scanner of its own, one after another.
 */
#ifndef PCOUNT_SCAN_SCAN_H
#define PCOUNT_SCAN_SCAN_H

#include "base/base.h"
#include "count/counter.h"
#include "scan/files.h"
#include "scan/sniff.h"
#include "scan/stats.h"
#include "scan/task.h"
#include "scan/transcode.h"
#include "source/decoder.h"
#include "source/gzip_piece.h"
#include "source/passthrough.h"
#include "source/reader.h"
#include "text/encoding.h"

#include <sys/stat.h>

/* How content is counted: the same for all scanners of a run. */
struct scan_config {
	bool only_bytes;        /* -c alone: sizes need not be read */
	enum format decompress; /* FORMAT_PLAIN: count files as they are; AUTO: look inside; else:
	                           must be so */
	uint64_t memory_limit;  /* bytes that a decoder may use for what its data asks for */
	bool text_only;         /* what is not text is skipped */
	bool types; /* tell what type each operand is of; filetype_new() has succeeded */
	const struct encoding *encoding; /* of the text; not LOCALE: the counter's charset is UTF-8
	                                  */
	const struct counter *counter;   /* charset, needs and kernel */
	struct passthrough *pass;        /* a second reader of standard input, which must get all of
	                                    it; NULL: there is none */
};

struct scanner {
	const struct scan_config *config;
	struct counter counter;
	struct reader reader;
	struct files files;
	struct sniffer sniffer;
	bool sniff_only;          /* nothing of the current task is to be counted */
	struct decoder *decoder;  /* of the last compressed data; NULL: there was none */
	struct gzip_piece *piece; /* for those of relays; NULL: there were none */
	bool slices;              /* what is long is done point by point: see scan/seek.h */
	bool may_thread;          /* a decoder may start threads, if the task says so */
	struct transcoding text;
	struct worker_stats *stats; /* others may read `bytes` meanwhile: worker_stats_bytes() */
};

/* 0, or -1 and errno. `config` and `stats` must outlive the scanner. */
int scanner_init(struct scanner *s, const struct scan_config *config, enum fd_scope scope,
                 struct worker_stats *stats);
void scanner_free(struct scanner *s);

/* Does one task. Never fails: what goes wrong is in the result. */
void scan_task(struct scanner *s, const struct task *task, struct result *result);

/*
 * Counts an open file or stream from its present offset to the end, and leaves the offset there.
 * `st` is its fstat(). True, only if `may_share`: it is a pipe, it has come fast, and what is left
 * of it, which is text as it is, can be counted by TASK_TURNs: see scan/turns.h.
 */
bool scan_stream(struct scanner *s, int fd, const struct stat *st, bool may_share,
                 struct result *result);

/*
 * How a file is compressed at `offset`; FORMAT_PLAIN if nobody has asked for decompression, or if
 * the file cannot be read at an offset. 0, or -1 and errno: a read has failed, and nothing may be
 * concluded from what was not read. *note is set if the file is counted as it is although
 * compressed ones are not.
 */
int scan_sniff_file(const struct scanner *s, int fd, uint64_t offset, enum format *format,
                    enum note *note);

/* May a cut fall between any two bytes? The tally decides characters that straddle it. */
bool scan_cuts_anywhere(const struct counter *c);

#endif
