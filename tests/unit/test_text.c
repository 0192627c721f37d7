/* SPDX-License-Identifier: BSD-2-Clause */
/* wc's lines and totals, byte for byte; and in which writes they come. */
#include "unit.h"
#include "capture.h"

#include "base/diag.h"
#include "report/text.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static const struct columns all_columns = {
	.lines = true, .words = true, .chars = true, .bytes = true, .width = true};
static const struct columns default_columns = {.lines = true, .words = true, .bytes = true};
static const struct counts some = {
	.lines = 1, .words = 22, .chars = 333, .bytes = 4444, .width = 5};

static struct capture out, err;

static void line(struct columns columns, unsigned width, const struct counts *counts,
                 const char *name, const char *expected)
{
	struct report report = {.columns = columns, .width = width};
	capture_start(&out, 1);
	int status = text_line(&report, counts, "", name);
	capture_end(&out);
	assert_int_equal(status, 0);
	assert_string_equal(out.text, expected);
}

static void columns(void **state UNUSED)
{
	static const struct counts largest = {.lines = UINT64_MAX,
	                                      .words = UINT64_MAX,
	                                      .chars = UINT64_MAX,
	                                      .bytes = UINT64_MAX,
	                                      .width = UINT64_MAX};
#define MAX "18446744073709551615"
	line(all_columns, 1, &some, NULL, "1 22 333 4444 5\n");
	line(all_columns, 4, &some, "f", "   1   22  333 4444    5 f\n");
	line(default_columns, 7, &some, NULL, "      1      22    4444\n");
	line(default_columns, 2, &some, "a", " 1 22 4444 a\n");
	line((struct columns){.width = true}, 3, &some, "a", "  5 a\n");
	line((struct columns){.chars = true}, 1, &some, "a", "333 a\n");
	line(all_columns, 20, &largest, "x", MAX " " MAX " " MAX " " MAX " " MAX " x\n");
	line((struct columns){.lines = true}, 20, &some, "x", "                   1 x\n");
	assert_int_equal(columns_count(all_columns), 5);
	assert_int_equal(columns_count(default_columns), 3);
	assert_int_equal(columns_count((struct columns){false}), 0);
}

static void names(void **state UNUSED)
{
	struct columns l = {.lines = true};
	line(l, 1, &some, "", "1 \n");
	line(l, 1, &some, "-", "1 -\n");
	line(l, 1, &some, "-l", "1 -l\n");
	line(l, 1, &some, "a b:c'\t\033\xff", "1 a b:c'\t\033\xff\n");
	line(l, 1, &some, "n\nl", "1 'n'$'\\n''l'\n");
}

static void long_names(void **state UNUSED)
{
	char name[8000], expected[sizeof(name) + 3];
	for (size_t len = 4080; len < sizeof(name); len = len < 4110 ? len + 1 : len + 1777) {
		memset(name, 'x', len);
		name[len] = '\0';
		snprintf(expected, sizeof(expected), "1 %s\n", name);
		line((struct columns){.lines = true}, 1, &some, name, expected);
	}
}

/* Many lines in few writes: whole ones only, none larger than what a pipe takes at once. */
static void joined(void **state UNUSED)
{
	struct report report = {.columns = {.lines = true}, .width = 1, .sink.joins = true};
	char name[PIPE_BUF + 1], got[2 * PIPE_BUF], expected[64];
	int pair[2], saved = dup(1);
	unsigned first = 0;
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	dup2(pair[1], 1);
	assert_int_equal(sink_flush(&report.sink), 0); /* nothing is written */
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "name%03u", i);
		assert_int_equal(text_line(&report, &some, "", name), 0);
	}
	assert_int_equal(sink_flush(&report.sink), 0);
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	assert_int_equal(text_line(&report, &some, "", "short"), 0);
	assert_int_equal(text_line(&report, &some, "", name), 0); /* too long to be kept, and not
	                                                         before the short one */
	dup2(saved, 1);
	close(saved);
	while (first < 1000) {
		ssize_t n = recv(pair[0], got, sizeof got, MSG_DONTWAIT);
		assert_true(n > 0 && n <= PIPE_BUF && n % 10 == 0);
		assert_true(first + n / 10 == 1000 || n > PIPE_BUF - 10);
		for (ssize_t at = 0; at < n; at += 10) {
			snprintf(expected, sizeof expected, "1 name%03u\n", first++);
			assert_memory_equal(got + at, expected, 10);
		}
	}
	assert_int_equal(recv(pair[0], got, sizeof got, MSG_DONTWAIT), 8);
	assert_memory_equal(got, "1 short\n", 8);
	assert_int_equal(recv(pair[0], got, sizeof got, MSG_DONTWAIT), 2 + PIPE_BUF + 1);
	close(pair[0]);
	close(pair[1]);
}

/* Nobody joins lines for a reader who sees the borders of writes. */
static void may_join(void **state UNUSED)
{
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	assert_false(sink_may_join(pair[0]));
	close(pair[0]);
	close(pair[1]);
	assert_int_equal(pipe(pair), 0);
	assert_true(sink_may_join(pair[1]));
#ifdef O_DIRECT /* packet mode, of Linux */
	assert_int_equal(fcntl(pair[1], F_SETFL, O_DIRECT), 0);
	assert_false(sink_may_join(pair[1]));
#endif
	close(pair[0]);
	close(pair[1]);
	assert_false(sink_may_join(-1));
}

/* Datagrams keep the borders between writes. */
static void one_write(void **state UNUSED)
{
	struct report report = {.columns = default_columns, .width = 4};
	int pair[2], saved = dup(1);
	char got[16384];
	char name[6001];
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	dup2(pair[1], 1);
	int status = text_line(&report, &some, "", "x\ny") | text_line(&report, &some, "", name);
	dup2(saved, 1);
	close(saved);
	assert_int_equal(status, 0);
	assert_int_equal(recv(pair[0], got, sizeof(got), 0),
	                 strlen("   1   22 4444 'x'$'\\n''y'\n"));
	assert_int_equal(recv(pair[0], got, sizeof(got), 0), 15 + 6000 + 1);
	assert_int_equal(recv(pair[0], got, sizeof(got), MSG_DONTWAIT), -1);
	close(pair[0]);
	close(pair[1]);
}

/* Begins when the pipe that is standard output is full. */
static void *read_late(void *arg)
{
	static char got[1 << 20];
	int fd = *(int *)arg;
	size_t total = 0;
	ssize_t n;
	struct pollfd room = {.fd = 1, .events = POLLOUT};
	while (poll(&room, 1, 0) != 0)
		sched_yield();
	while ((n = read(fd, got, sizeof(got))) > 0)
		total += (size_t)n;
	return (void *)total;
}

/* A full non-blocking pipe is waited for; nothing is lost. */
static void full_pipe(void **state UNUSED)
{
	struct report report = {.columns = default_columns, .width = 1};
	int ends[2], saved = dup(1);
	pthread_t reader;
	void *total;
	char name[1001];
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(pipe(ends), 0);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	dup2(ends[1], 1);
	close(ends[1]);
	int status = pthread_create(&reader, NULL, read_late, &ends[0]);
	for (int i = 0; i < 300 && status == 0; i++)
		status = text_line(&report, &some, "", name);
	dup2(saved, 1); /* closes the pipe's last writer */
	close(saved);
	assert_int_equal(status, 0);
	assert_int_equal(pthread_join(reader, &total), 0);
	close(ends[0]);
	assert_int_equal((uintptr_t)total, 300 * (10 + 1000 + 1));
}

static void write_errors(void **state UNUSED)
{
	struct report report = {.columns = default_columns, .width = 1};
	int saved = dup(1);
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_true(full >= 0);
	dup2(full, 1);
	int status = text_line(&report, &some, "", "x");
	int error = errno;
	close(1);
	int status_closed = text_line(&report, &some, "", "x");
	int error_closed = errno;
	dup2(saved, 1);
	close(saved);
	close(full);
	assert_int_equal(status, -1);
	assert_int_equal(error, ENOSPC);
	assert_int_equal(status_closed, -1);
	assert_int_equal(error_closed, EBADF);
}

/* What becomes of the totals on both outputs. */
static void total(enum total_when when, uint64_t names, const struct totals *totals,
                  struct columns columns, const char *on_out, const char *on_err)
{
	struct report report = {.columns = columns, .width = 1, .total = when};
	capture_start(&out, 1);
	capture_start(&err, 2);
	int status = 0;
	assert_int_equal(report_open(&report), 0);
	if (report_total_due(&report, names)) {
		totals_report(totals, &columns);
		status = report_total(&report, totals, 0);
	}
	report_close(&report);
	capture_end(&err);
	capture_end(&out);
	assert_int_equal(status, 0);
	assert_string_equal(out.text, on_out);
	assert_string_equal(err.text, on_err);
}

static void totals_when(void **state UNUSED)
{
	struct totals t = {0};
	totals_add(&t, &some);
	totals_add(&t,
	           &(struct counts){.lines = 1, .words = 1, .chars = 1, .bytes = 1, .width = 3});
	total(TOTAL_AUTO, 0, &t, all_columns, "", "");
	total(TOTAL_AUTO, 1, &t, all_columns, "", "");
	total(TOTAL_AUTO, 2, &t, all_columns, "2 23 334 4445 5 total\n", "");
	total(TOTAL_ALWAYS, 0, &t, all_columns, "2 23 334 4445 5 total\n", "");
	total(TOTAL_ONLY, 0, &t, all_columns, "2 23 334 4445 5\n", "");
	total(TOTAL_NEVER, 2, &t, all_columns, "", "");
}

static void totals_overflow(void **state UNUSED)
{
	static const struct counts half = {.lines = 1,
	                                   .words = 1,
	                                   .chars = UINT64_MAX / 2 + 1,
	                                   .bytes = UINT64_MAX / 2 + 1,
	                                   .width = UINT64_MAX};
	struct totals t = {0};
	const char *why = strerror(EOVERFLOW);
	char bytes[128], both[256];
	snprintf(bytes, sizeof bytes, "P: total bytes: %s\n", why);
	snprintf(both, sizeof both, "P: total characters: %s\n%s", why, bytes);
	diag_init("P");
	totals_add(&t, &half);
	assert_false(t.overflowed.bytes);
	totals_add(&t, &half);
	totals_add(&t, &(struct counts){0});
	total(TOTAL_NEVER, 2, &t, all_columns, "", "");
	total(TOTAL_AUTO, 1, &t, all_columns, "", "");
	assert_int_equal(diag_status(), 0);
	total(TOTAL_AUTO, 2, &t, (struct columns){.chars = true}, MAX " total\n", both);
	assert_int_equal(diag_status(), 1);
	total(TOTAL_ONLY, 2, &t, default_columns, "2 2 " MAX "\n", bytes);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns),     cmocka_unit_test(names),
		cmocka_unit_test(long_names),  cmocka_unit_test(one_write),
		cmocka_unit_test(joined),      cmocka_unit_test(may_join),
		cmocka_unit_test(full_pipe),   cmocka_unit_test(write_errors),
		cmocka_unit_test(totals_when), cmocka_unit_test(totals_overflow),
	};
	return unit_run(tests);
}
