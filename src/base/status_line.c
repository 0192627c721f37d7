/* SPDX-License-Identifier: BSD-2-Clause */
/* A line on the terminal that is drawn again and again. */
#include "base/base.h"
#include "base/status_line.h"

#include "base/terminal.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static struct {
	volatile sig_atomic_t drawn;
	volatile sig_atomic_t suspended; /* something else is being written */
	volatile sig_atomic_t on_stdout; /* standard output is a terminal too, hence the same one */
	unsigned columns;                /* of the terminal when it was drawn */
	size_t len;
	char text[STATUS_LINE_MAX];
} line;

/* What cannot be written is not worth a message. */
static void put(const char *bytes, size_t n)
{
	ssize_t written = write(STDERR_FILENO, bytes, n);

	(void)written;
}

static bool has_resized(void)
{
	return terminal_size(STDERR_FILENO).columns != line.columns;
}

static void put_line(void)
{
	static const char end[] = "\033[K\r";
	char bytes[1 + STATUS_LINE_MAX + sizeof end] = "\r";

	memcpy(bytes + 1, line.text, line.len);
	memcpy(bytes + 1 + line.len, end, sizeof end - 1);
	line.drawn = 1;
	put(bytes, 1 + line.len + sizeof end - 1);
}

void status_line_erase(void)
{
	int saved = errno;

	if (!line.drawn)
		return;
	/* A narrower terminal may have wrapped it: then more rows than one are the line's. */
	if (has_resized())
		put("\r\033[J", 4);
	else
		put("\r\033[K", 4);
	line.drawn = 0;
	errno = saved;
}

void status_line_draw(const char *text, size_t n)
{
	int saved = errno;

	if (line.suspended || n > STATUS_LINE_MAX)
		return;
	if (line.drawn && has_resized())
		status_line_erase();
	memcpy(line.text, text, n);
	line.len = n;
	line.columns = terminal_size(STDERR_FILENO).columns;
	put_line();
	errno = saved;
}

void status_line_init(void)
{
	line.on_stdout = terminal_is(STDOUT_FILENO);
}

enum status_line_state status_line_suspend(int fd)
{
	bool in_the_way = fd == STDERR_FILENO || (fd == STDOUT_FILENO && line.on_stdout);

	if (!in_the_way || line.suspended)
		return STATUS_LINE_UNTOUCHED;
	line.suspended = 1; /* first: a signal may come now, and draw */
	bool drawn = line.drawn;
	status_line_erase();
	return drawn ? STATUS_LINE_ERASED : STATUS_LINE_ABSENT;
}

void status_line_resume(enum status_line_state state)
{
	int saved = errno;

	if (state == STATUS_LINE_UNTOUCHED)
		return;
	if (state == STATUS_LINE_ERASED && !has_resized())
		put_line();
	line.suspended = 0;
	errno = saved;
}
