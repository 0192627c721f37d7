/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be done on a terminal. */
#include "base/base.h"
#include "base/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

bool terminal_is(int fd)
{
	struct termios termios;

	return tcgetattr(fd, &termios) == 0;
}

bool terminal_is_smart(int fd)
{
	const char *term = getenv("TERM");

	return term && *term && strcmp(term, "dumb") != 0 && terminal_is(fd);
}

bool terminal_may_color(int fd)
{
	const char *unwanted = getenv("NO_COLOR");

	return !(unwanted && *unwanted) && terminal_is_smart(fd);
}

struct terminal_size terminal_size(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) != 0)
		return (struct terminal_size){0};
	return (struct terminal_size){.columns = size.ws_col, .rows = size.ws_row};
}

bool terminal_is_background(int fd)
{
	pid_t foreground = tcgetpgrp(fd);

	return foreground >= 0 && foreground != getpgrp();
}
