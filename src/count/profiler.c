/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Histograms of bytes, and where decoding fails first; what lines there are is found by the kernels.
 *
 * A byte at a time, each counted where the last one was as often as not, is slow: 0.5 to 0.8 GB/s, also
 * with tables by turns. Two bytes at a time into 65536 counters (256 KiB, so the second cache) is three
 * times as fast, on Zen 4: but the table has to be added up and cleared, which takes as long as some
 * 20 KiB do, so it is for large blocks.
 */
#include "base/base.h"
#include "count/profiler.h"

#include <stdlib.h>
#include <string.h>

enum {
	BLOCK_BYTES = LINE_FEEDS_BYTES, /* looked at several times, while they are in the first cache */
	PAIRS = 1 << 16,
	PAIRS_WORTH = 256 << 10, /* bytes */
	/* No counter, and no sum of counters, goes beyond 32 bits. */
	PAIRS_BYTES_MAX = 1 << 30,
	ERROR_STEP = 256,
};

/* ---- bytes ---- */

static uint64_t load_8(const unsigned char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof word);
	return word;
}

/* Two words by turns, so that a counter met again has been written meanwhile. */
static void add_pairs(struct profiler *r, const unsigned char *p, size_t n)
{
	uint32_t *pair = r->pair;
	size_t i = 0;

	for (; i + 16 <= n; i += 16) {
		uint64_t a = load_8(p + i), b = load_8(p + i + 8);
		pair[a & 0xFFFF]++;
		pair[b & 0xFFFF]++;
		pair[a >> 16 & 0xFFFF]++;
		pair[b >> 16 & 0xFFFF]++;
		pair[a >> 32 & 0xFFFF]++;
		pair[b >> 32 & 0xFFFF]++;
		pair[a >> 48]++;
		pair[b >> 48]++;
	}
	for (; i < n; i++)
		r->profile.byte[p[i]]++;
}

/* Adds the table up, and clears it. Which byte of a pair is the first does not matter. */
static void flush_pairs(struct profiler *r)
{
	uint32_t low[256] = {0};

	for (unsigned high = 0; high < 256; high++) {
		uint32_t *row = r->pair + (size_t)high * 256, sum = 0;
		for (unsigned i = 0; i < 256; i++) {
			low[i] += row[i];
			sum += row[i];
		}
		r->profile.byte[high] += sum;
	}
	for (unsigned i = 0; i < 256; i++)
		r->profile.byte[i] += low[i];
	memset(r->pair, 0, PAIRS * sizeof r->pair[0]);
}

static void add_bytes(struct profiler *r, const unsigned char *p, size_t n)
{
	uint32_t (*byte)[256] = r->byte;
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
 * Notes where decoding failed first: somewhere in p[n], as the counts say, with the tally `t` before it.
 * The counter's own loop is asked again, in ever smaller steps.
 */
static void find_error(struct profiler *r, struct counter *c, struct tally t, const unsigned char *p, size_t n)
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
	/* It began where the tail did, to which this byte has put an end; a byte in vain is no tail. */
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
		r->find_lines(&r->found, p, block);
		profile_add_breaks(&r->profile, p, block, r->found.at, r->found.n, r->found.cr);
		if (pairs)
			add_pairs(r, p, block);
		else
			add_bytes(r, p, block);
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
	r->find_lines = c->find_lines;
	r->pair = calloc(PAIRS, sizeof r->pair[0]);
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

void profiler_keep(struct profiler *r)
{
	profile_copy(&r->kept, &r->profile);
}

void profiler_restore(struct profiler *r)
{
	profile_copy(&r->profile, &r->kept);
	memset(r->pair, 0, PAIRS * sizeof r->pair[0]);
}
