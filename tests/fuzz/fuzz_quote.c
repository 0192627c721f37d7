/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzer of quoting: what is printed holds no byte that could do anything to a terminal, and a
 * shell that reads the quoted name gets the name back.
 */
#include "base/quote.h"
#include "fuzz.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

int FUZZ_TARGET(const uint8_t *data, size_t n);

/* The character behind the backslash at p, in $'...'; returns what follows it. */
static const char *shell_escape(const char *p, char *c)
{
	static const char letters[] = "a\ab\bf\fn\nr\rt\tv\v\\\\''";

	if (p[1] >= '0' && p[1] <= '3') {
		fuzz_check(p[2] >= '0' && p[2] <= '7' && p[3] >= '0' && p[3] <= '7');
		*c = (char)((p[1] - '0') << 6 | (p[2] - '0') << 3 | (p[3] - '0'));
		return p + 4;
	}
	for (size_t i = 0; letters[i]; i += 2) {
		if (letters[i] == p[1]) {
			*c = letters[i + 1];
			return p + 2;
		}
	}
	fuzz_failed("a known escape", __FILE__, __LINE__);
}

/* One quoted stretch from p on, into *out; returns what follows it. */
static const char *shell_stretch(const char *p, char **out)
{
	if (*p == '"') {
		for (p++; *p != '"'; p++) {
			fuzz_check(*p && *p != '$' && *p != '`' && *p != '\\' && *p != '!');
			*(*out)++ = *p;
		}
		return p + 1;
	}
	if (*p == '\'') {
		for (p++; *p != '\''; p++) {
			fuzz_check(*p);
			*(*out)++ = *p;
		}
		return p + 1;
	}
	fuzz_check(p[0] == '$' && p[1] == '\'');
	for (p += 2; *p != '\'';) {
		fuzz_check(*p);
		if (*p == '\\')
			p = shell_escape(p, (*out)++);
		else
			*(*out)++ = *p++;
	}
	return p + 1;
}

/* Reads a word as a shell does: bare, '...', "...", $'...', \c. */
static void shell_read(const char *p, char *out)
{
	while (*p) {
		if (*p == '\'' || *p == '"' || (p[0] == '$' && p[1] == '\'')) {
			p = shell_stretch(p, &out);
		} else if (*p == '\\') {
			fuzz_check(p[1]);
			*out++ = p[1];
			p += 2;
		} else {
			fuzz_check(!strchr(" \t\n!\"$&()*;<=>?[^`|", *p));
			*out++ = *p++;
		}
	}
	*out = '\0';
}

/* Only characters that the locale can print. */
static void check_printable(const char *text)
{
	mbstate_t state = {0};
	size_t left = strlen(text);

	while (left > 0) {
		wchar_t c;
		size_t n = mbrtowc(&c, text, left, &state);
		fuzz_check(n != 0 && n != (size_t)-1 && n != (size_t)-2);
		fuzz_check(iswprint((wint_t)c));
		text += n;
		left -= n;
	}
}

static void check_shell(const char *name, char *quoted, bool always)
{
	char *back = malloc(strlen(quoted) + 1);

	fuzz_check(back);
	check_printable(quoted);
	shell_read(quoted, back);
	fuzz_check(strcmp(back, name) == 0);
	fuzz_check(strlen(quoted) == strlen(name) ? !always : strlen(quoted) >= strlen(name) + 2);
	free(back);
	quote_free(quoted);
}

int FUZZ_TARGET(const uint8_t *data, size_t n)
{
	if (n == 0)
		return 0;
	fuzz_check(setlocale(LC_CTYPE, data[0] & 1 ? "C.UTF-8" : "C"));
	char *name = malloc(n);
	fuzz_check(name);
	memcpy(name, data + 1, n - 1);
	name[n - 1] = '\0';
	check_shell(name, quote_name(name), false);
	check_shell(name, quote_always(name), true);
	char *quoted = quote_locale(name);
	check_printable(quoted);
	fuzz_check(strlen(quoted) >= strlen(name) + 2);
	quote_free(quoted);
	free(name);
	return 0;
}
