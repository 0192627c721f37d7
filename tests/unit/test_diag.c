/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages and the exit status they leave. The order of the tests matters: the status is sticky. */
#include "unit.h"
#include "capture.h"

#include "base/diag.h"

#include <errno.h>
#include <sys/socket.h>

static struct capture err;

#define says(expected, call)                             \
	do {                                             \
		capture_start(&err, 2);                  \
		call;                                    \
		capture_end(&err);                       \
		assert_string_equal(err.text, expected); \
	} while (0)

static void notes(void **state UNUSED)
{
	assert_string_equal(diag_program(), "pcount");
	diag_init("./a b");
	says("./a b: 1 and 2\n", diag_note("%d and %s", 1, "2"));
	says("as it is", diag_more("%s", "as it is"));
	assert_int_equal(diag_status(), 0);
}

/* Standard error on a full device: what was to be said is not, and the status tells. */
static void unwritable(void **state UNUSED)
{
	int saved = dup(2), full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_true(full >= 0);
	dup2(full, 2);
	diag_note("lost");
	dup2(saved, 2);
	close(saved);
	close(full);
	assert_int_equal(diag_status(), 1);
}

static void errors(void **state UNUSED)
{
	says("./a b: plain\n", diag_error(0, "plain"));
	says("./a b: x: No such file or directory\n", diag_error(ENOENT, "%s", "x"));
	says("./a b: 'a b': Is a directory\n", diag_name_error(EISDIR, "a b"));
	says("Try './a b --help' for more information.\n", diag_try_help());
	/* What is not printable reaches no terminal, by whatever way it got into a message. */
	says("./a b: \\033[31m\tx\ny\\r\\377\n", diag_note("%s", "\033[31m\tx\ny\r\377"));
	says("./a b: x\\033: Is a directory\n", diag_error(EISDIR, "x%c", '\033'));
	says("\\177\n", diag_more("%s", "\177\n"));
	/* Its own name is printed as it was given. */
	diag_init("\033");
	says("\033: x\n", diag_note("x"));
	says("Try '\033 --help' for more information.\n", diag_try_help());
	diag_init("./a b");
	assert_int_equal(diag_status(), 1);
}

/* One message, one write(2), however long; datagrams keep the borders. */
static void one_write(void **state UNUSED)
{
	static char got[65536], name[30001];
	int pair[2], saved = dup(2);
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	memset(name, 'n', sizeof(name) - 1);
	dup2(pair[1], 2);
	diag_error(ENAMETOOLONG, "%s", name);
	dup2(saved, 2);
	close(saved);
	assert_int_equal(recv(pair[0], got, sizeof(got), 0),
	                 strlen("./a b: ") + 30000 + strlen(strerror(ENAMETOOLONG)) +
	                         strlen(": \n"));
	assert_int_equal(recv(pair[0], got, sizeof(got), MSG_DONTWAIT), -1);
	close(pair[0]);
	close(pair[1]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(notes),
		cmocka_unit_test(unwritable),
		cmocka_unit_test(errors),
		cmocka_unit_test(one_write),
	};
	return unit_run(tests);
}
