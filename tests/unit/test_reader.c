/* SPDX-License-Identifier: BSD-2-Clause */
/* The reader: every way brings the same bytes, also while the file changes. */
#include "base/base.h"
#include "source/guard.h"
#include "source/reader.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MIB = 1 << 20, FILE_SIZE = 40 * MIB + 12345 };

static unsigned char *content; /* of every test file, from its start */

/* An unlinked file of `size` bytes of the content. */
static int make_file(size_t size)
{
	char name[] = "reader-test-XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	for (size_t at = 0; at < size;) {
		ssize_t n = pwrite(fd, content + at, size - at, (off_t)at);
		assert_true(n > 0);
		at += (size_t)n;
	}
	return fd;
}

static int make_content(void **state UNUSED)
{
	uint64_t rng = 99;

	content = malloc(FILE_SIZE);
	if (!content)
		return -1;
	for (size_t i = 0; i < FILE_SIZE; i++)
		content[i] = (unsigned char)unit_random(&rng);
	return 0;
}

static int free_content(void **state UNUSED)
{
	free(content);
	return 0;
}

/* As if measuring had shown that mapping is (or is not) the cheaper way. */
static void prefer_mapping(struct reader *r, bool mapping)
{
	r->pread_rate = (struct reader_rate){mapping ? 1e9 : 1e-9, 1000};
	r->map_rate = (struct reader_rate){mapping ? 1e-9 : 1e9, 1000};
}

struct compare {
	const unsigned char *got;
	const unsigned char *want;
	size_t n;
	bool same;
};

static void look_and_compare(void *arg)
{
	struct compare *c = arg;

	c->same = memcmp(c->got, c->want, c->n) == 0;
}

/* Reads the range to its end; the content from `at` on must come. Returns the bytes brought. */
static uint64_t read_content(struct reader *r, uint64_t at)
{
	const unsigned char *bytes;
	uint64_t total = 0;
	ssize_t n;

	while ((n = reader_next(r, &bytes)) > 0) {
		struct compare c = {bytes, content + at + total, (size_t)n, false};
		assert_true(at + total + (uint64_t)n <= FILE_SIZE);
		if (reader_visit(r, look_and_compare, &c) != 0)
			continue;
		assert_true(c.same);
		total += (uint64_t)n;
	}
	assert_int_equal(n, 0);
	return total;
}

static void every_way_brings_the_same(void **state UNUSED)
{
	struct reader r;
	int fd = make_file(FILE_SIZE);

	assert_int_equal(reader_init(&r), 0);
	reader_start(&r, fd, READER_STREAM, 0, READER_TO_EOF, 0);
	assert_true(read_content(&r, 0) == FILE_SIZE);
	assert_true(lseek(fd, 0, SEEK_CUR) == FILE_SIZE);
	reader_start(&r, fd, READER_PREAD, 0, READER_TO_EOF, FILE_SIZE);
	assert_true(read_content(&r, 0) == FILE_SIZE);
	assert_true(r.mapped_bytes == 0);
	for (int i = 0; i < 3; i++) { /* it learns, and goes over to what it found cheaper */
		reader_start(&r, fd, READER_AUTO, 0, READER_TO_EOF, FILE_SIZE);
		assert_true(read_content(&r, 0) == FILE_SIZE);
	}
	assert_true(r.pread_rate.samples > 0);
	for (int mapping = 0; mapping < 2; mapping++) {
		uint64_t mapped = r.mapped_bytes;
		prefer_mapping(&r, mapping);
		reader_start(&r, fd, READER_AUTO, 0, READER_TO_EOF, FILE_SIZE);
		assert_true(read_content(&r, 0) == FILE_SIZE);
		assert_int_equal(r.mapped_bytes > mapped, mapping);
	}
	assert_true(lseek(fd, 0, SEEK_CUR) == FILE_SIZE); /* pread and mmap have left it alone */
	reader_free(&r);
	close(fd);
}

static void ranges_are_exact(void **state UNUSED)
{
	struct reader r;
	uint64_t rng = 5;
	int fd = make_file(FILE_SIZE);

	assert_int_equal(reader_init(&r), 0);
	for (unsigned i = 0; i < 400; i++) {
		size_t most = i % 4 == 0 ? FILE_SIZE : 70000;
		uint64_t begin = unit_below(&rng, FILE_SIZE + 1);
		uint64_t end = min_u64(begin + unit_below(&rng, most), FILE_SIZE);
		prefer_mapping(&r, i % 2);
		reader_start(&r, fd, i % 3 == 0 ? READER_PREAD : READER_AUTO, begin, end,
		             FILE_SIZE);
		assert_true(read_content(&r, begin) == end - begin);
	}
	reader_start(&r, fd, READER_AUTO, FILE_SIZE, READER_TO_EOF, FILE_SIZE);
	assert_true(read_content(&r, FILE_SIZE) == 0);
	/* A range that begins behind the end of file, as after a truncation. */
	reader_start(&r, fd, READER_AUTO, FILE_SIZE + 5 * MIB, FILE_SIZE + 9 * MIB,
	             FILE_SIZE + 10 * MIB);
	assert_true(read_content(&r, FILE_SIZE) == 0);
	reader_free(&r);
	close(fd);
}

static void size_is_only_a_hint(void **state UNUSED)
{
	static const uint64_t hints[] = {0, 1, 2 * MIB, FILE_SIZE - 1, FILE_SIZE + 1};
	struct reader r;
	int fd = make_file(FILE_SIZE);

	assert_int_equal(reader_init(&r), 0);
	for (size_t i = 0; i < ARRAY_LEN(hints); i++) {
		prefer_mapping(&r, true);
		reader_start(&r, fd, READER_AUTO, 0, READER_TO_EOF, hints[i]);
		assert_true(read_content(&r, 0) == FILE_SIZE);
	}
	reader_start(&r, fd, READER_AUTO, 0, READER_TO_EOF, UINT64_C(1) << 40);
	assert_true(read_content(&r, 0) == FILE_SIZE);
	reader_free(&r);
	close(fd);
}

static void pipes_are_read_to_their_end(void **state UNUSED)
{
	struct reader r;
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	pid_t pid = fork();
	if (pid == 0) {
		size_t at = 0;
		for (size_t step = 1; at < 3 * MIB; step = step * 3 % 70001)
			at += (size_t)write(fd[1], content + at, step);
		_exit(at == 3 * MIB);
	}
	close(fd[1]);
	assert_int_equal(reader_init(&r), 0);
	reader_start(&r, fd[0], READER_STREAM, 0, READER_TO_EOF, 0);
	assert_true(read_content(&r, 0) >= 3 * MIB);
	reader_free(&r);
	close(fd[0]);
	waitpid(pid, NULL, 0);
}

static void errors_are_told_and_end_the_range(void **state UNUSED)
{
	const unsigned char *bytes;
	struct reader r;
	int dir = open(".", O_RDONLY);

	assert_int_equal(reader_init(&r), 0);
	for (enum reader_strategy way = READER_STREAM; way <= READER_AUTO; way++) {
		reader_start(&r, dir, way, 0, READER_TO_EOF, 5 * MIB);
		assert_int_equal(reader_next(&r, &bytes), -1);
		assert_int_equal(errno, EISDIR);
		reader_start(&r, -1, way, 0, READER_TO_EOF, 5 * MIB);
		assert_int_equal(reader_next(&r, &bytes), -1);
		assert_int_equal(errno, EBADF);
	}
	reader_free(&r);
	close(dir);
}

/* Without address space for a mapping it reads. */
static void mappings_may_be_refused(void **state UNUSED)
{
	struct rlimit old, tight;
	struct reader r;
	int fd = make_file(FILE_SIZE);
	long pages = 0;
	FILE *statm = fopen("/proc/self/statm", "r");

	if (!statm || fscanf(statm, "%ld", &pages) != 1)
		unit_skip();
	fclose(statm);
	assert_int_equal(reader_init(&r), 0);
	assert_int_equal(getrlimit(RLIMIT_AS, &old), 0);
	tight = old;
	tight.rlim_cur = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + 4 * MIB;
	prefer_mapping(&r, true);
	if (setrlimit(RLIMIT_AS, &tight) != 0)
		unit_skip(); /* sanitizers have reserved terabytes already */
	reader_start(&r, fd, READER_AUTO, 0, READER_TO_EOF, FILE_SIZE);
	uint64_t got = read_content(&r, 0);
	setrlimit(RLIMIT_AS, &old);
	assert_true(got == FILE_SIZE);
	assert_true(r.mapped_bytes < FILE_SIZE);
	reader_free(&r);
	close(fd);
}

/* ---- truncation under a mapping ---- */

struct shrink {
	int fd;
	off_t to;
	const unsigned char *bytes;
	size_t touch; /* so many bytes of the block are looked at after the truncation */
	unsigned sum;
	bool done; /* it is truncated only once */
};

static void shrink_and_look(void *arg)
{
	struct shrink *s = arg;

	if (!s->done && ftruncate(s->fd, s->to) != 0)
		abort();
	s->done = true;
	for (size_t i = 0; i < s->touch; i++)
		s->sum += s->bytes[i];
}

/* Counts the bytes of a file that is truncated to `to` when the first window is looked at. */
static void shrink_to(off_t to, bool touch_beyond)
{
	struct reader r;
	uint64_t total = 0;
	ssize_t n;
	int fd = make_file(FILE_SIZE);
	struct shrink s = {.fd = fd, .to = to};

	assert_int_equal(reader_init(&r), 0);
	prefer_mapping(&r, true);
	reader_start(&r, fd, READER_AUTO, 0, READER_TO_EOF, FILE_SIZE);
	while ((n = reader_next(&r, &s.bytes)) > 0) {
		s.touch = touch_beyond || s.done ? (size_t)n : 0;
		if (!s.done)
			assert_non_null(r.map);
		if (reader_visit(&r, shrink_and_look, &s) == 0)
			total += (uint64_t)n;
	}
	assert_int_equal(n, 0);
	assert_true(s.done);
	assert_true(total == (uint64_t)to);
	assert_true(r.redone == 1);
	reader_free(&r);
	close(fd);
}

static void truncation_brings_what_is_left(void **state UNUSED)
{
	static const off_t sizes[] = {0, 1, 4095, 4096, 4097, 3 * MIB, 5 * MIB + 77};

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		shrink_to(sizes[i], true);
		shrink_to(sizes[i], false);
	}
}

/* Within the last page no signal comes, only zeros: they must not be taken for text. */
static void truncation_within_a_page_is_noticed(void **state UNUSED)
{
	struct reader r;
	const unsigned char *bytes;
	int fd = make_file(2 * MIB + 100);
	struct shrink s = {.fd = fd, .to = 2 * MIB + 50};

	assert_int_equal(reader_init(&r), 0);
	prefer_mapping(&r, true);
	reader_start(&r, fd, READER_AUTO, 0, READER_TO_EOF, 2 * MIB + 100);
	assert_int_equal(reader_next(&r, &bytes), 2 * MIB + 100);
	assert_non_null(r.map);
	s.bytes = bytes;
	s.touch = 2 * MIB + 100;
	assert_true(reader_visit(&r, shrink_and_look, &s) != 0);
	assert_true(read_content(&r, 0) == 2 * MIB + 50);
	reader_free(&r);
	close(fd);
}

static void touch(void *arg)
{
	*(volatile char *)arg;
}

/* A SIGBUS that is not ours keeps its meaning. */
static void a_stray_sigbus_still_kills(void **state UNUSED)
{
	fflush(stdout);
	enum { BARE, GUARDED, SENT, WAYS };
	for (int way = BARE; way < WAYS; way++) {
		int status;
		pid_t pid = fork();
		if (pid == 0) {
			struct rlimit none = {0, 0};
			int fd = make_file(4096);
			char *map = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
			setrlimit(RLIMIT_CORE, &none);
			signal(SIGBUS, SIG_DFL); /* cmocka's own handler */
			guard_install();
			if (way == GUARDED)
				guard_call(touch, map + 4096, content, 4096);
			else if (way == SENT)
				kill(getpid(), SIGBUS);
			else
				touch(map + 4096);
			_exit(0);
		}
		assert_true(waitpid(pid, &status, 0) == pid);
#ifndef __SANITIZE_ADDRESS__
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
#else
		assert_int_not_equal(status, 0);
#endif
	}
}

static void a_guarded_call_is_cut_short(void **state UNUSED)
{
	int fd = make_file(4096);
	char *map = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);

	assert_ptr_not_equal(map, MAP_FAILED);
	assert_int_equal(guard_install(), 0);
	for (int i = 0; i < 1000; i++) { /* the signal must not stay blocked */
		assert_true(guard_call(touch, map, map, 8192) == 0);
		assert_true(guard_call(touch, map + 4096, map, 8192) != 0);
	}
	munmap(map, 8192);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_brings_the_same),
		cmocka_unit_test(ranges_are_exact),
		cmocka_unit_test(size_is_only_a_hint),
		cmocka_unit_test(pipes_are_read_to_their_end),
		cmocka_unit_test(errors_are_told_and_end_the_range),
		cmocka_unit_test(mappings_may_be_refused),
		cmocka_unit_test(truncation_brings_what_is_left),
		cmocka_unit_test(truncation_within_a_page_is_noticed),
		cmocka_unit_test(a_guarded_call_is_cut_short),
		cmocka_unit_test(a_stray_sigbus_still_kills),
	};

	return unit_report(ARRAY_LEN(tests),
	                   cmocka_run_group_tests(tests, make_content, free_content));
}
