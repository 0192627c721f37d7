/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The journal by itself, without any engine: what is appended is found again; what is void stays
 * void, also if the journal cannot be written just then.
 */
#include "partial/journal.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIZE = 100 };

static struct json *json;
static const struct charset cs = {.class = CHARSET_SINGLE};
static struct partial_mode mode = {
	.class = CHARSET_SINGLE, .counts = PARTIAL_LINES, .program = "1", .charset = "C"};

/* A folder with a journal's name and a file of SIZE bytes in it. */
struct place {
	char folder[32], journal[64], file[64];
	struct journal_operand op;
};

static void make_place(struct place *p)
{
	char bytes[SIZE];
	struct stat st;

	if (!json && json_open(&json) != JSON_READY)
		unit_skip();
	snprintf(p->folder, sizeof p->folder, "test-journal-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->journal, sizeof p->journal, "%s/journal", p->folder);
	snprintf(p->file, sizeof p->file, "%s/file", p->folder);
	memset(bytes, 'x', sizeof bytes);
	int fd = open(p->file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && write(fd, bytes, sizeof bytes) == sizeof bytes);
	assert_int_equal(fstat(fd, &st), 0);
	p->op = (struct journal_operand){.name = p->file, .fd = fd};
	partial_file_init(&p->op.file, &st, FORMAT_PLAIN, 0);
}

static void remove_place(struct place *p)
{
	close(p->op.fd);
	unlink(p->file);
	unlink(p->journal);
	assert_int_equal(rmdir(p->folder), 0);
}

static struct journal *opened(const struct place *p)
{
	struct journal_fault fault = {0};
	struct journal *j = journal_open(p->journal, json, &mode, &cs, &fault);

	if (!j)
		fail_msg("%s: %s", fault.why, strerror(fault.error));
	return j;
}

static uint64_t journal_size(const struct place *p)
{
	struct stat st;

	assert_int_equal(stat(p->journal, &st), 0);
	return (uint64_t)st.st_size;
}

static int append(struct journal *j, const struct place *p, uint64_t begin, uint64_t end)
{
	struct tally tally = {.bytes = end - begin, .lines = 1};
	int status = journal_append(
		j, &p->op, &(struct journal_range){.begin = begin, .end = end, .tally = &tally});

	return status == 0 ? journal_flush(j) : status;
}

/* Looks for the operand: the lines that are known; `is_void`: something was, and is not any more.
 */
static uint64_t found(struct journal *j, const struct place *p, bool is_void)
{
	size_t n;
	const char *why;
	const struct partial_range *range = journal_find(j, &p->op, &n, &why);
	uint64_t lines = 0;

	assert_true(is_void == (why != NULL));
	for (size_t i = 0; i < n; i++)
		lines += range[i].tally.lines;
	return lines;
}

static void ranges_are_found(void **state UNUSED)
{
	struct place p;

	make_place(&p);
	struct journal *j = opened(&p);
	assert_int_equal(found(j, &p, false), 0);
	assert_int_equal(append(j, &p, 0, 10), 0);
	assert_int_equal(append(j, &p, 50, SIZE), 0);
	assert_int_equal(journal_close(j), 0);
	j = opened(&p);
	assert_int_equal(found(j, &p, false), 2);
	struct journal_operand other = p.op;
	size_t n;
	const char *why;
	other.name = NULL;
	assert_null(journal_find(j, &other, &n, &why));
	assert_true(n == 0 && !why);
	assert_int_equal(journal_close(j), 0);
	remove_place(&p);
}

static void another_mode_is_refused(void **state UNUSED)
{
	struct place p;
	struct partial_mode other = mode;
	struct journal_fault fault;

	make_place(&p);
	struct journal *j = opened(&p);
	assert_int_equal(append(j, &p, 0, SIZE), 0);
	assert_int_equal(journal_close(j), 0);
	other.counts = PARTIAL_WORDS;
	assert_null(journal_open(p.journal, json, &other, &cs, &fault));
	assert_true(fault.error == 0 && strstr(fault.why, "not compatible"));
	assert_null(journal_open(p.folder, json, &mode, &cs, &fault));
	assert_true(fault.error == EISDIR && !*fault.why);
	remove_place(&p);
}

/*
 * That a file is not what it was has to stand in the journal before anything new of it. If there is
 * no room for that, nothing else is written, even if there is room again; and it is told once.
 */
static void void_stays_void(void **state UNUSED)
{
	struct place p;
	struct rlimit unlimited, limit;

	make_place(&p);
	struct journal *j = opened(&p);
	assert_int_equal(append(j, &p, 0, SIZE), 0);
	uint64_t size = journal_size(&p);
	snprintf(p.op.file.ctime, sizeof p.op.file.ctime, "1.2");
	assert_int_equal(journal_close(j), 0);
	j = opened(&p);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &unlimited), 0);
	limit = unlimited;
	limit.rlim_cur = size + 10;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(found(j, &p, true), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &unlimited), 0);
	assert_int_equal(append(j, &p, 0, 50), -1);
	assert_int_equal(errno, EFBIG);
	assert_int_equal(append(j, &p, 50, SIZE), 0);
	assert_int_equal(journal_size(&p), size);
	assert_int_equal(journal_close(j), 0);
	/* With room, it does. */
	j = opened(&p);
	assert_int_equal(found(j, &p, true), 0);
	assert_int_equal(append(j, &p, 0, 50), 0);
	assert_int_equal(journal_close(j), 0);
	assert_true(journal_size(&p) > size);
	j = opened(&p);
	assert_int_equal(found(j, &p, false), 1);
	assert_int_equal(journal_close(j), 0);
	remove_place(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_are_found),
		cmocka_unit_test(another_mode_is_refused),
		cmocka_unit_test(void_stays_void),
	};

	return unit_run(tests);
}
