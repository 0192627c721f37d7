/* SPDX-License-Identifier: BSD-2-Clause */
/* A transcoder between bytes and kernel, where one is needed. */
#include "base/base.h"
#include "scan/transcode.h"

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
