/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks that are read, to the kernel, with no task and no sniffing. */
#include "base/base.h"
#include "count/nuls.h"
#include "scan/append.h"
#include "source/reader.h"

#include <errno.h>
#include <stdlib.h>

struct append_scanner {
	struct reader reader;
	struct counter counter;
};

struct append_scanner *append_scanner_new(const struct counter *counter)
{
	struct append_scanner *a = calloc(1, sizeof *a);

	if (!a)
		return NULL;
	if (counter_copy(&a->counter, counter) != 0)
		goto fail;
	if (reader_init(&a->reader) == 0)
		return a;
	counter_free(&a->counter);
fail:
	free(a);
	return NULL;
}

void append_scanner_free(struct append_scanner *a)
{
	if (!a)
		return;
	reader_free(&a->reader);
	counter_free(&a->counter);
	free(a);
}

/* Counts the next block; what reader_next() has returned. */
static int64_t count_block(struct append_scanner *a, struct tally *tally)
{
	const unsigned char *bytes;
	int64_t n = reader_next(&a->reader, &bytes);

	/* A kernel goes on in the middle of a word, a line or a character, in all charsets. */
	if (n > 0 && !bytes)
		counter_add_nuls(&a->counter, tally, (uint64_t)n);
	else if (n > 0)
		a->counter.count(&a->counter, tally, bytes, (size_t)n);
	return n;
}

int append_range(struct append_scanner *a, int fd, uint64_t begin, uint64_t end,
                 struct tally *tally)
{
	int64_t n;

	if (a->counter.needs == 0) {
		tally->bytes += end - begin; /* bytes alone: the size is believed */
		return 0;
	}
	/* Not mapped: who appends may also truncate. */
	reader_start(&a->reader, fd, READER_PREAD, begin, end, end);
	if (end - begin > a->reader.buffer_size)
		reader_skip_holes(&a->reader);
	while ((n = count_block(a, tally)) > 0)
		continue;
	return n < 0 ? -1 : 0;
}

int append_stream(struct append_scanner *a, int fd, struct tally *tally)
{
	reader_start(&a->reader, fd, READER_STREAM, 0, READER_TO_EOF, 0);
	int64_t n = count_block(a, tally);

	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 1;
	return n > 0 ? 1 : (int)n;
}
