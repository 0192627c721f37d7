/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks of a file: mmap windows or pread, whichever this machine does faster on this file. */
#include "base/base.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/fd.h"
#include "source/guard.h"
#include "source/holes.h"
#include "source/page_cache.h"
#include "source/pipe.h"
#include "source/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	/* Half of a core's L2 on current servers: copied in, counted, and overwritten in cache. */
	BUFFER_SIZE = 1 << 20,
	/*
	 * Larger windows gain nothing; smaller ones pay more for mmap, munmap and TLB shootdowns.
	 */
	WINDOW_SIZE = 16 << 20,
	/* Below this a mapping costs more than it saves. */
	WINDOW_MIN = 1 << 20,
	/* The number of blocks that each strategy is tried on before the cheaper one is chosen. */
	SAMPLES = 4,
	SAMPLE_SIZE = 4 << 20, /* of a window that is a trial */
	/*
	 * A smaller hole is read: to ask where it ends takes as long. After a hole blocks are this
	 * small, then twice as large each, so that little is read of the next hole.
	 */
	HOLE_MIN = 64 << 10,
	/* Of what was taken from a stream: half of L2, and a quarter of a pipe of 1 MiB. */
	TAKEN_BLOCK = 256 << 10,
	PAGE = 4096, /* offsets are rounded to sysconf(_SC_PAGESIZE) where it matters */
};

static size_t page_size(void)
{
	static size_t size;

	if (size == 0) {
		long answer = sysconf(_SC_PAGESIZE);
		size = answer > 0 ? (size_t)answer : PAGE;
	}
	return size;
}

int reader_init(struct reader *r)
{
	bool uncached = uncached_is_wanted();

	*r = (struct reader){
		.fd = -1,
		.null = -1,
		.uncached = uncached,
		.buffer_size = uncached ? UNCACHED_UNIT : BUFFER_SIZE,
	};
	(void)page_size(); /* asked before there are threads */
	/* mmap, so that the buffer is page aligned and costs nothing until it is used. */
	void *buffer = mmap(NULL, r->buffer_size, PROT_READ | PROT_WRITE,
	                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (buffer == MAP_FAILED)
		return -1;
	r->buffer = buffer;
	return guard_install();
}

static void drop_map(struct reader *r)
{
	if (r->map)
		munmap(r->map, r->map_size);
	r->map = NULL;
}

void reader_free(struct reader *r)
{
	int saved = errno;

	drop_map(r);
	if (r->buffer)
		munmap(r->buffer, r->buffer_size);
	r->buffer = NULL;
	if (r->null >= 0)
		close(r->null);
	r->null = -1;
	errno = saved;
}

void reader_start(struct reader *r, int fd, enum reader_strategy strategy, uint64_t offset,
                  uint64_t end, uint64_t size)
{
	r->fd = fd;
	r->strategy = r->uncached && strategy == READER_AUTO ? READER_PREAD : strategy;
	r->offset = offset;
	r->end = end;
	r->size = size;
	r->no_map_end = 0;
	r->block_size = 0;
	r->met_end = false;
	r->sparse = r->was_full = false;
	r->at_once = r->buffer_size;
	r->slice = offset;
	r->reads = 0;
}

void reader_next_slice(struct reader *r, uint64_t n)
{
	r->slice = r->offset;
	r->end = r->offset + n;
	r->reads = 0;
}

bool reader_has_slice(const struct reader *r)
{
	return r->offset >= r->end;
}

bool reader_was_waited_for(const struct reader *r)
{
	return r->was_full && (r->offset - r->slice) / PIPE_BLOCK * 2 >= r->reads;
}

void reader_start_taken(struct reader *r, int fd, uint64_t n)
{
	reader_start(r, fd, READER_STREAM, 0, n, 0);
	r->was_full = true; /* it is as large as it can be */
	r->at_once = TAKEN_BLOCK;
}

void reader_skip_holes(struct reader *r)
{
	r->sparse = r->strategy != READER_STREAM;
	r->block_most = r->buffer_size;
}

/* The time since the block was asked for is that of reading and of counting it, for both
 * strategies. */
static void learn(struct reader *r)
{
	if (r->block_size < WINDOW_MIN || !r->warm || r->strategy != READER_AUTO)
		return;
	struct reader_rate *rate = r->map ? &r->map_rate : &r->pread_rate;
	double cost = (double)(clock_now_ns() - r->since_ns) / (double)r->block_size;
	if (rate->samples == 0 || cost < rate->ns_per_byte)
		rate->ns_per_byte = cost;
	rate->samples++;
}

/* Is mapping the cheaper strategy, as far as is known? First each is tried. */
static bool mapping_pays(const struct reader *r)
{
	if (r->pread_rate.samples < SAMPLES)
		return false;
	if (r->map_rate.samples < SAMPLES)
		return true;
	return r->map_rate.ns_per_byte < r->pread_rate.ns_per_byte;
}

/* How many bytes the next window may have; 0: read, do not map. */
static size_t window_length(const struct reader *r)
{
	if (r->strategy != READER_AUTO || r->offset < r->no_map_end || !mapping_pays(r))
		return 0;
	uint64_t end = min_u64(r->end, r->size);
	if (r->sparse)
		end = min_u64(end, r->offset + r->block_most);
	if (r->sparse && r->block_most < SAMPLE_SIZE)
		return 0;
	if (end <= r->offset || end - r->offset < WINDOW_MIN)
		return 0;
	size_t most = r->map_rate.samples < SAMPLES ? SAMPLE_SIZE : WINDOW_SIZE;
	size_t n = (size_t)min_u64(end - r->offset, most);
	/*
	 * Faults on a cold mapping read a few pages each; pread brings readahead. Three samples
	 * tell cold from warm well enough: a wrong guess only costs time. The last one also tells
	 * whether the file still reaches there.
	 */
	if (!page_cache_has(r->fd, r->offset) || !page_cache_has(r->fd, r->offset + n / 2) ||
	    !page_cache_is_at_hand(r->fd, r->offset + n - 1))
		return 0;
	return n;
}

static ssize_t next_window(struct reader *r, size_t n, const unsigned char **bytes)
{
	size_t skip = (size_t)(r->offset % page_size());
	void *map = mmap(NULL, n + skip, PROT_READ, MAP_SHARED, r->fd, (off_t)(r->offset - skip));

	if (map == MAP_FAILED) {
		r->strategy = READER_PREAD; /* a file system without mappings, or no address space
		                             */
		return -1;
	}
	r->map = map;
	r->map_size = n + skip;
	r->offset += n;
	r->map_end = r->offset;
	r->block_size = n;
	r->warm = true;
	*bytes = r->map + skip;
	return (ssize_t)n;
}

/*
 * The stream has brought n bytes at once. Fewer, larger reads pay: a pipe of 1 MiB carries
 * about 1.5 times what one of 64 KiB does.
 */
static void grow(struct reader *r, int64_t n)
{
	if (n < PIPE_USUAL || r->was_full)
		return;
	r->was_full = true;
	if (pipe_capacity(r->fd) == 0)
		return;
	pipe_grow(r->fd);
	r->at_once = PIPE_BLOCK;
}

static ssize_t read_stream(struct reader *r)
{
	if (r->pass) {
		verify(r->fd == r->pass->in);
		return passthrough_read(r->pass, r->buffer, r->buffer_size);
	}
	ssize_t n = read_some(r->fd, r->buffer, r->at_once);
	grow(r, n);
	return n;
}

static ssize_t read_at(struct reader *r, size_t n)
{
	if (r->uncached)
		return uncached_pread(r->fd, r->buffer, n, r->offset, r->before, &r->uncached_sum);
	return pread(r->fd, r->buffer, n, (off_t)r->offset);
}

static ssize_t next_read(struct reader *r, const unsigned char **bytes)
{
	size_t want = r->buffer_size;
	ssize_t n;

	if (r->strategy == READER_STREAM && (r->met_end || r->offset >= r->end))
		return 0;
	if (r->sparse)
		want = (size_t)min_u64(want, r->block_most);
	if (r->strategy != READER_STREAM)
		want = (size_t)min_u64(want, min_u64(r->end, OFFSET_MOST) - r->offset);
	if (r->strategy != READER_STREAM && r->uncached)
		want = (size_t)min_u64(want, UNCACHED_UNIT - r->offset % UNCACHED_UNIT);
	if (want == 0)
		return 0;
	r->warm = r->strategy == READER_AUTO &&
	          page_cache_has(r->fd, r->offset + min_u64(want, r->size) / 2);
	do {
		n = r->strategy == READER_STREAM ? read_stream(r) : read_at(r, want);
	} while (n < 0 && errno == EINTR);
	if (n > 0) {
		r->offset += (uint64_t)n;
		r->block_size = (size_t)n;
		r->reads++;
	}
	r->met_end = n == 0;
	*bytes = r->buffer;
	return n;
}

/*
 * The hole that the next byte lies in: as much of it as is in the range; 0: none, or a small one.
 */
static uint64_t next_hole(struct reader *r)
{
	if (!r->sparse || r->offset >= OFFSET_MOST)
		return 0;
	uint64_t end = min_u64(holes_data_from(r->fd, r->offset), r->end);
	if (end < r->offset + HOLE_MIN) {
		r->block_most = (size_t)min_u64(2 * (uint64_t)r->block_most, WINDOW_SIZE);
		return 0;
	}
	uint64_t n = end - r->offset;
	r->offset = end;
	r->block_most = HOLE_MIN;
	return n;
}

int64_t reader_next(struct reader *r, const unsigned char **bytes)
{
	learn(r);
	drop_map(r);
	r->block_size = 0;
	uint64_t hole = next_hole(r);
	if (hole > 0) {
		*bytes = NULL;
		return (int64_t)hole;
	}
	if (r->strategy == READER_AUTO)
		r->since_ns = clock_now_ns();
	size_t window = window_length(r);
	if (window > 0) {
		ssize_t n = next_window(r, window, bytes);
		if (n > 0)
			return n;
	}
	ssize_t n = next_read(r, bytes);
	if (n < 0)
		r->end = r->offset;
	return n;
}

/*
 * Bytes; or, where that is not the way or there are no more, 0 or less. What is small is read in
 * less time.
 */
static ssize_t splice_away(struct reader *r)
{
	if (r->offset < PIPE_USUAL)
		return 0;
	if (r->null < 0)
		r->null = pipe_open_null();
	FAULT("splice");
	return r->null >= 0 ? pipe_splice(r->fd, r->null) : -1;
}

bool reader_was_cut(const struct reader *r)
{
	return r->pass && r->pass->error;
}

int64_t reader_skip(struct reader *r)
{
	const unsigned char *bytes;
	int64_t n;

	if (r->met_end)
		return 0;
	if (r->pass) {
		n = passthrough_skip(r->pass, r->buffer, r->buffer_size);
		r->met_end = n == 0;
		return n;
	}
	n = splice_away(r);
	grow(r, n);
	return n > 0 ? n : reader_next(r, &bytes);
}

int reader_visit(struct reader *r, void (*fn)(void *arg), void *arg)
{
	struct stat st;

	if (!r->map) {
		fn(arg);
		return 0;
	}
	/*
	 * Truncation raises SIGBUS beyond the new last page; within that page zeros appear and
	 * nothing is raised, so the size is asked again.
	 */
	if (guard_call(fn, arg, r->map, r->map_size) == 0 && fstat(r->fd, &st) == 0 &&
	    (uint64_t)st.st_size >= r->map_end) {
		r->mapped_bytes += r->block_size;
		return 0;
	}
	r->no_map_end = r->map_end;
	r->offset = r->map_end - r->block_size;
	r->block_size = 0;
	r->redone++;
	return -1;
}
