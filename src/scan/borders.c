/* SPDX-License-Identifier: BSD-2-Clause */
/* Cuts moved past line feeds and surrogate pairs. */
#include "base/base.h"
#include "base/fd.h"
#include "scan/borders.h"

#include <errno.h>
#include <string.h>

struct find {
	const unsigned char *bytes;
	size_t n;
	const unsigned char *lf;
};

static void find_lf(void *arg)
{
	struct find *find = arg;

	find->lf = memchr(find->bytes, '\n', find->n);
}

/*
 * The offset after the first LF in [begin, end), or `end` + 1 if there is none, or UINT64_MAX and
 * errno if reading failed.
 */
static uint64_t after_lf(struct scanner *s, const struct task *task, int fd,
                         enum reader_strategy strategy, uint64_t begin, uint64_t end)
{
	const unsigned char *bytes;
	uint64_t at = begin;
	int64_t n;

	reader_start(&s->reader, fd, strategy, begin, end, task->size);
	if (task->sparse)
		reader_skip_holes(&s->reader);
	while ((n = reader_next(&s->reader, &bytes)) > 0) {
		struct find find = {bytes, (size_t)n, NULL};
		if (bytes && reader_visit(&s->reader, find_lf, &find) != 0)
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
 * Moves a nominal piece [begin, end) to the lines that are its own: from after the first LF at
 * begin - 1 or later, to after the first LF at end - 1 or later. If none lies in [begin - 1,
 * end - 1) the piece is empty: an earlier one goes on through it.
 */
static enum borders move_to_lines(struct scanner *s, const struct task *task, int fd,
                                  enum reader_strategy strategy, uint64_t *begin, uint64_t *end)
{
	if (task->begin > task->origin) {
		uint64_t last = task->end == READER_TO_EOF ? READER_TO_EOF : task->end - 1;
		*begin = after_lf(s, task, fd, strategy, task->begin - 1, last);
		if (*begin != UINT64_MAX && *begin > last)
			return BORDERS_EMPTY;
	}
	if (*begin != UINT64_MAX && task->end != READER_TO_EOF)
		*end = after_lf(s, task, fd, strategy, task->end - 1, READER_TO_EOF);
	bool failed = *begin == UINT64_MAX || (*end == UINT64_MAX && task->end != READER_TO_EOF);
	return failed ? BORDERS_ERROR : BORDERS_SET;
}

/* Moves a cut of UTF-16 text past the pair whose halves it would part. 0, or -1 and errno. */
static int move_past_pair(const struct task *task, int fd, uint64_t *at)
{
	unsigned char b[4];
	bool big = task->form == ENCODING_UTF16BE;

	if (*at == task->origin || *at == READER_TO_EOF)
		return 0;
	ssize_t n = peek_file(fd, *at - 2, b, sizeof b);
	if (n == sizeof b && (b[!big] & 0xFC) == 0xD8 && (b[2 + !big] & 0xFC) == 0xDC)
		*at += 2;
	return n >= 0 ? 0 : -1;
}

bool scan_cuts_anywhere(const struct counter *c)
{
	return c->cs->class != CHARSET_MULTI ||
	       (c->needs & ~(unsigned)(NEED_LINES | NEED_RECORDS)) == 0;
}

enum borders borders_move(struct scanner *s, const struct task *task, int fd,
                          enum reader_strategy strategy, uint64_t *begin, uint64_t *end)
{
	if (!scan_cuts_anywhere(&s->counter)) {
		enum borders moved = move_to_lines(s, task, fd, strategy, begin, end);
		if (moved != BORDERS_SET)
			return moved;
	}
	bool pairs = task->form == ENCODING_UTF16LE || task->form == ENCODING_UTF16BE;
	if (pairs && (move_past_pair(task, fd, begin) != 0 || move_past_pair(task, fd, end) != 0))
		return BORDERS_ERROR;
	return BORDERS_SET;
}
