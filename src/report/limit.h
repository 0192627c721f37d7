/* SPDX-License-Identifier: BSD-2-Clause */
/* What kept a run from being faster, by its figures. */
#ifndef PCOUNT_REPORT_LIMIT_H
#define PCOUNT_REPORT_LIMIT_H

#include "base/base.h"

enum limit {
	LIMIT_UNKNOWN, /* it took too little time to tell, or workers had nothing to do */
	LIMIT_CPU,
	LIMIT_SHARED,  /* runnable, but not running: others have the processors, or a quota is used
	                  up */
	LIMIT_DECODER, /* of compressed data, which is the processor's work too */
	LIMIT_PIPE,    /* or whoever writes into it */
	LIMIT_DISK,    /* or the network, wherever files are */
};

/* Times in seconds, sizes in bytes. */
struct limit_figures {
	double wall;
	double busy, longest;       /* all workers together; the one that was at work longest */
	double user, system;        /* of all processes */
	uint64_t read;              /* bytes that passed through kernels */
	uint64_t streamed, decoded; /* of those, from streams, compressed */
	uint64_t from_disk;         /* bytes that were not in the page cache */
	long gave_up, lost;         /* the processor: because it had to wait, or to others */
};

enum limit limit_of(const struct limit_figures *f);

/* For JSON, and as text. */
const char *limit_key(enum limit limit);
const char *limit_text(enum limit limit);

#endif
