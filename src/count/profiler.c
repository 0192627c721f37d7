/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The profiler: lines and pairs of bytes are found by the kernels, the rest is here.
 *
 * The table of pairs has to be added up and cleared, which takes as long as some 20 KiB do, so it
 * is for large blocks.
 */
#include "base/base.h"
#include "count/pairs.h"
#include "count/profiler.h"

#include <stdlib.h>
#include <string.h>

enum {
	BLOCK_BYTES = LINE_FEEDS_BYTES, /* read several times, while they are in the first
	                                   cache */
	PAIRS_WORTH = 256 << 10,        /* bytes */
	/* No counter, and no sum of counters, goes beyond 32 bits. */
	PAIRS_BYTES_MAX = 1 << 30,
	ERROR_STEP = 256,
};

/* ---- bytes ---- */

/* Adds the table up, and clears it. Which byte of a pair is the first does not matter. */
static void flush_pairs(struct profiler *r)
{
	uint32_t low[16][16] = {{0}};

	for (unsigned high = 0; high < 256; high++) {
		uint32_t *row = r->pair + (size_t)high * 256, sum = 0;
		for (unsigned i = 0; i < 16; i++) {
			uint32_t *into = low[PAIRS_LINE(high, i)];
			for (unsigned k = 0; k < 16; k++) {
				into[k] += row[16 * i + k];
				sum += row[16 * i + k];
			}
		}
		r->profile.byte[high] += sum;
	}
	for (unsigned i = 0; i < 256; i++)
		r->profile.byte[i] += low[i / 16][i % 16];
	memset(r->pair, 0, PAIRS_SIZE * sizeof r->pair[0]);
}

static void add_bytes(struct profiler *r, const unsigned char *p, size_t n)
{
	uint32_t(*byte)[256] = r->byte;
	size_t i = 0;

	memset(byte, 0, sizeof r->byte);
	for (; i + 4 <= n; i += 4)
		for (unsigned k = 0; k < 4; k++)
			byte[k][p[i + k]]++;
	for (; i < n; i++)
		byte[0][p[i]]++;
	for (unsigned b = 0; b < 256; b++)
		r->profile.byte[b] += (uint64_t)byte[0][b] + byte[1][b] + byte[2][b] + byte[3][b];
}

/* ---- errors ---- */

/*
 * Notes where decoding failed first: somewhere in p[n], as the counts say, with the tally `t`
 * before it. The counter's own loop is asked again, in ever smaller steps.
 */
static void find_error(struct profiler *r, struct counter *c, struct tally t,
                       const unsigned char *p, size_t n)
{
	uint64_t errors = t.errors;
	size_t i = 0;

	for (size_t step = ERROR_STEP; step > 0; step /= ERROR_STEP) {
		while (i < n) {
			struct tally next = t;
			size_t taken = n - i < step ? n - i : step;
			r->count(c, &next, p + i, taken);
			if (next.errors > errors)
				break;
			t = next;
			i += taken;
		}
	}
	verify(i < n);
	/*
	 * It began where the tail did, to which this byte has put an end; a byte in vain is no
	 * tail.
	 */
	r->profile.has_error = true;
	r->profile.error_at = r->profile.bytes + i - t.tail_len;
}

/* ---- the loop ---- */

static void count_profile(struct counter *c, struct tally *t, const unsigned char *p, size_t n)
{
	struct profiler *r = c->profiler;
	bool pairs = n >= PAIRS_WORTH;
	size_t unflushed = 0;

	while (n > 0) {
		size_t block = n < BLOCK_BYTES ? n : BLOCK_BYTES;
		struct tally before = *t;
		r->count(c, t, p, block);
		if (UNLIKELY(t->errors > before.errors) && !r->profile.has_error)
			find_error(r, c, before, p, block);
		c->find_lines(&r->found, pairs ? r->pair : NULL, p, block);
		profile_add_breaks(&r->profile, p, block, r->found.at, r->found.n, r->found.cr);
		if (!pairs)
			add_bytes(r, p, block);
		else if (block % 8 > 0)
			add_bytes(r, p + block - block % 8, block % 8);
		unflushed += block;
		p += block;
		n -= block;
		if (pairs && (n == 0 || unflushed >= PAIRS_BYTES_MAX)) {
			flush_pairs(r);
			unflushed = 0;
		}
	}
}

/* A profiler before the loop `count`. */
static int add(struct counter *c, count_fn *count)
{
	struct profiler *r = calloc(1, sizeof *r);

	if (!r)
		return -1;
	r->count = count;
	r->pair = calloc(PAIRS_SIZE, sizeof r->pair[0]);
	if (!r->pair) {
		free(r);
		return -1;
	}
	c->profiler = r;
	c->count = count_profile;
	return 0;
}

int profiler_add(struct counter *c)
{
	return add(c, c->count);
}

int profiler_copy(struct counter *c, const struct counter *from)
{
	return add(c, from->profiler->count);
}

void profiler_free(struct profiler *r)
{
	if (!r)
		return;
	free(r->pair);
	free(r);
}

const struct profile *profiler_start(struct profiler *r)
{
	profile_clear(&r->profile);
	return &r->profile;
}

void profiler_add_nuls(struct profiler *r, const struct charset *cs, const struct tally *before,
                       const struct tally *run)
{
	const uint64_t n = run->bytes;
	const struct profile nuls = {.bytes = n, .first = n, .byte = {[0] = n}};

	profile_merge(cs, &r->profile, before, &nuls, run);
}

void profiler_keep(struct profiler *r)
{
	profile_copy(&r->kept, &r->profile);
}

void profiler_restore(struct profiler *r)
{
	profile_copy(&r->profile, &r->kept);
	memset(r->pair, 0, PAIRS_SIZE * sizeof r->pair[0]);
}
