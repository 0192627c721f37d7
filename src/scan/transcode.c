/* SPDX-License-Identifier: BSD-2-Clause */
/* A transcoder between bytes and kernel, where one is needed. */
#include "base/base.h"
#include "count/nuls.h"
#include "scan/transcode.h"

#include <string.h>

/* Zeros that are transcoded as they are, at a time; a multiple of every unit. */
enum { ZEROS = 4096 };

int transcoding_init(struct transcoding *t, const struct encoding *encoding)
{
	*t = (struct transcoding){.default_form = ENCODING_NONE};
	if (!encoding)
		return 0;
	if (encoding_bytes_needed(encoding) == 0)
		t->default_form = encoding->form;
	t->transcoder = transcoder_new(encoding);
	return t->transcoder ? 0 : -1;
}

void transcoding_free(struct transcoding *t)
{
	transcoder_free(t->transcoder);
	t->transcoder = NULL;
}

void transcoding_start(struct transcoding *t, enum encoding_form form, unsigned bom_length)
{
	t->form = form;
	t->bom_left = bom_length;
	t->bytes = 0;
	if (form != ENCODING_NONE)
		transcoder_start(t->transcoder, form);
}

/* What a transcoder's output goes to. */
struct sink {
	struct counter *counter;
	struct tally *tally;
};

static void count_utf8(void *arg, const unsigned char *utf8, size_t n)
{
	struct sink *sink = arg;

	sink->counter->count(sink->counter, sink->tally, utf8, n);
}

void transcoding_count(struct transcoding *t, struct counter *counter, const unsigned char *bytes,
                       size_t n, struct tally *tally)
{
	struct sink sink = {counter, tally};
	size_t skipped = (size_t)min_u64(n, t->bom_left);

	t->bom_left -= (unsigned)skipped;
	if (t->form == ENCODING_NONE) {
		tally->bytes += skipped;
		counter->count(counter, tally, bytes + skipped, n - skipped);
		return;
	}
	t->bytes += n;
	transcoder_feed(t->transcoder, bytes + skipped, n - skipped, count_utf8, &sink);
}

/* What zeros are transcoded to. */
struct zeros_sink {
	struct sink sink;
	uint64_t nuls; /* bytes of the block's UTF-8 */
	bool others;   /* not all of these are NULs */
};

static void count_zeros_utf8(void *arg, const unsigned char *utf8, size_t n)
{
	struct zeros_sink *zeros = arg;

	count_utf8(&zeros->sink, utf8, n);
	zeros->nuls += n;
	zeros->others |= utf8[0] != 0 || memcmp(utf8, utf8 + 1, n - 1) != 0;
}

void transcoding_count_zeros(struct transcoding *t, struct counter *counter, uint64_t n,
                             struct tally *tally)
{
	static const unsigned char block[ZEROS];
	uint64_t before = 0;

	if (t->form == ENCODING_NONE) {
		counter_add_nuls(counter, tally, n);
		return;
	}
	while (n > 0) {
		struct zeros_sink zeros = {.sink = {counter, tally}};
		size_t taken = (size_t)min_u64(n, ZEROS);
		t->bytes += taken;
		n -= taken;
		size_t skipped = (size_t)min_u64(taken, t->bom_left);
		t->bom_left -= (unsigned)skipped;
		transcoder_feed(t->transcoder, block, taken - skipped, count_zeros_utf8, &zeros);
		/*
		 * A decoder's state is one of a few. After a block of zeros that has brought
		 * nothing but NULs, and as many of them as the block before, it stays as it is.
		 */
		if (zeros.nuls > 0 && !zeros.others && zeros.nuls == before) {
			counter_add_nuls(counter, tally, n / ZEROS * zeros.nuls);
			t->bytes += n - n % ZEROS;
			n %= ZEROS;
		}
		before = zeros.others ? 0 : zeros.nuls;
	}
}

void transcoding_finish(struct transcoding *t, struct counter *counter, struct tally *tally)
{
	struct sink sink = {counter, tally};

	if (t->form == ENCODING_NONE || t->bytes == 0)
		return;
	transcoder_finish(t->transcoder, count_utf8, &sink);
	/* Those of the file, not those of its UTF-8. */
	tally->bytes = t->bytes;
	t->form = ENCODING_NONE;
}
