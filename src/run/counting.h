/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How operands are counted: the charset, the encoding and the kernel that options and locale ask
 * for.
 */
#ifndef PCOUNT_RUN_COUNTING_H
#define PCOUNT_RUN_COUNTING_H

#include "base/base.h"
#include "cli/options.h"
#include "count/recorder.h"
#include "engine/engine.h"

struct counting {
	const struct options *options;
	struct charset charset;
	struct encoding encoding;
	struct counter counter;
	struct recorder recorder; /* --records */
	bool chars_are_bytes;     /* single-byte charset: characters need not be counted */
};

/* 0, or -1: it cannot be had, which is reported, and there is nothing to be freed. */
int counting_init(struct counting *c, const struct options *options);
void counting_free(struct counting *c);
/* Does it matter where a range begins and ends, so that what is counted must not be chosen by
 * content? */
bool counting_is_exact(const struct options *options);
/* For --debug: which code counts. */
void counting_debug(const struct counting *c);
/*
 * What an engine has to know; nobody watches it. `crew`: who counts, if they are on other hosts;
 * NULL: as the options say.
 */
struct engine_config counting_config(const struct counting *c, const struct engine_crew *crew);

#endif
