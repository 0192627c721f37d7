/* SPDX-License-Identifier: BSD-2-Clause */
/* Tasks whose bytes are compressed: the reader's blocks go through a decoder to the kernel. */
#include "base/base.h"
#include "count/profiler.h"
#include "base/fault.h"
#include "engine/worker.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The decoder's sink: block by block, still in cache. */
struct unpacking {
	struct worker *worker;
	struct result *result;
};

static bool count_block(void *arg, const unsigned char *bytes, size_t n)
{
	struct unpacking *u = arg;

	return content_take(u->worker, bytes, n, u->result);
}

enum format worker_sniff(const struct worker *w, const unsigned char *bytes, size_t n)
{
	return w->decompress == FORMAT_AUTO ? decoder_detect(bytes, n) : w->decompress;
}

bool worker_sniff_file(const struct worker *w, int fd, uint64_t offset, enum format *format)
{
	/* A wish for one format needs no look: what is not of it is a fault. */
	*format = w->decompress;
	return w->decompress != FORMAT_AUTO || decoder_detect_file(fd, offset, format) == 0 ||
	       errno == ESPIPE;
}

/* The worker's decoder, made for this format if it is not; false: result->fault. */
static bool take_decoder(struct worker *w, enum format format, struct result *result)
{
	if (w->decoder && decoder_format(w->decoder) == format)
		return true;
	decoder_free(w->decoder);
	w->decoder = decoder_new(format, w->memory_limit, &result->fault);
	return w->decoder != NULL;
}

/* Decodes and counts a block. False: result->fault. */
static bool feed(struct worker *w, const unsigned char *bytes, size_t n, struct result *result)
{
	struct unpacking u = {w, result};

	FAULT("count");
	FAULT("decode");
	if (!decoder_feed(w->decoder, bytes, n, count_block, &u, &result->fault)) {
		if (result->fault.cause == DECODE_STOPPED)
			result->fault = (struct decode_fault){0};
		return false;
	}
	worker_has_read(w, n);
	w->stats->decoded += n;
	return true;
}

/* There is no more. */
static void finish(struct worker *w, struct result *result)
{
	struct unpacking u = {w, result};

	if (!decoder_finish(w->decoder, count_block, &u, &result->fault) &&
	    result->fault.cause == DECODE_STOPPED)
		result->fault = (struct decode_fault){0};
}

/* The same with all that the reader still brings. */
static void feed_rest(struct worker *w, struct result *result)
{
	const unsigned char *bytes;
	ssize_t n;

	while ((n = reader_next(&w->reader, &bytes)) > 0)
		if (!feed(w, bytes, (size_t)n, result))
			return;
	if (n < 0)
		result->read_error = errno;
	else
		finish(w, result);
}

void worker_unpack(struct worker *w, enum format format, uint64_t offset, struct result *result)
{
	if (!take_decoder(w, format, result))
		return;
	decoder_start(w->decoder, offset);
	feed_rest(w, result);
	content_end(w, result);
}

/* Turns to the task's content from its beginning on. */
static void turn_to(struct worker *w, const struct task *task, int fd)
{
	uint64_t begin = task->kind == TASK_FILE ? 0 : task->begin;
	uint64_t end = task->kind == TASK_FILE ? READER_TO_EOF : task->end;

	if (task->kind == TASK_PIECE)
		content_resume(w, task->form, task->mark);
	else
		content_begin(w);
	reader_start(&w->reader, fd, READER_PREAD, begin, end, task->size);
}

void worker_unpack_file(struct worker *w, const struct task *task, enum format format, int fd,
                        struct result *result)
{
	uint64_t offset = task->kind == TASK_FILE ? 0 : task->begin - task->origin;
	struct result before = *result;

	turn_to(w, task, fd);
	if (!take_decoder(w, format, result))
		return;
	bool spread =
		task->threads > 1 && !w->sandboxed && decoder_spread(w->decoder, task->threads);
	worker_unpack(w, format, offset, result);
	if (!spread)
		return;
	decoder_spread(w->decoder, 1);
	if (result->fault.cause == DECODE_OK)
		return;
	*result = before;
	if (w->counter.profiler)
		result->profile = profiler_start(w->counter.profiler);
	turn_to(w, task, fd);
	worker_unpack(w, format, offset, result);
}

void worker_unpack_block(struct worker *w, enum format format, const unsigned char *bytes, size_t n,
                         struct result *result)
{
	if (!take_decoder(w, format, result))
		return;
	content_begin(w);
	decoder_start(w->decoder, 0);
	if (feed(w, bytes, n, result))
		finish(w, result);
	content_end(w, result);
}

/* Reads until there is enough to tell the format, or no more: how much. Else result->read_error. */
static size_t gather(struct worker *w, unsigned char first[DECODER_SNIFF],
                     const unsigned char **rest, size_t *n_rest, struct result *result)
{
	size_t have = 0;
	ssize_t n;

	*n_rest = 0;
	while (have < DECODER_SNIFF && (n = reader_next(&w->reader, rest)) != 0) {
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

bool worker_unpack_stream(struct worker *w, struct result *result)
{
	unsigned char first[DECODER_SNIFF];
	const unsigned char *rest;
	size_t n_rest;
	size_t n = gather(w, first, &rest, &n_rest, result);
	enum format format = worker_sniff(w, first, n);

	if (format == FORMAT_PLAIN) {
		worker_has_read(w, n + n_rest);
		return !content_take(w, first, n, result) ||
		       !content_take(w, rest, n_rest, result) || result->read_error != 0;
	}
	if (!take_decoder(w, format, result))
		return true;
	decoder_start(w->decoder, 0);
	if (w->decompress == FORMAT_AUTO)
		decoder_detected(w->decoder);
	if (feed(w, first, n, result) && feed(w, rest, n_rest, result) && !result->read_error)
		feed_rest(w, result);
	return true;
}
