/* SPDX-License-Identifier: BSD-2-Clause */
/* Sniffs, then counts. */
#include "base/base.h"
#include "base/fault.h"
#include "base/fd.h"
#include "base/relaxed.h"
#include "count/profiler.h"
#include "detect/text.h"
#include "scan/content.h"
#include "scan/decompress.h"

#include <errno.h>

void content_begin(struct scanner *s)
{
	sniffer_begin(&s->sniffer);
	transcoding_start(&s->text, s->text.default_form, 0);
}

void content_resume(struct scanner *s, enum encoding_form form, unsigned bom_length)
{
	s->sniffer.gathering = false;
	transcoding_start(&s->text, form, bom_length);
}

static bool sniff(struct scanner *s, const unsigned char *bytes, size_t n, struct result *result)
{
	if (!sniffer_tell(&s->sniffer, bytes, n, result))
		return false;
	if (s->sniffer.encoding)
		transcoding_start(&s->text, result->form, result->bom_length);
	return true;
}

bool content_sniff_file(struct scanner *s, int fd, uint64_t offset, struct result *result)
{
	struct sniffer *sniffer = &s->sniffer;

	content_begin(s);
	sniffer->gathering = false;
	if (sniffer->size == 0)
		return true;
	ssize_t have = peek_file(fd, offset, sniffer->bytes, sniffer->size);
	if (have < 0 && errno != ESPIPE) {
		/* Reported here: when the bytes are counted, the read may not fail. */
		result->read_error = errno;
		return false;
	}
	return sniff(s, sniffer->bytes, have > 0 ? (size_t)have : 0, result);
}

bool content_is_not_text(struct scanner *s, int fd, uint64_t size, struct result *result)
{
	struct sniffer *sniffer = &s->sniffer;

	if (!sniffer->text_only || size <= TEXT_SNIFF_BYTES)
		return false;
	ssize_t have = peek_file(fd, 0, sniffer->bytes, TEXT_SNIFF_BYTES);
	enum note later; /* it comes with the counts, if there are any */
	if (have <= 0 || decompress_sniff(s, sniffer->bytes, (size_t)have, &later) != FORMAT_PLAIN)
		return false;
	result->not_text = !sniffer_is_text(sniffer->bytes, (size_t)have);
	return result->not_text;
}

static void count_bytes(struct scanner *s, const unsigned char *bytes, size_t n,
                        struct result *result)
{
	transcoding_count(&s->text, &s->counter, bytes, n, &result->tally);
}

/* Enough is gathered, or there is no more. */
static bool decide(struct scanner *s, struct result *result)
{
	struct sniffer *sniffer = &s->sniffer;

	sniffer->gathering = false;
	if (!sniff(s, sniffer->bytes, sniffer->gathered, result) || s->sniff_only)
		return false;
	count_bytes(s, sniffer->bytes, sniffer->gathered, result);
	return true;
}

bool content_add(struct scanner *s, const unsigned char *bytes, size_t n, struct result *result)
{
	if (s->sniffer.gathering) {
		size_t taken = sniffer_gather(&s->sniffer, bytes, n);
		if (s->sniffer.gathering)
			return true;
		if (!decide(s, result))
			return false;
		bytes += taken;
		n -= taken;
	}
	count_bytes(s, bytes, n, result);
	return true;
}

bool content_add_zeros(struct scanner *s, uint64_t n, struct result *result)
{
	static const unsigned char zeros[4096];

	while (n > 0 && s->sniffer.gathering) {
		size_t taken = (size_t)min_u64(n, sizeof zeros);
		if (!content_add(s, zeros, taken, result))
			return false;
		n -= taken;
	}
	transcoding_count_zeros(&s->text, &s->counter, n, &result->tally);
	return true;
}

void content_end(struct scanner *s, struct result *result)
{
	/* Nothing can be told of a directory, or of anything else that cannot be read. */
	if (s->sniffer.gathering && (s->sniffer.gathered > 0 || !result->read_error))
		(void)decide(s, result);
	if (s->text.bom_left > 0)
		result->bom_length = s->text.bom_left;
	transcoding_finish(&s->text, &s->counter, &result->tally);
}

void content_whole(struct scanner *s, const unsigned char *bytes, size_t n, struct result *result)
{
	content_begin(s);
	s->sniffer.gathering = false;
	if (s->sniffer.size == 0 || sniff(s, bytes, n, result)) {
		count_bytes(s, bytes, n, result);
		content_end(s, result);
	}
}

/* ---- blocks ---- */

/* The current block, as an argument of reader_visit(). */
struct block {
	struct counter *counter;
	struct tally *tally;
	const unsigned char *bytes;
	size_t n;
};

static void count_block(void *arg)
{
	struct block *block = arg;

	block->counter->count(block->counter, block->tally, block->bytes, block->n);
}

void content_count(struct scanner *s, struct result *result)
{
	struct profiler *profiler = s->counter.profiler;
	const unsigned char *bytes;
	int64_t n;

	while ((n = reader_next(&s->reader, &bytes)) > 0) {
		if (!bytes) {
			if (!content_add_zeros(s, (uint64_t)n, result))
				return;
			relaxed_add(&s->stats->holes, (uint64_t)n);
			continue;
		}
		struct tally before = result->tally;
		struct block block = {&s->counter, &result->tally, bytes, (size_t)n};
		FAULT("count");
		if (content_is_filtered(s)) {
			relaxed_add(&s->stats->bytes, (uint64_t)n);
			if (!content_add(s, bytes, (size_t)n, result))
				return;
			relaxed_add(&s->stats->lines, result->tally.lines - before.lines);
			continue;
		}
		if (profiler)
			profiler_keep(profiler);
		if (reader_visit(&s->reader, count_block, &block) == 0) {
			relaxed_add(&s->stats->bytes, (uint64_t)n);
			relaxed_add(&s->stats->lines, result->tally.lines - before.lines);
			continue;
		}
		result->tally = before; /* the file shrank: the reader brings this place again */
		if (profiler)
			profiler_restore(profiler);
	}
	if (n < 0)
		result->read_error = errno;
	result->met_end = s->reader.met_end;
}
