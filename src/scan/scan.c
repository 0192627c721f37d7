/* SPDX-License-Identifier: BSD-2-Clause */
/* Does tasks: open, read block by block, count, and report the result. */
#include "base/base.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/relaxed.h"
#include "count/profiler.h"
#include "scan/borders.h"
#include "scan/content.h"
#include "scan/decompress.h"
#include "scan/relay.h"
#include "scan/scan.h"
#include "scan/seek.h"
#include "scan/turns.h"
#include "source/holes.h"

#include <errno.h>
#include <unistd.h>

int scanner_init(struct scanner *s, const struct scan_config *config, enum fd_scope scope,
                 struct worker_stats *stats)
{
	/* Bytes are bytes in any encoding. */
	bool encoded = config->encoding->mode != ENCODING_LOCALE && !config->only_bytes;
	const struct encoding *encoding = encoded ? config->encoding : NULL;

	*s = (struct scanner){.config = config, .may_thread = true, .stats = stats};
	files_init(&s->files, scope);
	if (counter_copy(&s->counter, config->counter) != 0)
		return -1;
	if (sniffer_init(&s->sniffer, config->text_only, config->types, encoding) != 0)
		goto fail_counter;
	if (transcoding_init(&s->text, encoding) != 0)
		goto fail_sniffer;
	if (reader_init(&s->reader) == 0) {
		s->reader.pass = config->pass;
		return 0;
	}
	transcoding_free(&s->text);
fail_sniffer:
	sniffer_free(&s->sniffer);
fail_counter:
	counter_free(&s->counter);
	return -1;
}

void scanner_free(struct scanner *s)
{
	int saved = errno;

	files_close(&s->files);
	decoder_free(s->decoder);
	s->decoder = NULL;
	gzip_piece_free(s->piece);
	s->piece = NULL;
	transcoding_free(&s->text);
	sniffer_free(&s->sniffer);
	reader_free(&s->reader);
	counter_free(&s->counter);
	errno = saved;
}

/* Nothing is counted yet. */
static void start_result(struct scanner *s, struct result *result)
{
	*result = (struct result){.kind = RESULT_COUNTED};
	if (s->counter.profiler)
		result->profile = profiler_start(s->counter.profiler);
}

/* ---- pieces ---- */

/* A piece of an exact range whose bytes alone are wanted: see skip_bytes(). */
static bool size_is_believed(const struct task *task)
{
	long page = sysconf(_SC_PAGESIZE);

	return task->end != READER_TO_EOF && task->end <= task->size &&
	       task->size % (uint64_t)(page > 0 ? page : 4096) != 0;
}

static void count_piece(struct scanner *s, const struct task *task, int fd, struct result *result)
{
	enum reader_strategy strategy =
		task->no_mmap || task->form != ENCODING_NONE || task->bom_length > 0 ? READER_PREAD
										     : READER_AUTO;
	uint64_t begin = task->begin, end = task->end;

	s->reader.before = task->before;
	if (task->kind == TASK_SNIFF && task->format == FORMAT_PLAIN) {
		(void)content_sniff_file(s, fd, begin, result);
		return;
	}
	if (task->format != FORMAT_PLAIN) {
		if (task->entry == ENTRY_RELAY)
			relay_run(s, task, fd, result);
		else if (task->entry == ENTRY_SEEK)
			seek_run(s, task, fd, result);
		else
			decompress_piece(s, task, fd, result);
		return;
	}
	content_resume(s, task->form, task->bom_length);
	if (s->config->only_bytes && size_is_believed(task)) {
		result->tally.bytes = end - begin;
		return;
	}
	enum borders borders = borders_move(s, task, fd, strategy, &begin, &end);
	if (borders == BORDERS_ERROR)
		result->read_error = errno;
	if (borders != BORDERS_SET) {
		result->met_end = borders == BORDERS_EMPTY && s->reader.met_end;
		return;
	}
	reader_start(&s->reader, fd, strategy, begin, end, task->size);
	if (task->sparse)
		reader_skip_holes(&s->reader);
	content_count(s, result);
	content_end(s, result);
}

/* ---- whole files ---- */

/*
 * The bytes of a regular file without reading all of it, from its present offset (WC: the size is
 * believed unless it is a multiple of the page size, as in /proc and /sys; then all but the last
 * block is). Leaves the offset where reading has to go on. Is it complete, with nothing left to
 * read?
 */
static bool skip_bytes(int fd, const struct stat *st, uint64_t *bytes)
{
	off_t at = lseek(fd, 0, SEEK_CUR);

	if (at < 0 || !S_ISREG(st->st_mode))
		return false;
	long page = sysconf(_SC_PAGESIZE);
	bool whole = st->st_size % (page > 0 ? page : 4096) != 0;
	off_t block = st->st_blksize > 0 ? st->st_blksize : 512;
	off_t target = whole ? st->st_size : st->st_size - st->st_size % (block + 1);
	if (target <= at || lseek(fd, target, SEEK_SET) != target)
		return false;
	*bytes = (uint64_t)(target - at);
	return whole;
}

/* Are large holes to be skipped? A second reader gets them, too. */
static bool skips_holes(const struct scanner *s, const struct stat *st)
{
	return holes_are_in(st) && !s->config->pass &&
	       (uint64_t)st->st_size > s->reader.buffer_size;
}

/*
 * From the present offset on, which moves as a stream is read. Is it read at offsets? Then the
 * present one is to be set afterwards.
 */
static bool start_stream(struct scanner *s, int fd, const struct stat *st)
{
	/* Files of /proc say that they are empty. */
	bool uncached =
		s->reader.uncached && S_ISREG(st->st_mode) && st->st_size > 0 && !s->config->pass;
	off_t at = skips_holes(s, st) || uncached ? lseek(fd, 0, SEEK_CUR) : -1;

	s->reader.before = uncached ? uncached_survey(fd, (uint64_t)st->st_size) : CACHED_UNKNOWN;
	if (at >= 0)
		reader_start(&s->reader, fd, READER_PREAD, (uint64_t)at, READER_TO_EOF,
		             (uint64_t)st->st_size);
	else
		reader_start(&s->reader, fd, READER_STREAM, 0, READER_TO_EOF, 0);
	return at >= 0;
}

/* The rest of a stream whose bytes alone are wanted. */
static void skip_stream(struct scanner *s, struct result *result)
{
	int64_t n;

	while ((n = reader_skip(&s->reader)) > 0) {
		result->tally.bytes += (uint64_t)n;
		relaxed_add(&s->stats->bytes, (uint64_t)n);
	}
	if (n < 0)
		result->read_error = errno;
	result->met_end = s->reader.met_end;
}

/* What is left of a stream that was not counted to its end is the second reader's all the same. */
static void pass_rest(struct scanner *s, struct result *result)
{
	int64_t n = 0;

	if (!s->config->pass || result->read_error)
		return;
	while ((n = reader_skip(&s->reader)) > 0)
		relaxed_add(&s->stats->bytes, (uint64_t)n);
	if (n < 0)
		result->read_error = errno;
}

/*
 * Reads the stream, and counts what is in it. True: it is a pipe, and what is left of it can be
 * counted by turns.
 */
static bool count_stream(struct scanner *s, int fd, const struct stat *st, bool may_share,
                         struct result *result)
{
	bool more = false;
	bool plain = s->config->decompress == FORMAT_PLAIN;
	bool unseen = s->config->only_bytes && plain && s->sniffer.size == 0;

	content_begin(s);
	bool placed = start_stream(s, fd, st);
	if (unseen && (S_ISFIFO(st->st_mode) || s->config->pass)) {
		skip_stream(s, result);
	} else if (plain || !decompress_stream(s, result)) {
		if (skips_holes(s, st))
			reader_skip_holes(&s->reader);
		if (may_share && S_ISFIFO(st->st_mode) && !s->config->pass)
			more = turns_precede(s, result);
		else
			content_count(s, result);
	}
	content_end(s, result);
	pass_rest(s, result);
	uncached_sweep(fd, 0, READER_TO_EOF, s->reader.before);
	if (placed)
		(void)lseek(fd, (off_t)s->reader.offset, SEEK_SET);
	return more;
}

bool scan_stream(struct scanner *s, int fd, const struct stat *st, bool may_share,
                 struct result *result)
{
	start_result(s, result);
	s->sniff_only = false;
	uint64_t start = clock_now_ns(), before = s->stats->bytes;

	bool done = false, more = false;
	enum format format;
	bool believed = s->config->only_bytes && s->sniffer.size == 0 && S_ISREG(st->st_mode) &&
	                !s->config->pass;
	off_t at = believed ? lseek(fd, 0, SEEK_CUR) : -1;
	if (at >= 0 && scan_sniff_file(s, fd, (uint64_t)at, &format, &result->note) != 0) {
		result->read_error = errno;
		done = true;
	} else if (at >= 0 && format == FORMAT_PLAIN) {
		done = skip_bytes(fd, st, &result->tally.bytes);
	}
	if (!done)
		more = count_stream(s, fd, st, may_share, result);
	s->stats->busy_ns += clock_now_ns() - start;
	s->stats->pieces++;
	if (!S_ISREG(st->st_mode))
		s->stats->streamed += s->stats->bytes - before;
	return more;
}

/*
 * Can all of a small file be read by one read(2), as it can if it has the size that stat() has
 * said? Then it is counted, with four system calls in place of six; else the offset is where it
 * was.
 */
static bool count_at_once(struct scanner *s, uint64_t size, int fd, struct result *result)
{
	const unsigned char *bytes;
	int64_t n;

	if ((s->config->only_bytes && s->config->decompress == FORMAT_PLAIN) || size == 0 ||
	    size >= s->reader.buffer_size)
		return false;
	if (content_is_not_text(s, fd, size, result))
		return true;
	reader_start(&s->reader, fd, READER_PREAD, 0, READER_TO_EOF, size);
	n = reader_next(&s->reader, &bytes);
	if (n < 0 || (uint64_t)n != size)
		return false;
	/*
	 * What file systems make up is a whole number of pages, as in /sys: a read may bring that
	 * and no end. Another size that lies, and a read that for no reason ends just there, would
	 * be believed: to ask for the end every time takes longer than that is likely.
	 */
	if (size % 4096 == 0 && reader_next(&s->reader, &bytes) != 0)
		return false;
	enum format format = s->config->decompress == FORMAT_PLAIN
	                             ? FORMAT_PLAIN
	                             : decompress_sniff(s, bytes, (size_t)n, &result->note);
	if (format != FORMAT_PLAIN) {
		decompress_block(s, format, bytes, (size_t)n, result);
		return true;
	}
	relaxed_add(&s->stats->bytes, (uint64_t)n);
	content_whole(s, bytes, (size_t)n, result);
	return true;
}

/* The size of an open file that nobody has asked for. False: it is not to be counted here. */
static bool ask_size(const struct task *task, int fd, uint64_t *size, struct result *result)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		result->kind = RESULT_DEFERRED;
		return false;
	}
	*size = (uint64_t)st.st_size;
	if (*size > task->large)
		result->kind = RESULT_LARGE;
	return *size <= task->large;
}

static void count_file(struct scanner *s, const struct task *task, uint64_t now,
                       struct result *result)
{
	uint64_t size = task->size;
	struct stat st;
	enum format format;
	int fd = files_open(&s->files, task, now);

	s->reader.before = CACHED_UNKNOWN;
	if (fd < 0) {
		result->open_error = errno;
		/*
		 * The coordinator holds more of them for others; when all before this is counted
		 * there is one.
		 */
		if (errno == EMFILE || errno == ENFILE)
			result->kind = RESULT_DEFERRED;
		return;
	}
	if (size == SIZE_UNKNOWN && !ask_size(task, fd, &size, result)) {
		/* The result says why. */
	} else if (count_at_once(s, size, fd, result)) {
		/* Most small files end here. */
	} else if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		result->kind = RESULT_DEFERRED;
	} else if (scan_sniff_file(s, fd, 0, &format, &result->note) != 0) {
		result->read_error = errno;
	} else if (format != FORMAT_PLAIN) {
		s->reader.before = uncached_survey(fd, (uint64_t)st.st_size);
		decompress_file(s, task, format, fd, result);
	} else if (!content_sniff_file(s, fd, 0, result)) {
		/* Not to be counted, or not to be read. */
	} else if (!(s->config->only_bytes && skip_bytes(fd, &st, &result->tally.bytes))) {
		bool big = (uint64_t)st.st_size > s->reader.buffer_size && !s->config->only_bytes;
		bool plain = !task->no_mmap && !content_is_filtered(s);
		s->reader.before = uncached_survey(fd, (uint64_t)st.st_size);
		bool stream = !big && !(s->reader.uncached && st.st_size > 0);
		enum reader_strategy strategy = stream  ? READER_STREAM
		                                : plain ? READER_AUTO
		                                        : READER_PREAD;
		reader_start(&s->reader, fd, strategy, 0, READER_TO_EOF, (uint64_t)st.st_size);
		if (big && holes_are_in(&st))
			reader_skip_holes(&s->reader);
		content_count(s, result);
		content_end(s, result);
	}
	uncached_sweep(fd, 0, READER_TO_EOF, s->reader.before);
	close(fd); /* only read from: nothing can be lost */
}

void scan_task(struct scanner *s, const struct task *task, struct result *result)
{
	uint64_t start = clock_now_ns();

	start_result(s, result);
	s->sniff_only = task->kind == TASK_SNIFF;
	if (task->kind == TASK_FILE) {
		count_file(s, task, start, result);
	} else {
		int fd = files_of_piece(&s->files, task);
		if (fd >= 0 && task->kind == TASK_TURN)
			turns_run(s, task, fd, result);
		else if (fd >= 0)
			count_piece(s, task, fd, result);
		else
			result->kind = RESULT_DEFERRED;
	}
	s->stats->busy_ns += clock_now_ns() - start;
	s->stats->pieces++;
	s->stats->mapped = s->reader.mapped_bytes;
	s->stats->redone = s->reader.redone;
	s->stats->by_kernel = s->reader.uncached_sum.by_kernel;
	s->stats->by_advice = s->reader.uncached_sum.by_advice;
}
