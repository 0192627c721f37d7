/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names made safe to print, in the forms GNU wc uses, by the LC_CTYPE locale in force.
 *
 * Each function returns a string for quote_free(), never NULL: without memory it is a fixed text
 * that stands for the name.
 */
#ifndef PCOUNT_BASE_QUOTE_H
#define PCOUNT_BASE_QUOTE_H

#include "base/base.h"

/* For "PROGRAM: NAME: text": as it is, or as a shell word if it needs that; a colon does. */
char *quote_name(const char *name);

/* As a shell word in quotes, whether it needs them or not: "cannot open 'NAME'". */
char *quote_always(const char *name);

/* A user's text in the locale's quotes, with backslash escapes: "invalid argument 'x'". */
char *quote_locale(const char *text);

void quote_free(char *quoted);

#endif
