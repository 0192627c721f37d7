/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages on standard error, and the sticky exit status that they leave. For the
 * main thread only. Standard error that cannot be written makes the exit status 1.
 *
 * Whatever a message is made of, what is not printable in it is escaped (quote_message()), so that
 * it can do nothing to a terminal; newlines and TABs stay. Names should be quoted all the same, by
 * quote.h, to be told apart from the rest.
 */
#ifndef PCOUNT_BASE_DIAG_H
#define PCOUNT_BASE_DIAG_H

#include "base/base.h"

/* `program`: argv[0] as given, printed raw before every message; kept by pointer. */
void diag_init(const char *program);
const char *diag_program(void);

/*
 * Prints "PROGRAM: message", then ": strerror(errnum)" if errnum is not 0, and a newline, by one
 * write(2); the exit status becomes 1. The text of errnum is in the user's LC_MESSAGES language
 * (that locale category is set up here, when first needed).
 */
void diag_error(int errnum, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* diag_error(errnum, "%s", name), the name quoted if it needs it: "PROGRAM: NAME: strerror". */
void diag_name_error(int errnum, const char *name);

/* A message in the form of diag_error() that leaves the exit status alone: --debug, notes. */
void diag_note(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Prints just this text, by one write(2): further lines of a message. */
void diag_more(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* diag_more() without escapes: a report of nothing but our own words, which may be in color. */
void diag_report(const char *text);

/* Prints "Try 'PROGRAM --help' for more information." and sets the exit status to 1. */
void diag_try_help(void);

/* Sets up LC_MESSAGES, for messages that the C library prints by itself. */
void diag_use_language(void);
/* From now on that does nothing: the locale that the environment names is not there. */
void diag_keep_english(void);

/* The exit status so far: 0, 1 once anything has gone wrong, or what diag_fail_with() has set. */
int diag_status(void);
/* Sets it to `status`, unless it is a larger one already; without a message. */
void diag_fail_with(int status);

#endif
