/* SPDX-License-Identifier: BSD-2-Clause */
/* Standard output or error into a file without a name, for tests of what is printed. */
#ifndef PCOUNT_TESTS_CAPTURE_H
#define PCOUNT_TESTS_CAPTURE_H

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct capture {
	int fd;    /* 1 or 2, now written to the file */
	int saved; /* what it was */
	char text[16384];
};

static inline void capture_start(struct capture *c, int fd)
{
	c->fd = fd;
	c->saved = fcntl(fd, F_DUPFD_CLOEXEC, 10);
	FILE *file = tmpfile();
	assert_true(c->saved >= 0 && file && dup2(fileno(file), fd) == fd);
	fclose(file);
}

/* Ends it; c->text is what was written. */
static inline void capture_end(struct capture *c)
{
	ssize_t n = pread(c->fd, c->text, sizeof(c->text) - 1, 0);
	dup2(c->saved, c->fd);
	close(c->saved);
	assert_true(n >= 0);
	c->text[n] = '\0';
}

#endif
