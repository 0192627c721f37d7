/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names made safe to print, in the forms GNU wc uses, by the LC_CTYPE locale in force.
 *
 * A string that is returned is for quote_free(), and never NULL: without memory it is a fixed text
 * that stands for the name.
 *
 * wc takes for printable what the locale does, and that has the characters which turn the direction
 * of what follows them. Where a message or a page is pcount's own, the functions that escape those,
 * too, are the ones to use.
 */
#ifndef PCOUNT_BASE_QUOTE_H
#define PCOUNT_BASE_QUOTE_H

#include "base/base.h"

/* What messages call standard input where no operand names it. */
#define STDIN_TITLE "standard input"

/* For "PROGRAM: NAME: text": as it is, or as a shell word if it needs that; a colon does. */
char *quote_name(const char *name);

/* As a shell word in quotes, whether it needs them or not: "cannot open 'NAME'". */
char *quote_always(const char *name);

/* A user's text in the locale's quotes, with backslash escapes: "invalid argument 'x'". */
char *quote_locale(const char *text);

/* The form of quote_name(), for what wc does not print: nothing in it turns what follows. */
char *quote_own_name(const char *name);

/* The form of quote_locale(), likewise. */
char *quote_own_locale(const char *text);

/* A text of others within a message of ours: as it is, but for escapes of what may do harm. */
char *quote_text(const char *text);

/* A whole message: as it is, newlines and TABs too, but for escapes of what is not printable. */
char *quote_message(const char *message);

void quote_free(char *quoted);

/* Would quote_text() change nothing? */
bool quote_is_harmless(const char *text);
/* Does the Unicode character turn the direction of the text after it (a bidi control)? */
bool quote_turns(uint32_t c);

/*
 * Would the text do something to a terminal, if it were printed as it is? Bytes that are merely no
 * characters of the locale would not.
 */
bool quote_has_controls(const char *text);
/* Would quote_message() change nothing? */
bool quote_is_printable(const char *message);

#endif
