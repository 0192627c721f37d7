/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages on standard error, and the sticky exit status that any of them leaves behind. */
#include "base/base.h"
#include "base/diag.h"
#include "base/fd.h"
#include "base/quote.h"

#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *program = "pcount";
static bool failed;

void diag_init(const char *name)
{
	program = name;
}

const char *diag_program(void)
{
	return program;
}

int diag_status(void)
{
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

void diag_fail(void)
{
	failed = true;
}

void diag_use_language(void)
{
	static bool done;
	if (!done)
		setlocale(LC_MESSAGES, "");
	done = true;
}

/* Writes what vasprintf() has made: a length, or -1 if it had no memory. */
static void print_made(char *text, int len)
{
	static const char lost[] = "(a message is lost: out of memory)\n";
	if (len < 0)
		failed = true;
	if (write_all(STDERR_FILENO, len < 0 ? lost : text,
	              len < 0 ? sizeof(lost) - 1 : (size_t)len))
		failed = true;
	if (len >= 0)
		free(text);
}

/* "PROGRAM: message[: reason]\n" */
static void print_line(const char *reason, const char *fmt, va_list args)
{
	char *message, *line = NULL;
	int len = -1;
	if (vasprintf(&message, fmt, args) >= 0) {
		len = asprintf(&line, "%s: %s%s%s\n", program, message, reason ? ": " : "",
		               reason ? reason : "");
		free(message);
	}
	print_made(line, len);
}

void diag_error(int errnum, const char *fmt, ...)
{
	failed = true;
	if (errnum != 0)
		diag_use_language();
	va_list args;
	va_start(args, fmt);
	print_line(errnum != 0 ? strerror(errnum) : NULL, fmt, args);
	va_end(args);
}

void diag_name_error(int errnum, const char *name)
{
	char *quoted = quote_name(name);
	diag_error(errnum, "%s", quoted);
	quote_free(quoted);
}

void diag_note(const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	print_line(NULL, fmt, args);
	va_end(args);
}

void diag_more(const char *fmt, ...)
{
	char *text = NULL;
	va_list args;
	va_start(args, fmt);
	int len = vasprintf(&text, fmt, args);
	va_end(args);
	print_made(text, len);
}

void diag_try_help(void)
{
	failed = true;
	diag_more("Try '%s --help' for more information.\n", program);
}

void verify_failed(const char *cond, const char *file, int line)
{
	/* No allocation here: whatever is broken may be broken anywhere. */
	char text[256];
	int len = snprintf(text, sizeof(text), "%s: %s:%d: broken promise: %s\n", program, file,
	                   line, cond);
	if (len > 0)
		(void)write_all(STDERR_FILENO, text, min_u64((uint64_t)len, sizeof(text) - 1));
	abort();
}
