/* SPDX-License-Identifier: BSD-2-Clause */
/* The locale that the environment names: all of its categories, or none. */
#ifndef PCOUNT_BASE_USER_LOCALE_H
#define PCOUNT_BASE_USER_LOCALE_H

#include "base/base.h"

/*
 * Sets LC_CTYPE from the environment, as setlocale(LC_ALL, "") would: if the locale of any category
 * is not installed it remains C, and messages remain English. Of the others only LC_MESSAGES is
 * ever set, by diag_use_language(): numbers are always printed as in C.
 *
 * 0, or -1 and errno; ENOMEM: there may be such a locale, but no memory for it. Before any thread
 * is started.
 */
int user_locale_set(void);

/* Are locales files, which a user may change? Else they are part of the C library. */
bool user_locale_is_file(void);

#endif
