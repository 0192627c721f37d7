/* SPDX-License-Identifier: BSD-2-Clause */
/* Counting on where a tally has ended: blocks that are read, to the kernel. */
#include "base/base.h"
#include "engine/growth.h"
#include "source/reader.h"

#include <errno.h>
#include <stdlib.h>

struct growth {
	struct reader reader;
	struct counter counter;
};

struct growth *growth_new(const struct counter *counter)
{
	struct growth *g = calloc(1, sizeof *g);

	if (!g)
		return NULL;
	if (counter_copy(&g->counter, counter) != 0)
		goto fail;
	if (reader_init(&g->reader) == 0)
		return g;
	counter_free(&g->counter);
fail:
	free(g);
	return NULL;
}

void growth_free(struct growth *g)
{
	if (!g)
		return;
	reader_free(&g->reader);
	counter_free(&g->counter);
	free(g);
}

/* Counts the next block; what reader_next() has returned. */
static ssize_t count_block(struct growth *g, struct tally *tally)
{
	const unsigned char *bytes;
	ssize_t n = reader_next(&g->reader, &bytes);

	/* A kernel goes on in the middle of a word, a line or a character, in all charsets. */
	if (n > 0)
		g->counter.count(&g->counter, tally, bytes, (size_t)n);
	return n;
}

int growth_append(struct growth *g, int fd, uint64_t begin, uint64_t end, struct tally *tally)
{
	ssize_t n;

	if (g->counter.needs == 0) {
		tally->bytes += end - begin; /* bytes alone: the size is believed */
		return 0;
	}
	/* Not mapped: who appends may also truncate. */
	reader_start(&g->reader, fd, READER_PREAD, begin, end, end);
	while ((n = count_block(g, tally)) > 0)
		continue;
	return n < 0 ? -1 : 0;
}

int growth_read(struct growth *g, int fd, struct tally *tally)
{
	reader_start(&g->reader, fd, READER_STREAM, 0, READER_TO_EOF, 0);
	ssize_t n = count_block(g, tally);

	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 1;
	return n > 0 ? 1 : (int)n;
}
