/* SPDX-License-Identifier: BSD-2-Clause */
/* Holds every kernel against scalar on a given text, cut in given places; for tests and fuzzers. */
#ifndef PCOUNT_TESTS_KERNELCHECK_H
#define PCOUNT_TESTS_KERNELCHECK_H

#include "base/base.h"
#include "count/counter.h"

#include <stdio.h>

enum {
	CHECK_MAX = 1 << 20, /* longest text */
	CHECK_CUTS = 8,      /* most cuts */
	CHECK_CHARSETS = 7,
	CHECK_KERNELS = 8,
};

/* How the text reaches the kernel. */
struct check_way {
	size_t cuts;            /* number of cuts, */
	size_t cut[CHECK_CUTS]; /* each in 0..n, ascending */
	bool merge;             /* a tally for each part, merged; else one tally, several calls */
	bool at_front;          /* parts lie just after a forbidden page, else just before one */
};

/*
 * The charsets, the usable kernels and their counters, made on the first call. Leaves the process
 * in the locale C.UTF-8. check_only(): from then on, only this kernel / these needs (0: all).
 */
void check_init(void);
const char *check_charset_name(unsigned charset);
void check_only(const char *kernel, unsigned needs);

/* The text in charset `charset` by every kernel and all needs: 0, or -1 and a message on stderr. */
int check_text(unsigned charset, const unsigned char *text, size_t n, const struct check_way *way);

/* Every kernel of records and all kinds of them, likewise: they do not depend on the charset. */
int check_records(const unsigned char *text, size_t n, const struct check_way *way);

/* xorshift64*, so that a seed gives the same run anywhere. */
struct check_random {
	uint64_t state;
};
uint64_t check_random(struct check_random *r);
unsigned check_below(struct check_random *r, unsigned end);

/* Writes up to `max` bytes of text of a random kind, made to hurt; how many. */
size_t check_make_text(struct check_random *r, unsigned char *text, size_t max);
struct check_way check_make_way(struct check_random *r, size_t n);

#endif
