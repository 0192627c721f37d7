/* SPDX-License-Identifier: BSD-2-Clause */
/* The supply of operands: names, lists in files and pipes, widths, and what is said of bad ones. */
#include "unit.h"
#include "capture.h"

#include "base/diag.h"
#include "base/fd.h"
#include "cli/namelist.h"
#include "cli/operands.h"

#include <errno.h>

static struct capture err;
static char dir[] = "/tmp/test_operands.XXXXXX";

/* The names of files made in `dir`: 5 and 7 bytes, and a list. */
static char five[64], seven[64], list_path[64];

static void write_file(const char *path, const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write_all(fd, bytes, n), 0);
	close(fd);
}

static int group_setup(void **state UNUSED)
{
	diag_init("P");
	if (!mkdtemp(dir))
		return -1;
	snprintf(five, sizeof(five), "%s/five", dir);
	snprintf(seven, sizeof(seven), "%s/seven", dir);
	snprintf(list_path, sizeof(list_path), "%s/list", dir);
	write_file(five, "12345", 5);
	write_file(seven, "1234567", 7);
	return 0;
}

static int group_teardown(void **state UNUSED)
{
	unlink(five);
	unlink(seven);
	unlink(list_path);
	return rmdir(dir);
}

/* The next operand has this name; the caller releases it. */
static struct operand *next(struct operands *ops, const char *name)
{
	struct operand *op = NULL;
	assert_int_equal(operands_next(ops, true, &op), SUPPLY_ONE);
	assert_string_equal(op->name, name);
	return op;
}

static void none(struct operands *ops)
{
	struct operand *op;
	assert_int_equal(operands_next(ops, true, &op), SUPPLY_NONE);
	assert_int_equal(operands_next(ops, false, &op), SUPPLY_NONE);
}

/* What the calls between start and end say on standard error. */
#define says(expected, call)                             \
	do {                                             \
		capture_start(&err, 2);                  \
		call;                                    \
		capture_end(&err);                       \
		assert_string_equal(err.text, expected); \
	} while (0)

static void names(void **state UNUSED)
{
	char *words[] = {five, (char[]){""}, (char[]){"-"}, seven, dir, (char[]){"/no/such"}};
	struct options o = {.columns.lines = true, .names = words, .n_names = ARRAY_LEN(words)};
	struct operands *ops = operands_open(&o);
	assert_non_null(ops);
	assert_int_equal(operands_number_width(ops), 7); /* for the directory */

	struct operand *op = next(ops, five);
	assert_true(op->stat_known && op->regular && op->size == 5 && op->record == 1);
	assert_false(op->is_stdin || op->skip || op->implicit);
	operands_release(op);
	op = next(ops, "");
	assert_true(op->skip && !op->stat_known);
	says("P: invalid zero-length file name\n", operands_report_skip(ops, op));
	operands_release(op);
	op = next(ops, "-");
	assert_true(op->is_stdin && !op->implicit && !op->skip);
	operands_release(op);
	op = next(ops, seven);
	assert_true(op->stat_known && op->regular && op->size == 7 && op->record == 4);
	operands_release(op);
	op = next(ops, dir);
	assert_true(op->stat_known && !op->regular && op->size == 0);
	operands_release(op);
	op = next(ops, "/no/such");
	assert_false(op->stat_known || op->skip);
	operands_release(op);
	none(ops);
	assert_int_equal(operands_taken(ops), 6);
	says("", operands_report_error(ops));
	operands_close(ops);
}

static void widths(void **state UNUSED)
{
	char *words[] = {five, seven, (char[]){"/no/such"}};
	struct {
		size_t n_names;
		struct columns columns;
		enum total_when total;
		unsigned width;
	} rows[] = {
		{1, {.lines = true}, TOTAL_AUTO, 1},
		{1, {.lines = true, .words = true}, TOTAL_AUTO, 1},
		{2, {.lines = true}, TOTAL_AUTO, 2}, /* 5 + 7 bytes */
		{3, {.lines = true}, TOTAL_AUTO, 2},
		{2, {.lines = true}, TOTAL_ONLY, 1},
		{2, {.width = true}, TOTAL_NEVER, 2},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct options o = {.columns = rows[i].columns,
		                    .total = rows[i].total,
		                    .names = words,
		                    .n_names = rows[i].n_names};
		struct operands *ops = operands_open(&o);
		assert_int_equal(operands_number_width(ops), rows[i].width);
		operands_close(ops);
	}
}

static void standard_input(void **state UNUSED)
{
	struct options o = {.columns = {.lines = true, .bytes = true}};
	int ends[2], saved = dup(0);
	assert_int_equal(pipe(ends), 0);
	dup2(ends[0], 0);
	struct operands *ops = operands_open(&o);
	unsigned width = operands_number_width(ops);
	close(0);
	struct operands *closed = operands_open(&o);
	unsigned width_closed = operands_number_width(closed);
	dup2(saved, 0);
	close(saved);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(width, 7);
	assert_int_equal(width_closed, 1);
	struct operand *op = next(ops, "-");
	assert_true(op->is_stdin && op->implicit);
	operands_release(op);
	none(ops);
	assert_int_equal(operands_taken(ops), 0);
	operands_close(ops);
	operands_close(closed);
}

static void small_list(void **state UNUSED)
{
	char bytes[256];
	int n = snprintf(bytes, sizeof(bytes), "%s%c%c-%c%s%cn\nl", five, 0, 0, 0, seven, 0);
	struct options o = {.columns.lines = true, .files0_from = list_path};
	write_file(list_path, bytes, (size_t)n);
	struct operands *ops = operands_open(&o);
	assert_non_null(ops);
	(void)operands_number_width(ops);
	struct operand *op = next(ops, five);
	assert_true(op->stat_known && op->size == 5);
	operands_release(op);
	op = next(ops, "");
	char message[128];
	snprintf(message, sizeof(message), "P: %s:2: invalid zero-length file name\n", list_path);
	assert_true(op->skip);
	says(message, operands_report_skip(ops, op));
	operands_release(op);
	op = next(ops, "-");
	assert_true(op->is_stdin && !op->skip);
	operands_release(op);
	operands_release(next(ops, seven));
	op = next(ops, "n\nl");
	assert_int_equal(op->record, 5);
	operands_release(op);
	none(ops);
	assert_int_equal(operands_taken(ops), 5);
	operands_close(ops);

	write_file(list_path, "", 0);
	ops = operands_open(&o);
	assert_int_equal(operands_number_width(ops), 1);
	none(ops);
	assert_int_equal(operands_taken(ops), 0);
	operands_close(ops);
}

/* Names are handed out as soon as they are there, and never waited for unless that is allowed. */
static void piped_list(void **state UNUSED)
{
	struct options o = {.columns = {.lines = true, .bytes = true}, .files0_from = "-"};
	struct operand *op, *first;
	int ends[2], saved = dup(0);
	assert_int_equal(pipe(ends), 0);
	dup2(ends[0], 0);
	close(ends[0]);
	struct operands *ops = operands_open(&o);
	assert_non_null(ops);
	assert_int_equal(operands_number_width(ops), 1);
	assert_int_equal(operands_next(ops, false, &op), SUPPLY_WAIT);
	assert_int_equal(write_all(ends[1], "one\0tw", 6), 0);
	assert_int_equal(operands_next(ops, false, &first), SUPPLY_ONE);
	assert_int_equal(operands_next(ops, false, &op), SUPPLY_WAIT);
	assert_int_equal(write_all(ends[1], "o\0-\0\0last", 9), 0);
	op = next(ops, "two");
	assert_false(op->stat_known || op->skip);
	operands_release(op);
	op = next(ops, "-");
	assert_true(op->skip);
	says("P: when reading file names from standard input, no file name of '-' allowed\n",
	     operands_report_skip(ops, op));
	operands_release(op);
	op = next(ops, "");
	says("P: -:4: invalid zero-length file name\n", operands_report_skip(ops, op));
	operands_release(op);
	assert_int_equal(operands_next(ops, false, &op), SUPPLY_WAIT);
	close(ends[1]);
	operands_release(next(ops, "last"));
	none(ops);
	assert_string_equal(first->name, "one"); /* its name is its own */
	operands_release(first);
	says("", operands_report_error(ops));
	operands_close(ops);
	dup2(saved, 0);
	close(saved);
}

/* Bad lists: those that cannot be opened end all, those that cannot be read end the names. */
static void bad_lists(void **state UNUSED)
{
	char *words[] = {(char[]){"x y"}};
	struct operands *ops = NULL;
	struct options o = {.columns.lines = true, .files0_from = "/no/such"};
	says("P: cannot open '/no/such' for reading: No such file or directory\n",
	     ops = operands_open(&o));
	assert_null(ops);
	o.names = words;
	o.n_names = 1;
	says("P: extra operand 'x y'\nfile operands cannot be combined with --files0-from\n"
	     "Try 'P --help' for more information.\n",
	     ops = operands_open(&o));
	assert_null(ops);

	o = (struct options){.columns.lines = true, .files0_from = "/"};
	ops = operands_open(&o);
	assert_non_null(ops);
	none(ops);
	says("P: /: read error: Is a directory\n", operands_report_error(ops));
	operands_close(ops);

	int saved = dup(0);
	close(0);
	o.files0_from = "-";
	ops = operands_open(&o);
	none(ops);
	operands_close(ops);
	dup2(saved, 0);
	close(saved);
	assert_int_equal(diag_status(), 1);
}

/* A list without an end to its first name must not take all memory. */
static void endless_name(void **state UNUSED)
{
	static char chunk[1 << 20];
	char path[] = "test-list-XXXXXX";
	const char *name;
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	memset(chunk, 'x', sizeof(chunk));
	for (int i = 0; i < 20; i++)
		assert_int_equal(write_all(fd, chunk, sizeof(chunk)), 0);
	struct namelist *list = namelist_open(path);
	unlink(path);
	assert_non_null(list);
	assert_false(namelist_is_small(list));
	assert_int_equal(namelist_next(list, true, &name), SUPPLY_NONE);
	assert_int_equal(namelist_error(list), ENAMETOOLONG);
	namelist_close(list);
	close(fd);
}

/* Many names in small reads come out as they went in. */
static void many_names(void **state UNUSED)
{
	enum { MANY = 300000 };
	char expected[16];
	const char *name;
	FILE *file = fopen(list_path, "w");
	assert_non_null(file);
	for (int i = 0; i < MANY; i++)
		fprintf(file, "%.*d%c", 1 + i % 9, i, 0);
	for (int i = 0; i < 11 << 20; i++)
		fputc('y', file); /* which makes it a list too long to be read at once */
	fclose(file);
	struct namelist *list = namelist_open(list_path);
	assert_false(namelist_is_small(list));
	for (int i = 0; i < MANY; i++) {
		snprintf(expected, sizeof(expected), "%.*d", 1 + i % 9, i);
		assert_int_equal(namelist_next(list, true, &name), SUPPLY_ONE);
		assert_string_equal(name, expected);
	}
	assert_int_equal(namelist_next(list, true, &name), SUPPLY_ONE);
	assert_int_equal(strlen(name), 11 << 20);
	assert_int_equal(namelist_next(list, true, &name), SUPPLY_NONE);
	assert_int_equal(namelist_error(list), 0);
	namelist_close(list);
}

/* Whatever the user has closed, a file is never opened as standard input or output. */
static void descriptors(void **state UNUSED)
{
	int saved[3];
	for (int i = 0; i < 3; i++)
		saved[i] = fcntl(i, F_DUPFD_CLOEXEC, 10);
	for (int i = 0; i < 3; i++)
		close(i);
	int fd = open_above_stdio("/dev/null", 0);
	int missing = open_above_stdio("/no/such", 0);
	int error = errno;
	bool closed = fcntl(0, F_GETFD) < 0 && fcntl(1, F_GETFD) < 0 && fcntl(2, F_GETFD) < 0;
	int flags = fcntl(fd, F_GETFD);
	for (int i = 0; i < 3; i++) {
		dup2(saved[i], i);
		close(saved[i]);
	}
	assert_true(fd > 2);
	assert_true(flags & FD_CLOEXEC);
	assert_true(closed);
	assert_int_equal(missing, -1);
	assert_int_equal(error, ENOENT);
	close(fd);
}

/* Bytes to be read of 12, for part 3 of 4 as these options have it. */
static uint64_t part_amount(enum part_align align, enum record_form form)
{
	char *words[] = {five, seven};
	struct options o = {
		.columns.records = true,
		.records = {form, ','},
		.align = align,
		.range = {.part = 3, .parts = 4},
		.names = words,
		.n_names = ARRAY_LEN(words),
	};
	struct operands *ops = operands_open(&o);
	assert_non_null(ops);
	struct amount amount = operands_amount(ops, true);
	assert_true(amount.files == 2);
	operands_close(ops);
	return amount.bytes;
}

static void amounts(void **state UNUSED)
{
	assert_true(part_amount(ALIGN_UNASKED, RECORDS_QUOTED) == 5 / 4 + 7 / 4);
	assert_true(part_amount(ALIGN_LINES, RECORDS_QUOTED) == 5 / 4 + 7 / 4);
	assert_true(part_amount(ALIGN_RECORDS, RECORDS_SEPARATED) == 5 / 4 + 7 / 4);
	/* What precedes such a part is read, too. */
	assert_true(part_amount(ALIGN_RECORDS, RECORDS_QUOTED) == 5 * 3 / 4 + 7 * 3 / 4);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),          cmocka_unit_test(widths),
		cmocka_unit_test(standard_input), cmocka_unit_test(small_list),
		cmocka_unit_test(piped_list),     cmocka_unit_test(bad_lists),
		cmocka_unit_test(endless_name),   cmocka_unit_test(many_names),
		cmocka_unit_test(descriptors),    cmocka_unit_test(amounts),
	};
	return unit_report(ARRAY_LEN(tests),
	                   cmocka_run_group_tests(tests, group_setup, group_teardown));
}
