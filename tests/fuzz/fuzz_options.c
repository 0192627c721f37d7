/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzer of the command line: the input, split at NUL, is argv. What is accepted is in range, and
 * accepted again in the same way. What is printed goes to /dev/null.
 */
#include "base/diag.h"
#include "cli/options.h"
#include "fuzz.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int FUZZ_TARGET(const uint8_t *data, size_t n);

enum { OPTIONS_ARGS_MAX = 40 };

/* The words of the text as argv, each in the text itself. */
static int split_words(char *text, size_t n, char **argv)
{
	int argc = 0;

	argv[argc++] = NULL; /* the program's name, set by the caller */
	for (size_t at = 0; at < n && argc < OPTIONS_ARGS_MAX; at += strlen(text + at) + 1)
		argv[argc++] = text + at;
	argv[argc] = NULL;
	return argc;
}

static enum options_result parse_words(const char *text, size_t n, struct options *o, size_t *names)
{
	char *argv[OPTIONS_ARGS_MAX + 1], name[] = "pcount";
	char *copy = malloc(n + 1);

	fuzz_check(copy);
	memcpy(copy, text, n);
	copy[n] = '\0';
	int argc = split_words(copy, n, argv);
	argv[0] = name;
	enum options_result result = options_parse(argc, argv, o);
	*names = 0;
	if (result == OPTIONS_RUN) {
		fuzz_check(o->n_names < (size_t)argc);
		for (size_t i = 0; i < o->n_names; i++)
			*names += strlen(o->names[i]) + 1; /* they must be readable */
		fuzz_check(!o->files0_from || strlen(o->files0_from) <= n);
	}
	free(copy);
	return result;
}

int FUZZ_TARGET(const uint8_t *data, size_t n)
{
	static bool ready;
	struct options first, again;
	size_t names, names_again;

	if (!ready)
		diag_init("pcount");
	ready = true;
	fflush(stdout);
	int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);
	fuzz_check(null >= 0 && dup2(null, STDOUT_FILENO) >= 0 && dup2(null, STDERR_FILENO) >= 0);
	enum options_result result = parse_words((const char *)data, n, &first, &names);
	enum options_result once_more = parse_words((const char *)data, n, &again, &names_again);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	close(out);
	close(err);
	close(null);

	fuzz_check(result == once_more && names == names_again);
	if (result != OPTIONS_RUN)
		return 0;
	fuzz_check(first.jobs <= JOBS_MAX && first.jobs == again.jobs);
	fuzz_check(first.engine <= ENGINE_PROCESSES && first.engine == again.engine);
	fuzz_check(first.chunk_size == again.chunk_size && first.total == again.total);
	fuzz_check(first.columns.lines || first.columns.words || first.columns.chars ||
	           first.columns.bytes || first.columns.width || first.columns.records);
	fuzz_check(first.filter.n == again.filter.n);
	options_free(&first);
	options_free(&again);
	return 0;
}
