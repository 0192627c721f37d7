/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages on standard error, and the sticky exit status that they leave. */
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
static int exit_status = EXIT_SUCCESS;
static bool language_is_set;

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
	return exit_status;
}

void diag_fail_with(int status)
{
	if (status > exit_status)
		exit_status = status;
}

void diag_use_language(void)
{
	if (!language_is_set)
		setlocale(LC_MESSAGES, "");
	language_is_set = true;
}

void diag_keep_english(void)
{
	language_is_set = true;
}

/* A message being built, to be written at once. */
struct message {
	char *text;
	size_t len, room;
	char fixed[1024]; /* where it begins; a longer one that gets no memory is cut off here */
};

static void message_append(struct message *m, const char *fmt, va_list args)
{
	va_list again;
	va_copy(again, args);
	size_t left = m->room - m->len;
	int n = vsnprintf(m->text + m->len, left, fmt, args);
	if (n > 0 && (size_t)n >= left) {
		size_t room = m->room + (size_t)n;
		char *longer = malloc(room);
		if (longer) {
			memcpy(longer, m->text, m->len);
			vsnprintf(longer + m->len, room - m->len, fmt, again);
			if (m->text != m->fixed)
				free(m->text);
			m->text = longer;
			m->room = room;
		} else {
			n = (int)left - 1;
			m->text[m->room - 2] = '\n';
		}
	}
	m->len += n > 0 ? (size_t)n : 0;
	va_end(again);
}

PRINTF_LIKE(2, 3) static void message_add(struct message *m, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	message_append(m, fmt, args);
	va_end(args);
}

/* Escapes what is not printable after the first `start` bytes. */
static void message_escape(struct message *m, size_t start)
{
	if (quote_is_printable(m->text + start))
		return;
	char *quoted = quote_message(m->text + start);
	m->len = start;
	message_add(m, "%s", quoted);
	quote_free(quoted);
}

static void message_start(struct message *m)
{
	m->text = m->fixed;
	m->len = 0;
	m->room = sizeof(m->fixed);
}

static void message_write(struct message *m)
{
	if (write_all(STDERR_FILENO, m->text, m->len) != 0)
		diag_fail_with(EXIT_FAILURE);
	if (m->text != m->fixed)
		free(m->text);
}

/* "PROGRAM: message[: reason]\n" */
static void print_line(const char *reason, const char *fmt, va_list args)
{
	struct message m;
	message_start(&m);
	message_add(&m, "%s: ", program);
	size_t start = m.len;
	message_append(&m, fmt, args);
	message_escape(&m, start);
	message_add(&m, "%s%s\n", reason ? ": " : "", reason ? reason : "");
	message_write(&m);
}

void diag_error(int errnum, const char *fmt, ...)
{
	diag_fail_with(EXIT_FAILURE);
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
	struct message m;
	va_list args;
	message_start(&m);
	va_start(args, fmt);
	message_append(&m, fmt, args);
	va_end(args);
	message_escape(&m, 0);
	message_write(&m);
}

void diag_report(const char *text)
{
	if (write_all(STDERR_FILENO, text, strlen(text)) != 0)
		diag_fail_with(EXIT_FAILURE);
}

void diag_try_help(void)
{
	struct message m;

	diag_fail_with(EXIT_FAILURE);
	message_start(&m);
	message_add(&m, "Try '%s --help' for more information.\n", program);
	message_write(&m);
}

void verify_failed(const char *cond, const char *file, int line)
{
	/* No allocation here: whatever is broken may be broken anywhere. */
	char text[256];
	int len = snprintf(text, sizeof(text), "%s: %s:%d: broken promise: %s\n", program, file,
	                   line, cond);
	if (len > 0)
		(void)write_all(STDERR_FILENO, text, min_size((size_t)len, sizeof(text) - 1));
	abort();
}
