/* SPDX-License-Identifier: BSD-2-Clause */
/* The recorder, the reference kernel of records, and the choice of a kernel. */
#include "base/base.h"
#include "count/recorder.h"

#include <string.h>

/*
 * Read twice where other counts are wanted too, while they are in the first cache. As much as the
 * kernels of CSV prefetch ahead (AHEAD in simd_records.h), which is then the next block: with 2, 8,
 * 16 or 32 KiB, -lwm with CSV takes 1.15 to 1.3 times as long on a Xeon.
 */
enum { BLOCK_BYTES = 4096 };

/* ---- the reference ---- */

static bool is_border(struct record_kind kind, unsigned char byte)
{
	return byte == '\n' || byte == '"' || byte == kind.byte;
}

/* What p[i] decides, if the run begins in `state` and is `inside` quotes before it. */
static void decide_quotes(struct record_run *run, unsigned state, bool inside,
                          struct record_kind kind, const unsigned char *p, size_t i)
{
	if (inside)
		return;
	if (i >= RECORD_OPEN + 2 && p[i - 2] == '"' && p[i - 1] == '\r' && p[i] != '\n')
		record_run_add_stray(run, state, i - 2);
	if (i >= RECORD_OPEN + 1 && p[i - 1] == '"' && !is_border(kind, p[i]) && p[i] != '\r')
		record_run_add_stray(run, state, i - 1);
	if (i >= RECORD_OPEN && p[i] == '"' && !is_border(kind, p[i - 1]))
		record_run_add_stray(run, state, i);
}

static void scan_quoted(struct record_run *run, struct record_kind kind, const unsigned char *p,
                        size_t n)
{
	for (size_t i = 0; i < n; i++) {
		/* Inside, if the run begins outside. */
		bool odd = run->odd;
		decide_quotes(run, RECORD_OUTSIDE, odd, kind, p, i);
		decide_quotes(run, RECORD_INSIDE, !odd, kind, p, i);
		if (p[i] == '\n')
			run->ends[odd ? RECORD_INSIDE : RECORD_OUTSIDE]++;
		run->odd ^= p[i] == '"';
	}
}

static void scan_scalar(struct record_run *run, struct record_kind kind, const unsigned char *p,
                        size_t n)
{
	*run = record_run_edges(kind, p, n);
	if (kind.form == RECORDS_QUOTED) {
		scan_quoted(run, kind, p, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		run->ends[RECORD_OUTSIDE] += p[i] == kind.byte && (kind.form == RECORDS_SEPARATED ||
		                                                   (i > 0 && p[i - 1] == '\n'));
}

static bool always(void)
{
	return true;
}

const struct records_kernel records_scalar = {"scalar", always, scan_scalar};

const struct records_kernel *const records_kernels[] = {
#ifdef HAVE_X86_SIMD
	&records_avx512vbmi, &records_avx512, &records_avx2, &records_sse2,
#endif
#ifdef HAVE_NEON
	&records_neon,
#endif
	&records_portable,   &records_scalar, NULL,
};

/* ---- the loop ---- */

static void record(const struct recorder *r, struct tally *t, const unsigned char *p, size_t n)
{
	struct record_run run;

	r->kernel->scan(&run, r->kind, p, n);
	record_run_merge(&t->records, &run);
}

static void count_with_records(struct counter *c, struct tally *t, const unsigned char *p, size_t n)
{
	const struct recorder *r = c->recorder;
	size_t most = c->needs == NEED_RECORDS ? n : BLOCK_BYTES;

	while (n > 0) {
		size_t block = n < most ? n : most;
		r->count(c, t, p, block);
		record(r, t, p, block);
		p += block;
		n -= block;
	}
}

static const struct records_kernel *choose(const char *forced)
{
	for (size_t i = 0; records_kernels[i]; i++)
		if (records_kernels[i]->usable() &&
		    (!forced || strcmp(forced, records_kernels[i]->name) == 0))
			return records_kernels[i];
	return &records_scalar;
}

void recorder_add(struct recorder *r, struct counter *c, struct record_kind kind,
                  const char *kernel)
{
	*r = (struct recorder){.kind = kind, .kernel = choose(kernel), .count = c->count};
	if (c->needs == 0)
		c->kernel = r->kernel->name;
	c->needs |= NEED_RECORDS;
	c->recorder = r;
	c->count = count_with_records;
}
