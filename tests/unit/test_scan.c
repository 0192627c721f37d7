/* SPDX-License-Identifier: BSD-2-Clause */
/* Scanning without an engine: tasks and streams, and the statistics of who scans. */
#include "base/base.h"
#include "scan/append.h"
#include "scan/scan.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char text[] = "one two\nthree\n\nfour five six\n"; /* 29 bytes, 4 lines, 6 words */

static struct charset cs;
static struct counter counter;
static struct encoding encoding;
static struct worker_stats stats;
static char path[] = "scan-test-XXXXXX";
static int fd;

static struct scan_config config = {.encoding = &encoding, .counter = &counter};

static int set_up(void **state UNUSED)
{
	setlocale(LC_CTYPE, "C");
	charset_init(&cs, false);
	fd = mkstemp(path);
	if (fd < 0 || write(fd, text, sizeof text - 1) != (ssize_t)sizeof text - 1)
		return -1;
	return counter_init(&counter, &cs, NEED_LINES | NEED_WORDS, NULL) == COUNTER_OK ? 0 : -1;
}

static int tear_down(void **state UNUSED)
{
	counter_free(&counter);
	charset_free(&cs);
	close(fd);
	return unlink(path);
}

static struct task piece(uint64_t begin, uint64_t end)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return (struct task){.kind = TASK_PIECE,
	                     .path = path,
	                     .fd = fd,
	                     .dev = st.st_dev,
	                     .ino = st.st_ino,
	                     .mtime_ns = files_mtime_ns(&st),
	                     .begin = begin,
	                     .end = end,
	                     .size = (uint64_t)st.st_size};
}

static void check_whole(const struct tally *tally)
{
	struct counts counts = tally_finish(&cs, tally);

	assert_true(counts.lines == 4 && counts.words == 6 && counts.bytes == 29);
}

static void a_file_is_counted_by_its_path(void **state UNUSED)
{
	struct task task = {.kind = TASK_FILE, .path = path, .fd = -1, .size = 29};
	struct result result;
	struct scanner s;

	stats = (struct worker_stats){0};
	assert_int_equal(scanner_init(&s, &config, FD_SHARED, &stats), 0);
	scan_task(&s, &task, &result);
	assert_int_equal(result.kind, RESULT_COUNTED);
	check_whole(&result.tally);
	assert_true(stats.bytes == 29 && stats.pieces == 1);
	assert_true(worker_stats_bytes(&stats, 1) == 29);
	task.path = "not-there";
	scan_task(&s, &task, &result);
	assert_int_equal(result.open_error, ENOENT);
	scanner_free(&s);
}

/* Whether a descriptor is shared or the file is opened again, the pieces are those of one file. */
static void pieces_merge_to_the_whole(void **state UNUSED)
{
	for (enum fd_scope scope = FD_SHARED; scope <= FD_REMOTE; scope++) {
		for (uint64_t cut = 0; cut <= 29; cut++) {
			struct task left = piece(0, cut), right = piece(cut, READER_TO_EOF);
			struct result result;
			struct tally sum = TALLY_EMPTY;
			struct scanner s;
			if (scope != FD_SHARED)
				left.fd = right.fd = -1;
			assert_int_equal(scanner_init(&s, &config, scope, &stats), 0);
			scan_task(&s, &left, &result);
			tally_merge(&cs, &sum, &result.tally);
			scan_task(&s, &right, &result);
			tally_merge(&cs, &sum, &result.tally);
			check_whole(&sum);
			scanner_free(&s);
		}
	}
}

static void another_file_of_that_name_is_left_to_the_coordinator(void **state UNUSED)
{
	struct task task = piece(0, READER_TO_EOF);
	struct result result;
	struct scanner s;

	task.fd = -1;
	task.ino++;
	assert_int_equal(scanner_init(&s, &config, FD_LOCAL, &stats), 0);
	scan_task(&s, &task, &result);
	assert_int_equal(result.kind, RESULT_DEFERRED);
	scanner_free(&s);
}

static enum result_kind kind_from_afar(const struct task *task)
{
	struct result result;
	struct scanner s;

	assert_int_equal(scanner_init(&s, &config, FD_REMOTE, &stats), 0);
	scan_task(&s, task, &result);
	scanner_free(&s);
	return result.kind;
}

static void another_host_must_have_the_same_file(void **state UNUSED)
{
	struct task task = piece(0, READER_TO_EOF);

	task.fd = -1;
	task.dev++;
	assert_int_equal(kind_from_afar(&task), RESULT_COUNTED);
	task.mtime_ns++;
	assert_int_equal(kind_from_afar(&task), RESULT_DEFERRED);
	task.mtime_ns--;
	task.size++;
	assert_int_equal(kind_from_afar(&task), RESULT_DEFERRED);
	task.size--;
	task.ino++;
	assert_int_equal(kind_from_afar(&task), RESULT_DEFERRED);
}

static int give_nothing(void *arg, const struct task *task UNUSED)
{
	++*(unsigned *)arg;
	errno = EPERM;
	return -1;
}

static void who_cannot_open_files_has_them_passed(void **state UNUSED)
{
	struct task task = {.kind = TASK_FILE, .path = path, .fd = -1, .size = 29};
	struct result result;
	struct scanner s;
	unsigned asked = 0;

	assert_int_equal(scanner_init(&s, &config, FD_LOCAL, &stats), 0);
	s.files.open = give_nothing;
	s.files.arg = &asked;
	scan_task(&s, &task, &result);
	assert_int_equal(result.open_error, EPERM);
	assert_int_equal(asked, 1);
	scanner_free(&s);
}

static void a_stream_is_counted_from_its_offset(void **state UNUSED)
{
	struct result result;
	struct scanner s;
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	assert_true(lseek(fd, 8, SEEK_SET) == 8);
	assert_int_equal(scanner_init(&s, &config, FD_SHARED, &stats), 0);
	(void)scan_stream(&s, fd, &st, false, &result);
	assert_true(result.tally.bytes == 21 && result.tally.lines == 3);
	assert_true(lseek(fd, 0, SEEK_CUR) == 29);
	scanner_free(&s);
}

static void what_is_appended_goes_on_from_the_tally(void **state UNUSED)
{
	struct append_scanner *a = append_scanner_new(&counter);

	assert_non_null(a);
	for (uint64_t cut = 0; cut <= 29; cut++) {
		struct tally tally = TALLY_EMPTY;
		assert_int_equal(append_range(a, fd, 0, cut, &tally), 0);
		assert_int_equal(append_range(a, fd, cut, 29, &tally), 0);
		check_whole(&tally);
	}
	append_scanner_free(a);
}

/* Every eight bytes are a field, and each field is in the sum. */
static void the_sum_of_statistics_forgets_no_field(void **state UNUSED)
{
	enum { FIELDS = sizeof(struct worker_stats) / sizeof(uint64_t) };
	uint64_t field[FIELDS];
	struct worker_stats sum = {0}, one;

	for (size_t i = 0; i < FIELDS; i++)
		field[i] = UINT64_C(1) << i;
	memcpy(&one, field, sizeof one);
	worker_stats_add(&sum, &one);
	worker_stats_add(&sum, &one);
	worker_stats_add(&sum, &one);
	memcpy(field, &sum, sizeof sum);
	for (size_t i = 0; i < FIELDS; i++)
		assert_true(field[i] == UINT64_C(3) << i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_counted_by_its_path),
		cmocka_unit_test(pieces_merge_to_the_whole),
		cmocka_unit_test(another_file_of_that_name_is_left_to_the_coordinator),
		cmocka_unit_test(another_host_must_have_the_same_file),
		cmocka_unit_test(who_cannot_open_files_has_them_passed),
		cmocka_unit_test(a_stream_is_counted_from_its_offset),
		cmocka_unit_test(what_is_appended_goes_on_from_the_tally),
		cmocka_unit_test(the_sum_of_statistics_forgets_no_field),
	};

	return unit_report(ARRAY_LEN(tests), cmocka_run_group_tests(tests, set_up, tear_down));
}
