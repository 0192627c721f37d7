/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The locale that the environment names: all of its categories, or none. GNU wc loads all of them,
 * which takes a quarter of the time that it runs on a small file. So here a category is loaded only
 * to be used, or to find out whether a locale exists: one category of each name that the
 * environment has beside that of the one in use, since a locale is installed with all categories.
 * Usually there is no other name.
 */
#include "base/base.h"
#include "base/diag.h"
#include "base/user_locale.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	int category;
} categories[] = {
	{"LC_CTYPE", LC_CTYPE},
	/* The smallest files first: it is from them that it is seen that a locale exists. */
	{"LC_NUMERIC", LC_NUMERIC},
	{"LC_TIME", LC_TIME},
	{"LC_MONETARY", LC_MONETARY},
	{"LC_MESSAGES", LC_MESSAGES},
#ifdef __GLIBC__
	{"LC_PAPER", LC_PAPER},
	{"LC_NAME", LC_NAME},
	{"LC_ADDRESS", LC_ADDRESS},
	{"LC_TELEPHONE", LC_TELEPHONE},
	{"LC_MEASUREMENT", LC_MEASUREMENT},
	{"LC_IDENTIFICATION", LC_IDENTIFICATION},
#endif
	{"LC_COLLATE", LC_COLLATE},
};

#ifdef __GLIBC__
enum { LOCALES_ARE_FILES = true };
#else
enum { LOCALES_ARE_FILES = false };
#endif

bool user_locale_is_file(void)
{
	return LOCALES_ARE_FILES;
}

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

/*
 * Is the locale of the category in the environment installed? It is C again afterwards. By
 * setlocale(), since newlocale() of glibc 2.36 leaks memory if LOCPATH is set.
 */
static bool is_installed(int category)
{
	bool installed = setlocale(category, "");
	int saved = errno;

	(void)setlocale(category, "C");
	errno = saved;
	return installed;
}

/* 0, or -1 and errno: a locale of another category than LC_CTYPE is not installed. */
static int check_others(void)
{
	const char *names[ARRAY_LEN(categories)];
	const char *lang = variable("LANG");

	if (variable("LC_ALL"))
		return 0; /* all of them are in this one */
	for (size_t i = 0; i < ARRAY_LEN(categories); i++) {
		names[i] = variable(categories[i].name);
		if (!names[i])
			names[i] = lang ? lang : "C";
		if (i > 0 && !is_builtin(names[i]) && !is_among(names[i], names, i) &&
		    !is_installed(categories[i].category))
			return -1;
	}
	return 0;
}

int user_locale_set(void)
{
	if (check_others() == 0 && setlocale(LC_CTYPE, ""))
		return 0;
	diag_keep_english();
	return -1;
}
