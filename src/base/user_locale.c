/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The locale that the environment names: all of its categories, or none. GNU wc loads all of them,
 * which takes a quarter of the time that it runs on a small file. So here a category is loaded only
 * to be used, or to find out whether a locale exists: one category of each name that the
 * environment has beside that of the one in use, since a locale is installed with all categories.
 * Usually there is no other name.
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
	/* The smallest files first: it is from them that it is seen that a locale exists. */
	{"LC_NUMERIC", LC_NUMERIC, LC_NUMERIC_MASK},
	{"LC_TIME", LC_TIME, LC_TIME_MASK},
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
	{"LC_COLLATE", LC_COLLATE, LC_COLLATE_MASK},
	{"LC_CTYPE", LC_CTYPE, LC_CTYPE_MASK},
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

static bool is_among(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Categories to be loaded, one of each locale that is not known to exist once `category` is. */
static int doubtful(int category)
{
	const char *names[ARRAY_LEN(categories)], *in_use = "C";
	const char *lang = variable("LANG");
	int mask = 0;

	if (variable("LC_ALL"))
		return 0; /* all of them are in this one */
	for (size_t i = 0; i < ARRAY_LEN(categories); i++) {
		names[i] = variable(categories[i].name);
		if (!names[i])
			names[i] = lang ? lang : "C";
		if (categories[i].category == category)
			in_use = names[i];
	}
	for (size_t i = 0; i < ARRAY_LEN(categories); i++)
		if (!is_builtin(names[i]) && strcmp(names[i], in_use) != 0 &&
		    !is_among(names[i], names, i))
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
