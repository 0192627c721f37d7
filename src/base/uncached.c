/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux: RWF_DONTCACHE; else cachestat(2) or mincore(2) before, POSIX_FADV_DONTNEED after. */
#include "base/base.h"
#include "base/cachestat.h"
#include "base/pread_flags.h"
#include "base/uncached.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	/* Smaller reads are told not to read ahead: what that brings, nobody might ever read. */
	BULK_LEAST = 1 << 20,
	/* What is asked of mincore() at once, in pages: 16 MiB of 4 KiB pages. */
	WINDOW_PAGES = 4096,
	/* Readahead goes up to two windows beyond what is read; they have 8 MiB where they are
	 * large. */
	OVERSHOOT = 32 << 20,
	/* Tries to put out what is still being read, with a millisecond between them. */
	SWEEPS = 10,
};

static bool wanted;
static uid_t user; /* a sandbox may not let us ask later */

void uncached_want(void)
{
	wanted = true;
	user = geteuid();
}

bool uncached_is_wanted(void)
{
	return wanted;
}

/* ---- what is in memory ---- */

static uint64_t page_size(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE); /* the C library knows it without a call */
}

/* cachestat(2): pages of the range that are in memory, or -1 and errno. */
#ifdef SYS_cachestat
static int64_t cached_pages(int fd, uint64_t begin, uint64_t end)
{
	struct {
		uint64_t off, len;
	} range = {begin, end - begin};
	struct {
		uint64_t cached, dirty, writeback, evicted, recently_evicted;
	} pages;

	if (syscall(SYS_cachestat, fd, &range, &pages, 0) != 0)
		return -1;
	return (int64_t)pages.cached;
}
#else
static int64_t cached_pages(int fd UNUSED, uint64_t begin UNUSED, uint64_t end UNUSED)
{
	errno = ENOSYS;
	return -1;
}
#endif

/* mincore(2) of a range of WINDOW_PAGES at most: in[i] & 1 for page i. 0, or -1. */
static int pages_in_memory(int fd, uint64_t begin, uint64_t end, unsigned char *in)
{
	size_t length = (size_t)(end - begin);
	void *map = mmap(NULL, length, PROT_READ, MAP_SHARED, fd, (off_t)begin);

	if (map == MAP_FAILED)
		return -1;
	int status = mincore(map, length, in);
	munmap(map, length);
	return status;
}

static void advise(int fd, int advice)
{
	(void)posix_fadvise(fd, 0, 0, advice);
}

static void put_out(int fd, uint64_t begin, uint64_t end)
{
	if (end > begin)
		(void)posix_fadvise(fd, (off_t)begin, (off_t)(end - begin), POSIX_FADV_DONTNEED);
}

/* What these pages say; they are added to what is known of those before them. */
static enum cached_before add_pages(const unsigned char *in, size_t n, enum cached_before known,
                                    bool first)
{
	for (size_t i = 0; i < n; i++) {
		enum cached_before page = in[i] & 1 ? CACHED_ALL : CACHED_NONE;
		if (!first && page != known)
			return CACHED_UNKNOWN;
		known = page;
		first = false;
	}
	return known;
}

/* Does mincore() tell the truth? Of the files of others it says that all is in memory. */
static bool is_told(int fd)
{
	struct stat st;

	return user == 0 || (fstat(fd, &st) == 0 && st.st_uid == user);
}

/* Without cachestat(). The range is of whole pages. */
static enum cached_before survey_by_pages(int fd, uint64_t begin, uint64_t end)
{
	unsigned char in[WINDOW_PAGES];
	uint64_t page = page_size(), at = begin;
	enum cached_before known = CACHED_NONE;

	if (!is_told(fd))
		return CACHED_NONE;
	while (at < end && (at == begin || known != CACHED_UNKNOWN)) {
		uint64_t n = min_u64(end - at, WINDOW_PAGES * page);
		if (pages_in_memory(fd, at, at + n, in) != 0)
			return CACHED_NONE;
		known = add_pages(in, (size_t)(n / page), known, at == begin);
		at += n;
	}
	return known;
}

/*
 * The range is of whole pages, and not empty. What the kernel does not tell is taken not to be
 * there: one file is less to lose than all that else is in memory.
 */
static enum cached_before survey(int fd, uint64_t begin, uint64_t end)
{
	int64_t cached = cached_pages(fd, begin, end);

	if (cached < 0)
		return errno == EPERM ? CACHED_NONE : survey_by_pages(fd, begin, end);
	if (cached == 0)
		return CACHED_NONE;
	return (uint64_t)cached >= (end - begin) / page_size() ? CACHED_ALL : CACHED_UNKNOWN;
}

static uint64_t page_up(uint64_t at)
{
	uint64_t page = page_size();

	return at + (page - at % page) % page;
}

enum cached_before uncached_survey(int fd, uint64_t size)
{
	int saved = errno;

	if (!wanted || size == 0 || size > INT64_MAX - page_size())
		return CACHED_UNKNOWN;
	enum cached_before before = survey(fd, 0, page_up(size));
	errno = saved;
	return before;
}

/* ---- reading ---- */

static bool is_refused(ssize_t n)
{
	return n < 0 &&
	       (errno == EOPNOTSUPP || errno == EINVAL || errno == ENOSYS || errno == EPERM);
}

/* Nothing of the file was there. A folio that begins before the range may be whole only now. */
static ssize_t read_and_put_out(int fd, void *bytes, size_t n, uint64_t offset)
{
	ssize_t got = pread(fd, bytes, n, (off_t)offset);

	if (got > 0) {
		int saved = errno;
		put_out(fd, offset - offset % UNCACHED_UNIT, page_up(offset + (uint64_t)got));
		errno = saved;
	}
	return got;
}

/* Puts out those pages of the range that were not in memory. */
static void put_out_others(int fd, uint64_t begin, uint64_t end, const unsigned char *in)
{
	uint64_t page = page_size(), from = begin;

	for (uint64_t at = begin; at < end; at += page)
		if (in[(at - begin) / page] & 1) {
			put_out(fd, from, at);
			from = at + page;
		}
	put_out(fd, from, end);
}

/* Asks for the range by itself, and reads nothing else. */
static ssize_t read_exactly(int fd, void *bytes, size_t n, uint64_t offset)
{
	uint64_t page = page_size(), begin = offset - offset % page;
	unsigned char in[WINDOW_PAGES];
	struct stat st;

	n = min_size(n, (WINDOW_PAGES - 1) * (size_t)page);
	uint64_t end = fstat(fd, &st) == 0 ? min_u64(offset + n, (uint64_t)st.st_size) : offset + n;
	if (end <= offset)
		return pread(fd, bytes, n, (off_t)offset);
	end = page_up(end);
	enum cached_before before = survey(fd, begin, end);
	bool some = before == CACHED_UNKNOWN && pages_in_memory(fd, begin, end, in) == 0;
	advise(fd, POSIX_FADV_RANDOM);
	ssize_t got = pread(fd, bytes, n, (off_t)offset);
	int saved = errno;
	advise(fd, POSIX_FADV_NORMAL);
	if (some)
		put_out_others(fd, begin, end, in);
	else if (before == CACHED_NONE)
		put_out(fd, begin, end);
	errno = saved;
	return got;
}

ssize_t uncached_pread(int fd, void *bytes, size_t n, uint64_t offset, enum cached_before before,
                       struct uncached_bytes *sum)
{
	bool bulk = n >= BULK_LEAST;

	if (!bulk)
		advise(fd, POSIX_FADV_RANDOM);
	ssize_t got = pread_dontcache(fd, bytes, n, (off_t)offset);
	int saved = errno;
	if (!bulk)
		advise(fd, POSIX_FADV_NORMAL);
	errno = saved;
	if (!is_refused(got)) {
		sum->by_kernel += got > 0 ? (uint64_t)got : 0;
		return got;
	}
	if (before == CACHED_ALL)
		got = pread(fd, bytes, n, (off_t)offset);
	else if (before == CACHED_NONE)
		got = read_and_put_out(fd, bytes, n, offset);
	else
		got = read_exactly(fd, bytes, n, offset);
	sum->by_advice += got > 0 ? (uint64_t)got : 0;
	return got;
}

/* Pages that are still being read cannot be put out. */
static void put_out_patiently(int fd, uint64_t begin, uint64_t end)
{
	const struct timespec pause = {.tv_nsec = 1000000};

	for (int i = 0; i < SWEEPS; i++) {
		put_out(fd, begin, end);
		if (cached_pages(fd, begin, end) == 0)
			break;
		(void)nanosleep(&pause, NULL);
	}
}

void uncached_sweep(int fd, uint64_t begin, uint64_t end, enum cached_before before)
{
	int saved = errno;

	begin -= begin % UNCACHED_UNIT;
	if (!wanted || before != CACHED_NONE) {
		/* It is not known what there was. */
	} else if (end > INT64_MAX - OVERSHOOT) {
		put_out(fd, begin, INT64_MAX);
	} else {
		put_out_patiently(fd, begin, end + OVERSHOOT);
	}
	errno = saved;
}
