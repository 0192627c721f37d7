/* SPDX-License-Identifier: BSD-2-Clause */
/* Tasks done: open, read block by block, count, and say what happened. */
#include "base/base.h"
#include "base/clock.h"
#include "base/fd.h"
#include "count/profiler.h"
#include "base/fault.h"
#include "engine/handover.h"
#include "engine/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { PIPE_SIZE = 1 << 20 }; /* what /proc/sys/fs/pipe-max-size allows everybody */

int worker_init(struct worker *w, unsigned number, const struct engine_config *config,
                bool owns_fds, struct worker_stats *stats)
{
	*w = (struct worker){
		.number = number,
		.only_bytes = config->only_bytes,
		.owns_fds = owns_fds,
		.remote = config->remote != NULL,
		.decompress = config->decompress,
		.memory_limit = config->memory_limit,
		.stats = stats,
		.kept_fd = -1,
		.ask_fd = -1,
		.given_fd = -1,
	};
	if (counter_copy(&w->counter, config->counter) != 0)
		return -1;
	if (content_init(w, config) != 0)
		goto fail_counter;
	if (reader_init(&w->reader) == 0)
		return 0;
	content_free(w);
fail_counter:
	counter_free(&w->counter);
	return -1;
}

void worker_free(struct worker *w)
{
	int saved = errno;

	if (w->kept_fd >= 0)
		close(w->kept_fd);
	w->kept_fd = -1;
	folder_close(&w->folder);
	decoder_free(w->decoder);
	w->decoder = NULL;
	content_free(w);
	reader_free(&w->reader);
	counter_free(&w->counter);
	errno = saved;
}

/* Nothing is counted yet. */
static void start_result(struct worker *w, struct result *result)
{
	*result = (struct result){.kind = RESULT_COUNTED};
	if (w->counter.profiler)
		result->profile = profiler_start(w->counter.profiler);
}

/* The block in hand, as an argument of reader_look(). */
struct look {
	struct worker *worker;
	struct tally *tally;
	const unsigned char *bytes;
	size_t n;
};

static void look_and_count(void *arg)
{
	struct look *look = arg;
	struct counter *c = &look->worker->counter;

	c->count(c, look->tally, look->bytes, look->n);
}

/* Counts block by block what the reader has been turned to. */
static void count_range(struct worker *w, struct result *result)
{
	const unsigned char *bytes;
	ssize_t n;

	while ((n = reader_next(&w->reader, &bytes)) > 0) {
		struct tally before = result->tally;
		struct profiler *profiler = w->counter.profiler;
		struct look look = {w, &result->tally, bytes, (size_t)n};
		FAULT("count");
		if (content_is_taken(w)) {
			worker_has_read(w, (uint64_t)n);
			if (!content_take(w, bytes, (size_t)n, result))
				return;
			continue;
		}
		if (profiler)
			profiler_keep(profiler);
		if (reader_look(&w->reader, look_and_count, &look)) {
			worker_has_read(w, (uint64_t)n);
			continue;
		}
		result->tally = before; /* the file shrank: the reader brings this place again */
		if (profiler)
			profiler_restore(profiler);
	}
	if (n < 0)
		result->read_error = errno;
}

/* ---- pieces in charsets that can be cut only behind a line feed ---- */

struct find {
	const unsigned char *bytes;
	size_t n;
	const unsigned char *lf;
};

static void look_for_lf(void *arg)
{
	struct find *find = arg;

	find->lf = memchr(find->bytes, '\n', find->n);
}

/*
 * The offset behind the first LF in [begin, end), or `end` + 1 if there is none, or UINT64_MAX and
 * errno if reading failed.
 */
static uint64_t behind_lf(struct worker *w, int fd, enum reader_way way, uint64_t begin,
                          uint64_t end, uint64_t size)
{
	const unsigned char *bytes;
	uint64_t at = begin;
	ssize_t n;

	reader_start(&w->reader, fd, way, begin, end, size);
	while ((n = reader_next(&w->reader, &bytes)) > 0) {
		struct find find = {bytes, (size_t)n, NULL};
		if (!reader_look(&w->reader, look_for_lf, &find))
			continue;
		if (find.lf)
			return at + (uint64_t)(find.lf - bytes) + 1;
		at += (uint64_t)n;
	}
	if (n < 0)
		return UINT64_MAX;
	return end == READER_TO_EOF ? at : end + 1;
}

/*
 * Moves a nominal piece [begin, end) to the lines that are its own: from behind the first LF at
 * begin - 1 or later, to behind the first LF at end - 1 or later. If none lies in [begin - 1,
 * end - 1) the piece is empty: an earlier one goes on through it. Both neighbours look at the same
 * bytes and so agree. False: the piece is empty, or reading failed (result->read_error).
 */
static bool move_to_lines(struct worker *w, const struct task *task, int fd, enum reader_way way,
                          uint64_t *begin, uint64_t *end, struct result *result)
{
	*begin = task->begin;
	*end = task->end;
	if (task->begin > task->origin) {
		uint64_t last = task->end == READER_TO_EOF ? READER_TO_EOF : task->end - 1;
		*begin = behind_lf(w, fd, way, task->begin - 1, last, task->size);
		if (*begin != UINT64_MAX && *begin > last)
			return false;
	}
	if (*begin != UINT64_MAX && task->end != READER_TO_EOF)
		*end = behind_lf(w, fd, way, task->end - 1, READER_TO_EOF, task->size);
	if (*begin == UINT64_MAX || (*end == UINT64_MAX && task->end != READER_TO_EOF)) {
		result->read_error = errno;
		return false;
	}
	return true;
}

bool worker_cuts_anywhere(const struct counter *c)
{
	return c->cs->class != CHARSET_MULTI || (c->needs & ~(unsigned)NEED_LINES) == 0;
}

/* A piece of an exact range whose bytes alone are wanted: see skip_bytes(). */
static bool size_is_believed(const struct task *task)
{
	long page = sysconf(_SC_PAGESIZE);

	return task->end != READER_TO_EOF && task->end <= task->size &&
	       task->size % (uint64_t)(page > 0 ? page : 4096) != 0;
}

/*
 * Moves a cut of UTF-16 text behind the pair whose halves it would part. Both neighbours look at
 * the same bytes and so agree. False and errno: they cannot be read, and perhaps by the neighbour
 * can.
 */
static bool move_behind_pair(const struct task *task, int fd, uint64_t *at)
{
	unsigned char b[4];
	bool big = task->form == ENCODING_UTF16BE;

	if (*at == task->origin || *at == READER_TO_EOF)
		return true;
	ssize_t n = peek_file(fd, *at - 2, b, sizeof b);
	if (n == sizeof b && (b[!big] & 0xFC) == 0xD8 && (b[2 + !big] & 0xFC) == 0xDC)
		*at += 2;
	return n >= 0;
}

static void count_piece(struct worker *w, const struct task *task, int fd, struct result *result)
{
	enum reader_way way =
		task->careful || task->form != ENCODING_NONE ? READER_PREAD : READER_AUTO;
	uint64_t begin = task->begin, end = task->end;

	if (task->kind == TASK_LOOK && task->format == FORMAT_PLAIN) {
		(void)content_look_file(w, fd, begin, result);
		return;
	}
	if (task->format != FORMAT_PLAIN) {
		worker_unpack_file(w, task, task->format, fd, result);
		return;
	}
	content_resume(w, task->form, task->mark);
	if (w->only_bytes && size_is_believed(task)) {
		result->tally.bytes = end - begin;
		return;
	}
	if (!worker_cuts_anywhere(&w->counter) &&
	    !move_to_lines(w, task, fd, way, &begin, &end, result))
		return;
	bool pairs = task->format == FORMAT_PLAIN &&
	             (task->form == ENCODING_UTF16LE || task->form == ENCODING_UTF16BE);
	if (pairs && !(move_behind_pair(task, fd, &begin) && move_behind_pair(task, fd, &end))) {
		result->read_error = errno;
		return;
	}
	reader_start(&w->reader, fd, way, begin, end, task->size);
	count_range(w, result);
	content_end(w, result);
}

/* Opens the task's file, or has it opened. `now`: see folder_open(). */
static int open_file(struct worker *w, const struct task *task, uint64_t now)
{
	if (w->ask_fd >= 0) {
		if (!handover_ask(w->ask_fd, w->seq))
			return -1;
		ledger_news(w->ledger);
		return handover_take(w->ask_fd);
	}
	if (w->sandboxed) {
		errno = w->given_error;
		return w->given_fd;
	}
	/* Not to hang on a FIFO that has taken the place of the file seen before. */
	return task->path
	               ? folder_open(&w->folder, task->path, O_RDONLY | O_NONBLOCK | O_NOCTTY, now)
	               : -1;
}

/*
 * A descriptor for the piece's file: the owner's, or our own on the same file. -1: the path no
 * longer leads there.
 */
static int piece_fd(struct worker *w, const struct task *task)
{
	struct stat st;

	if (w->owns_fds || (task->fd == STDIN_FILENO && !w->remote))
		return task->fd;
	if (w->kept_fd >= 0 && w->kept_dev == task->dev && w->kept_ino == task->ino)
		return w->kept_fd;
	if (w->kept_fd >= 0)
		close(w->kept_fd);
	w->kept_fd = open_file(w, task, clock_now_ns());
	if (w->kept_fd < 0)
		return -1;
	bool same = fstat(w->kept_fd, &st) == 0 && st.st_ino == task->ino &&
	            (w->remote ? (uint64_t)st.st_size >= task->size : st.st_dev == task->dev);
	if (!same) {
		close(w->kept_fd);
		w->kept_fd = -1;
		return -1;
	}
	w->kept_dev = task->dev;
	w->kept_ino = task->ino;
	return w->kept_fd;
}

/* ---- whole files ---- */

/*
 * The bytes of a regular file without reading all of it, from its present offset (WC: the size is
 * believed unless it is a multiple of the page size, as in /proc and /sys; then all but the last
 * block is). Leaves the offset where reading has to go on; true if nothing is left to be read.
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

void worker_do_stream(struct worker *w, int fd, const struct stat *st, struct result *result)
{
	start_result(w, result);
	w->look_only = false;
	uint64_t start = clock_now_ns(), before = w->stats->bytes;

	/* Fewer, larger reads: a pipe of 1 MiB carries about 1.5 times what one of 64 KiB does. */
	if (S_ISFIFO(st->st_mode))
		(void)fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
	bool done = false;
	enum format format;
	off_t at = w->only_bytes && w->look_size == 0 && S_ISREG(st->st_mode)
	                   ? lseek(fd, 0, SEEK_CUR)
	                   : -1;
	if (at >= 0 && !worker_sniff_file(w, fd, (uint64_t)at, &format)) {
		result->read_error = errno;
		done = true;
	} else if (at >= 0 && format == FORMAT_PLAIN) {
		done = skip_bytes(fd, st, &result->tally.bytes);
	}
	if (!done) {
		content_begin(w);
		reader_start(&w->reader, fd, READER_STREAM, 0, READER_TO_EOF, 0);
		if (w->decompress == FORMAT_PLAIN || !worker_unpack_stream(w, result))
			count_range(w, result);
		content_end(w, result);
	}
	w->stats->busy_ns += clock_now_ns() - start;
	w->stats->pieces++;
	if (!S_ISREG(st->st_mode))
		w->stats->streamed += w->stats->bytes - before;
}

/*
 * Reads all of a small file by one read(2), if it has the size that stat() has said: two system
 * calls of six saved. False: nothing is counted, and the offset is where it was.
 */
static bool count_at_once(struct worker *w, const struct task *task, int fd, struct result *result)
{
	const unsigned char *bytes;
	ssize_t n;

	if ((w->only_bytes && w->decompress == FORMAT_PLAIN) || task->size == 0 ||
	    task->size >= w->reader.buffer_size)
		return false;
	reader_start(&w->reader, fd, READER_PREAD, 0, READER_TO_EOF, task->size);
	n = reader_next(&w->reader, &bytes);
	if (n < 0 || (uint64_t)n != task->size)
		return false;
	/*
	 * What file systems make up is a whole number of pages, as in /sys: a read may bring that
	 * and no end. Another size that lies, and a read that for no reason ends just there, would
	 * be believed: to ask for the end every time takes longer than that is likely.
	 */
	if (task->size % 4096 == 0 && reader_next(&w->reader, &bytes) != 0)
		return false;
	enum format format =
		w->decompress == FORMAT_PLAIN ? FORMAT_PLAIN : worker_sniff(w, bytes, (size_t)n);
	if (format != FORMAT_PLAIN) {
		worker_unpack_block(w, format, bytes, (size_t)n, result);
		return true;
	}
	worker_has_read(w, (uint64_t)n);
	content_whole(w, bytes, (size_t)n, result);
	return true;
}

static void count_file(struct worker *w, const struct task *task, uint64_t now,
                       struct result *result)
{
	struct stat st;
	enum format format;
	int fd = open_file(w, task, now);

	if (fd < 0) {
		result->open_error = errno;
		/*
		 * The owner holds more descriptors for others; at its turn there is one for this.
		 */
		if (errno == EMFILE || errno == ENFILE)
			result->kind = RESULT_DEFERRED;
		return;
	}
	if (count_at_once(w, task, fd, result)) {
		/* Most small files end here. */
	} else if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		result->kind = RESULT_DEFERRED;
	} else if (!worker_sniff_file(w, fd, 0, &format)) {
		result->read_error = errno;
	} else if (format != FORMAT_PLAIN) {
		worker_unpack_file(w, task, format, fd, result);
	} else if (!content_look_file(w, fd, 0, result)) {
		/* Not to be counted, or not to be read. */
	} else if (!(w->only_bytes && skip_bytes(fd, &st, &result->tally.bytes))) {
		bool big = (uint64_t)st.st_size > w->reader.buffer_size && !w->only_bytes;
		bool plain = !task->careful && w->form == ENCODING_NONE;
		enum reader_way way = !big ? READER_STREAM : plain ? READER_AUTO : READER_PREAD;
		reader_start(&w->reader, fd, way, 0, READER_TO_EOF, (uint64_t)st.st_size);
		count_range(w, result);
		content_end(w, result);
	}
	close(fd); /* only read from: nothing can be lost */
}

void worker_do(struct worker *w, const struct task *task, struct result *result)
{
	uint64_t start = clock_now_ns();

	start_result(w, result);
	w->look_only = task->kind == TASK_LOOK;
	if (task->kind == TASK_KNOWN) {
		result->kind = RESULT_DEFERRED;
		return;
	}
	if (task->kind == TASK_FILE) {
		count_file(w, task, start, result);
	} else {
		int fd = piece_fd(w, task);
		if (fd >= 0)
			count_piece(w, task, fd, result);
		else
			result->kind = RESULT_DEFERRED;
	}
	w->stats->busy_ns += clock_now_ns() - start;
	w->stats->pieces++;
	w->stats->mapped = w->reader.mapped_bytes;
	w->stats->redone = w->reader.redone;
}

bool worker_step(struct worker *w, struct ledger *ledger, uint64_t most_ns)
{
	struct task task;
	struct result result;
	uint64_t seq, start = w->stats->busy_ns;
	bool done = false;

	do {
		if (!ledger_claim(ledger, w->number, &task, &seq))
			return done;
		w->seq = seq;
		worker_do(w, &task, &result);
		ledger_commit(ledger, w->number, seq, &result);
		done = true;
	} while (w->stats->busy_ns - start < most_ns);
	return true;
}

void worker_run(struct worker *w, struct ledger *ledger)
{
	struct task task;
	struct result result;
	uint64_t seq;

	while (ledger_claim_wait(ledger, w->number, &task, &seq)) {
		w->seq = seq;
		worker_do(w, &task, &result);
		ledger_commit(ledger, w->number, seq, &result);
	}
}
