/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The locale that the environment names: all of its categories, or none. GNU wc loads all of them.
 * That takes a third of the time that counting a small file takes, so here a category is loaded
 * only to be used, or to find out whether its locale exists. If all categories are in the same
 * locale, that is known from the one in use.
 */
#include "base/base.h"
#include "base/user_locale.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	int category, mask;
} categories[] = {
	{"LC_CTYPE", LC_CTYPE, LC_CTYPE_MASK},
	{"LC_NUMERIC", LC_NUMERIC, LC_NUMERIC_MASK},
	{"LC_TIME", LC_TIME, LC_TIME_MASK},
	{"LC_COLLATE", LC_COLLATE, LC_COLLATE_MASK},
	{"LC_MONETARY", LC_MONETARY, LC_MONETARY_MASK},
	{"LC_MESSAGES", LC_MESSAGES, LC_MESSAGES_MASK},
#ifdef __GLIBC__
	{"LC_PAPER", LC_PAPER, LC_PAPER_MASK},
	{"LC_NAME", LC_NAME, LC_NAME_MASK},
	{"LC_ADDRESS", LC_ADDRESS, LC_ADDRESS_MASK},
	{"LC_TELEPHONE", LC_TELEPHONE, LC_TELEPHONE_MASK},
	{"LC_MEASUREMENT", LC_MEASUREMENT, LC_MEASUREMENT_MASK},
	{"LC_IDENTIFICATION", LC_IDENTIFICATION, LC_IDENTIFICATION_MASK},
#endif
};

/* The value of a variable; NULL if it is not set or empty, which is the same to setlocale(). */
static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* C and POSIX are always there. */
static bool is_builtin(const char *locale)
{
	return strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
}

/* The categories whose locale must be loaded to know that it exists, once that of `category` is. */
static int doubtful(int category)
{
	const char *locale[ARRAY_LEN(categories)], *loaded = "C";
	const char *otherwise = variable("LANG");
	int mask = 0;

	if (variable("LC_ALL"))
		return 0; /* all of them are in this one */
	for (size_t i = 0; i < ARRAY_LEN(categories); i++) {
		locale[i] = variable(categories[i].name);
		if (!locale[i])
			locale[i] = otherwise ? otherwise : "C";
		if (categories[i].category == category)
			loaded = locale[i];
	}
	for (size_t i = 0; i < ARRAY_LEN(categories); i++)
		if (!is_builtin(locale[i]) && strcmp(locale[i], loaded) != 0)
			mask |= categories[i].mask;
	return mask;
}

int user_locale_set(int category)
{
	int mask = doubtful(category);

	if (mask != 0) {
		locale_t others = newlocale(mask, "", (locale_t)0);
		if (!others)
			return -1;
		freelocale(others);
	}
	return setlocale(category, "") ? 0 : -1;
}
