/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The recorder: wraps a counter's loop, and beside the counts keeps the run of records of the same
 * bytes, which is a part of their tally. A counter without one is not affected. Its kernels are not
 * those of the counter, since they do not depend on the charset: each counts one block by itself,
 * and record_run_merge() appends it.
 *
 *      counter->count --> recorder --> the counter's own loop --> tally
 *                            |
 *                            `--> records_scan_fn --> tally.records
 */
#ifndef PCOUNT_COUNT_RECORDER_H
#define PCOUNT_COUNT_RECORDER_H

#include "base/base.h"
#include "count/counter.h"

/*
 * *run := the run of p[0..n); `kind` is not RECORDS_NONE. Never reads past n; any alignment; n may
 * be 0.
 */
typedef void records_scan_fn(struct record_run *run, struct record_kind kind,
                             const unsigned char *p, size_t n);

struct records_kernel {
	const char *name;      /* as that of a kernel of counter.h */
	bool (*usable)(void);  /* does this processor (and GLIBC_TUNABLES) have what it needs? */
	records_scan_fn *scan; /* `scalar` is the reference: the others give the same run */
};

/* The kernels of this build, best first, ended by NULL. */
extern const struct records_kernel *const records_kernels[];

struct recorder {
	struct record_kind kind;
	const struct records_kernel *kernel;
	count_fn *count; /* the counter's own */
};

/*
 * Gives a counter that counter_init() has set up a recorder, *r, which has to live as long as it
 * and its copies. `kernel`: the name to force, or NULL; where no kernel of records has that name,
 * `scalar` serves.
 */
void recorder_add(struct recorder *r, struct counter *c, struct record_kind kind,
                  const char *kernel);

/* Those of all builds; of x86-64; of aarch64. */
extern const struct records_kernel records_portable, records_scalar;
extern const struct records_kernel records_avx512vbmi, records_avx512, records_avx2, records_sse2;
extern const struct records_kernel records_neon;

#endif
