/* SPDX-License-Identifier: BSD-2-Clause */
/* The locale that the environment names: all of its categories, or none. */
#ifndef PCOUNT_BASE_USER_LOCALE_H
#define PCOUNT_BASE_USER_LOCALE_H

/*
 * Sets `category` (LC_CTYPE or LC_MESSAGES) from the environment, as setlocale(LC_ALL, "") would:
 * if the locale of any other category is not installed either, the category remains as it is. The
 * other categories are not set: numbers are always printed as in C.
 *
 * 0, or -1 and errno; ENOMEM: there may be such a locale, but no memory for it. Main thread only.
 */
int user_locale_set(int category);

#endif
