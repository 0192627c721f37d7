/* SPDX-License-Identifier: BSD-2-Clause */
/* Feeds the decoder, and the content with what comes out. */
#include "base/base.h"
#include "base/fault.h"
#include "base/relaxed.h"
#include "count/profiler.h"
#include "scan/content.h"
#include "scan/decompress.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The decoder's sink: block by block, still in cache. */
struct sink {
	struct scanner *scanner;
	struct result *result;
};

static bool count_block(void *arg, const unsigned char *bytes, size_t n)
{
	struct sink *sink = arg;

	return content_add(sink->scanner, bytes, n, sink->result);
}

enum format decompress_sniff(const struct scanner *s, const unsigned char *bytes, size_t n,
                             enum note *note)
{
	if (s->config->decompress != FORMAT_AUTO)
		return s->config->decompress;
	enum format format = decoder_detect(bytes, n);
	*note = format == FORMAT_PLAIN ? note_of_bytes(bytes, n) : NOTE_NONE;
	return format;
}

int scan_sniff_file(const struct scanner *s, int fd, uint64_t offset, enum format *format,
                    enum note *note)
{
	/* Where one format is asked for there is nothing to find out: anything else is a fault. */
	*format = s->config->decompress;
	if (s->config->decompress != FORMAT_AUTO ||
	    decoder_detect_file(fd, offset, format, note) == 0 || errno == ESPIPE)
		return 0;
	return -1;
}

/* The scanner's decoder, made for this format if it is not. 0, or -1 and result->fault. */
int decompress_prepare(struct scanner *s, enum format format, struct result *result)
{
	if (s->decoder && decoder_format(s->decoder) == format)
		return 0;
	decoder_free(s->decoder);
	s->decoder = decoder_new(format, s->config->memory_limit, &result->fault);
	return s->decoder ? 0 : -1;
}

/* Decodes and counts a block. 0, or -1: no more of it, by result->fault if there is one. */
static int feed(struct scanner *s, const unsigned char *bytes, size_t n, struct result *result)
{
	struct sink sink = {s, result};

	uint64_t lines = result->tally.lines;

	FAULT("count");
	FAULT("decode");
	if (decoder_feed(s->decoder, bytes, n, count_block, &sink, &result->fault) != 0) {
		if (result->fault.cause == DECODE_STOPPED)
			result->fault = (struct decode_fault){0};
		return -1;
	}
	relaxed_add(&s->stats->bytes, n);
	relaxed_add(&s->stats->lines, result->tally.lines - lines);
	s->stats->decoded += n;
	return 0;
}

/* There is no more. */
void decompress_finish(struct scanner *s, struct result *result)
{
	struct sink sink = {s, result};

	if (decoder_finish(s->decoder, count_block, &sink, &result->fault) == 0)
		result->note = decoder_note(s->decoder);
	else if (result->fault.cause == DECODE_STOPPED ||
	         (result->fault.cause == DECODE_TRUNCATED && reader_was_cut(&s->reader)))
		result->fault = (struct decode_fault){0};
}

/* Decodes and counts all that the reader still brings. */
static void feed_rest(struct scanner *s, struct result *result)
{
	const unsigned char *bytes;
	int64_t n;

	while ((n = reader_next(&s->reader, &bytes)) > 0)
		if (feed(s, bytes, (size_t)n, result) != 0)
			return;
	if (n < 0)
		result->read_error = errno;
	else
		decompress_finish(s, result);
}

/* To where the task's data begins. 0, or -1 and result->fault. */
static int start_decoder(struct scanner *s, const struct task *task, struct result *result)
{
	if (task->entry == ENTRY_RESUME)
		return decoder_resume(s->decoder, &task->place, &result->fault);
	decoder_start(s->decoder, task->kind == TASK_FILE ? 0 : task->begin - task->origin);
	return 0;
}

/* What the reader has been started on, which is the task's. */
static void decompress(struct scanner *s, const struct task *task, enum format format,
                       struct result *result)
{
	if (decompress_prepare(s, format, result) != 0)
		return;
	if (start_decoder(s, task, result) != 0)
		return;
	feed_rest(s, result);
	content_end(s, result);
}

/* To the beginning of the task's content. */
static void start_reading(struct scanner *s, const struct task *task, int fd)
{
	uint64_t begin = task->kind == TASK_FILE ? 0 : task->begin;
	uint64_t end = task->kind == TASK_FILE ? READER_TO_EOF : task->end;

	if (task->entry == ENTRY_RESUME)
		begin = task->origin + task->place.bit / 8;
	if (task->kind == TASK_PIECE)
		content_resume(s, task->form, task->bom_length);
	else
		content_begin(s);
	reader_start(&s->reader, fd, READER_PREAD, begin, end, task->size);
}

void decompress_file(struct scanner *s, const struct task *task, enum format format, int fd,
                     struct result *result)
{
	struct result before = *result;

	start_reading(s, task, fd);
	if (decompress_prepare(s, format, result) != 0)
		return;
	bool spread =
		task->threads > 1 && s->may_thread && decoder_spread(s->decoder, task->threads);
	decompress(s, task, format, result);
	if (!spread)
		return;
	decoder_spread(s->decoder, 1);
	if (result->fault.cause == DECODE_OK)
		return;
	*result = before;
	if (s->counter.profiler)
		result->profile = profiler_start(s->counter.profiler);
	start_reading(s, task, fd);
	decompress(s, task, format, result);
}

void decompress_from(struct scanner *s, const struct task *task, uint64_t begin, int fd,
                     struct result *result)
{
	if (decompress_prepare(s, task->format, result) != 0)
		return;
	reader_start(&s->reader, fd, READER_PREAD, begin, READER_TO_EOF, task->size);
	decoder_start(s->decoder, begin - task->origin);
	enum note note = result->note;
	feed_rest(s, result);
	if (result->note == NOTE_NONE)
		result->note = note;
}

/* ---- pieces that are entered in the middle of a member ---- */

/* What has been counted so far, for when what follows turns out to be void. */
struct kept {
	struct tally tally;
	unsigned bom_left;
	uint64_t transcoded;
};

static struct kept keep(struct scanner *s, const struct result *result)
{
	if (s->counter.profiler)
		profiler_keep(s->counter.profiler);
	return (struct kept){result->tally, s->text.bom_left, s->text.bytes};
}

static void restore(struct scanner *s, const struct kept *kept, struct result *result)
{
	if (s->counter.profiler)
		profiler_restore(s->counter.profiler);
	result->tally = kept->tally;
	s->text.bom_left = kept->bom_left;
	s->text.bytes = kept->transcoded;
}

/* A unit of the span is counted: its bytes of the file, those of headers before it too. */
static void add_stats(struct scanner *s, uint64_t bits_before, uint64_t lines_before,
                      const struct result *result)
{
	uint64_t bytes = result->span.to.bit / 8 - bits_before / 8;

	relaxed_add(&s->stats->bytes, bytes);
	relaxed_add(&s->stats->lines, result->tally.lines - lines_before);
	s->stats->decoded += bytes;
}

/*
 * Unit by unit. Of what is not good nothing is said: whoever knows all that precedes it decodes it
 * again and finds out whether that is a fault of the data. Text must be such that nothing is kept
 * of it between blocks: its own charset, or an encoding of single bytes.
 */
static void walk(struct scanner *s, const struct task *task, int fd, struct result *result)
{
	struct sink sink = {s, result};
	enum decode_walk step;

	content_resume(s, task->form, task->bom_length);
	if (decompress_prepare(s, task->format, result) != 0) {
		result->fault = (struct decode_fault){0};
		return;
	}
	decoder_enter(s->decoder, &(struct decode_piece){.fd = fd,
	                                                 .origin = task->origin,
	                                                 .begin = task->begin,
	                                                 .end = task->end,
	                                                 .place = task->place,
	                                                 .search = task->entry == ENTRY_SEARCH});
	do {
		struct kept kept = keep(s, result);
		bool entered = result->span.entered;
		uint64_t before = result->span.to.bit;
		FAULT("count");
		FAULT("decode");
		step = decoder_walk(s->decoder, &result->span, count_block, &sink);
		if (step == WALK_UNIT)
			add_stats(s, entered ? before : result->span.from.bit, kept.tally.lines,
			          result);
		else
			restore(s, &kept, result);
	} while (step != WALK_END);
	if (result->span.to.ended)
		result->note = NOTE_DECOMPRESSED;
	content_end(s, result);
}

void decompress_piece(struct scanner *s, const struct task *task, int fd, struct result *result)
{
	if (task->entry == ENTRY_SEARCH || task->entry == ENTRY_PLACE)
		walk(s, task, fd, result);
	else
		decompress_file(s, task, task->format, fd, result);
}

void decompress_block(struct scanner *s, enum format format, const unsigned char *bytes, size_t n,
                      struct result *result)
{
	if (decompress_prepare(s, format, result) != 0)
		return;
	content_begin(s);
	decoder_start(s->decoder, 0);
	if (feed(s, bytes, n, result) == 0)
		decompress_finish(s, result);
	content_end(s, result);
}

/* Reads until there is enough to tell the format, or no more: how much. Else result->read_error. */
static size_t gather(struct scanner *s, unsigned char first[DECODER_SNIFF],
                     const unsigned char **rest, size_t *n_rest, struct result *result)
{
	size_t have = 0;
	int64_t n;

	*n_rest = 0;
	while (have < DECODER_SNIFF && (n = reader_next(&s->reader, rest)) != 0) {
		if (n < 0) {
			result->read_error = errno;
			break;
		}
		size_t taken = (size_t)min_u64((uint64_t)n, DECODER_SNIFF - have);
		memcpy(first + have, *rest, taken);
		have += taken;
		*rest += taken;
		*n_rest = (size_t)n - taken;
	}
	return have;
}

bool decompress_stream(struct scanner *s, struct result *result)
{
	unsigned char first[DECODER_SNIFF];
	const unsigned char *rest;
	size_t n_rest;
	size_t n = gather(s, first, &rest, &n_rest, result);
	enum format format = decompress_sniff(s, first, n, &result->note);

	if (format == FORMAT_PLAIN) {
		relaxed_add(&s->stats->bytes, n + n_rest);
		return !content_add(s, first, n, result) || !content_add(s, rest, n_rest, result) ||
		       result->read_error != 0;
	}
	if (decompress_prepare(s, format, result) != 0)
		return true;
	decoder_start(s->decoder, 0);
	if (s->config->decompress == FORMAT_AUTO)
		decoder_detected(s->decoder);
	if (feed(s, first, n, result) == 0 && feed(s, rest, n_rest, result) == 0 &&
	    !result->read_error)
		feed_rest(s, result);
	return true;
}
