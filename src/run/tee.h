/* SPDX-License-Identifier: BSD-2-Clause */
/* --tee: standard input goes on to standard output while it is counted, and how that ends. */
#ifndef PCOUNT_RUN_TEE_H
#define PCOUNT_RUN_TEE_H

#include "base/base.h"
#include "source/passthrough.h"

struct tee {
	struct passthrough pass; /* for scan_config.pass */
	bool dies;               /* SIGPIPE ends us: it is not ignored by whoever started us */
};

/*
 * From here on a reader that has ended is known by EPIPE, and the counts are still printed. 0, or
 * -1: reported, and nothing is to be read.
 */
int tee_start(struct tee *t);

/* Reports that standard output took no more, unless SIGPIPE will say so. */
void tee_report(const struct tee *t);

/* The last of all: where the reader has ended, SIGPIPE ends us, as it ends tee(1). */
void tee_end(const struct tee *t);

#endif
