/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernels: the loops that turn bytes into tallies, and the choice among them.
 *
 * A kernel appends bytes to a tally: t := t followed by p[0..n). It is a pure function of
 * (counter, *t, p[0..n)): no I/O, no allocation, never reading past n, any alignment, n may be 0.
 * Calling it on consecutive blocks equals calling it once on all of them, wherever the cuts fall.
 * It keeps up to date only what the counter's needs ask for (bytes always); the scalar kernel,
 * which keeps everything, is the reference: the others give the same finished counts, byte for
 * byte.
 */
#ifndef PCOUNT_COUNT_COUNTER_H
#define PCOUNT_COUNT_COUNTER_H

#include "base/base.h"
#include "count/odd_sets.h"
#include "count/odd_slots.h"
#include "count/sets.h"
#include "tally/tally.h"

enum {
	NEED_LINES = 1,
	NEED_WORDS = 2,
	NEED_CHARS = 4,
	NEED_WIDTH = 8,
	NEED_ALL = 15,     /* bytes cost nothing and are always counted */
	NEED_RECORDS = 16, /* by a recorder, whatever else is needed; see recorder.h */
};

struct counter;
typedef void count_fn(struct counter *c, struct tally *t, const unsigned char *p, size_t n);

enum { LINE_FEEDS_BYTES = 32 << 10 };

/*
 * The line feeds of a block, and one entry more than there can be, so that loops may write too far.
 */
struct line_feeds {
	size_t n;
	bool cr; /* there is a CR in the block */
	uint32_t at[LINE_FEEDS_BYTES + 8];
};

/*
 * Finds those of p[0..n), n at most LINE_FEEDS_BYTES. On the way, since one waits for memory and
 * the other does not, counts the bytes two at a time into pair[PAIRS_SIZE], but for the last n % 8;
 * NULL: does not. See pairs.h.
 */
typedef void find_lines_fn(struct line_feeds *found, uint32_t *pair, const unsigned char *p,
                           size_t n);

/* One family of loops, for one instruction set. */
struct kernel {
	const char *name;
	bool (*usable)(void); /* does this processor (and GLIBC_TUNABLES) have what it needs? */
	/* The loop for this charset and these needs; NULL: none, a later kernel must serve. */
	count_fn *(*choose)(const struct charset *cs, unsigned needs);
	find_lines_fn *find_lines; /* for any charset */
};

/* What to count and how: one for each worker, since it holds the worker's width cache. */
struct counter {
	const struct charset *cs;
	unsigned needs;                  /* NEED_* */
	count_fn *count;                 /* set by counter_init() */
	const char *kernel;              /* its name, for --debug and --stats */
	struct byte_sets bytes;          /* what the charset's bytes are, for SIMD */
	unsigned char wide_from;         /* see width_prepare(); 0: not yet known */
	struct odd_sets odd;             /* what kernels know of widths, by tables of 16 */
	struct odd_slots slots;          /* or of 64 */
	find_lines_fn *find_lines;       /* set by counter_init() */
	struct profiler *profiler;       /* NULL: there is none; see profiler.h */
	const struct recorder *recorder; /* NULL: there is none; see recorder.h */
	unsigned char *widths; /* lazy: [U+110000] width + 1 by code point, 0: ask; see width.h */
};

/* How `counter_init` ended. */
enum counter_status {
	COUNTER_OK,
	COUNTER_UNKNOWN,     /* no kernel has that name */
	COUNTER_UNSUPPORTED, /* this build or this processor cannot run it */
	COUNTER_NO_MEMORY,   /* errno is set */
};

/*
 * Sets up *c. `kernel`: the name to force, or NULL for the best usable one. A forced kernel that
 * has no loop for this charset and these needs leaves the work to `scalar` or `locale`.
 */
enum counter_status counter_init(struct counter *c, const struct charset *cs, unsigned needs,
                                 const char *kernel);
/* Another worker's copy: own width cache. 0, or -1 and errno. */
int counter_copy(struct counter *c, const struct counter *from);
void counter_free(struct counter *c);

/* The kernels of this build, best first, ended by NULL; for tests and benches. */
extern const struct kernel *const counter_kernels[];

find_lines_fn find_lines_scalar;
extern const struct kernel kernel_scalar; /* single-byte charsets and UTF-8; the reference */
extern const struct kernel kernel_locale; /* any charset of the C library, by mbrtoc32() */

extern const struct kernel kernel_portable; /* any processor, 8 bytes at a time */
extern const struct kernel kernel_avx512vbmi, kernel_avx512, kernel_avx2, kernel_sse2; /* x86-64 */
extern const struct kernel kernel_neon;                                                /* aarch64 */

#endif
