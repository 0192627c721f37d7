/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line: what it means, and what is said about what it does not mean. */
#include "unit.h"
#include "capture.h"

#include "base/diag.h"
#include "cli/help.h"
#include "cli/options.h"

#include <getopt.h>
#include <locale.h>

enum { WORDS_MAX = 10 };

static struct capture out, err;

/* Parses the words, the program's name first; a NULL ends them. */
static enum options_result parse(struct options *o, const char *const *words)
{
	static char *argv[WORDS_MAX + 2]; /* static: o->names points into it */
	int argc = 0;
	for (; words[argc]; argc++)
		argv[argc] = (char *)(uintptr_t)words[argc];
	argv[argc] = NULL;
	capture_start(&out, 1);
	capture_start(&err, 2);
	enum options_result result = options_parse(argc, argv, o);
	capture_end(&err);
	capture_end(&out);
	return result;
}

#define WORDS(...) ((const char *const[]){"P", ##__VA_ARGS__, NULL})

/* A command line that is right: parsed without a word. */
#define good(o, ...)                                                         \
	do {                                                                 \
		assert_int_equal(parse(o, WORDS(__VA_ARGS__)), OPTIONS_RUN); \
		assert_string_equal(err.text, "");                           \
		assert_string_equal(out.text, "");                           \
	} while (0)

/* One that is wrong: the message is this, and nothing is printed. */
#define bad(message, ...)                                                          \
	do {                                                                       \
		struct options wrong;                                              \
		assert_int_equal(parse(&wrong, WORDS(__VA_ARGS__)), OPTIONS_EXIT); \
		assert_string_equal(err.text, message);                            \
		assert_string_equal(out.text, "");                                 \
		assert_int_equal(diag_status(), 1);                                \
	} while (0)

#define TRY "Try 'P --help' for more information.\n"

static int setup(void **state UNUSED)
{
	unsetenv("PCOUNT_JOBS");
	unsetenv("POSIXLY_CORRECT");
	setlocale(LC_CTYPE, "C");
	diag_init("P");
	return 0;
}

/* The columns as letters, in the order of printing. */
static const char *letters(const struct options *o)
{
	static char text[6];
	char *p = text;
	const struct columns *c = &o->columns;
	if (c->lines)
		*p++ = 'l';
	if (c->words)
		*p++ = 'w';
	if (c->chars)
		*p++ = 'm';
	if (c->bytes)
		*p++ = 'c';
	if (c->width)
		*p++ = 'L';
	*p = '\0';
	return text;
}

static void defaults(void **state UNUSED)
{
	struct options o;
	good(&o);
	assert_string_equal(letters(&o), "lwc");
	assert_int_equal(o.total, TOTAL_AUTO);
	assert_null(o.files0_from);
	assert_false(o.debug);
	assert_false(o.posixly_correct);
	assert_int_equal(o.jobs, 0);
	assert_int_equal(o.engine, ENGINE_AUTO);
	assert_true(o.chunk_size == 0);
	assert_int_equal(o.stats, STATS_NONE);
	assert_int_equal(o.n_names, 0);
}

static void counts(void **state UNUSED)
{
	struct options o;
	good(&o, "-l");
	assert_string_equal(letters(&o), "l");
	good(&o, "-Lcmwl");
	assert_string_equal(letters(&o), "lwmcL");
	good(&o, "-m", "-c", "-m");
	assert_string_equal(letters(&o), "mc");
	good(&o, "--bytes", "--chars", "--lines", "--words", "--max-line-length");
	assert_string_equal(letters(&o), "lwmcL");
}

/* wc's abbreviations mean what they mean to wc, whatever else there is. */
static void abbreviations(void **state UNUSED)
{
	struct options o;
	good(&o, "--b");
	assert_string_equal(letters(&o), "c");
	good(&o, "--c");
	assert_string_equal(letters(&o), "m");
	good(&o, "--ch");
	assert_string_equal(letters(&o), "m");
	good(&o, "x", "--m", "y");
	assert_string_equal(letters(&o), "L");
	good(&o, "--d");
	assert_true(o.debug);
	good(&o, "--t=n");
	assert_int_equal(o.total, TOTAL_NEVER);
	good(&o, "--to", "o");
	assert_int_equal(o.total, TOTAL_ONLY);
	good(&o, "--f=x");
	assert_string_equal(o.files0_from, "x");
	good(&o, "--chu=7");
	assert_true(o.chunk_size == 7);
	good(&o, "--job=7", "--eng=s", "--stats=j");
	assert_int_equal(o.jobs, 7);
	assert_int_equal(o.engine, ENGINE_SERIAL);
	assert_int_equal(o.stats, STATS_JSON);
	good(&o, "-j", "3", "--c", "-lj4", "--chunk", "1M");
	assert_int_equal(o.jobs, 4);
	assert_true(o.chunk_size == 1 << 20);
	assert_string_equal(letters(&o), "lm");
}

static void operands(void **state UNUSED)
{
	struct options o;
	good(&o, "a", "-l", "b", "--", "-c");
	assert_string_equal(letters(&o), "l");
	assert_int_equal(o.n_names, 3);
	assert_string_equal(o.names[0], "a");
	assert_string_equal(o.names[1], "b");
	assert_string_equal(o.names[2], "-c");
	good(&o, "-", "-l", "");
	assert_int_equal(o.n_names, 2);
	assert_string_equal(o.names[0], "-");
	assert_string_equal(o.names[1], "");

	setenv("POSIXLY_CORRECT", "", 1);
	good(&o, "-w", "a", "-l", "--nonsense");
	assert_true(o.posixly_correct);
	assert_string_equal(letters(&o), "w");
	assert_int_equal(o.n_names, 3);
	assert_string_equal(o.names[1], "-l");
}

static void unknown_options(void **state UNUSED)
{
	bad("P: invalid option -- 'x'\n" TRY, "-x");
	bad("P: invalid option -- 'y'\n" TRY, "a", "-ly");
	bad("P: unrecognized option '--foo=bar'\n" TRY, "--foo=bar");
	bad("P: unrecognized option '--charsx'\n" TRY, "--charsx");
	bad("P: unrecognized option '--jsno'\nP: did you mean '--json'?\n" TRY, "--jsno");
	bad("P: unrecognized option '--enigne=x'\nP: did you mean '--engine'?\n" TRY, "--enigne=x");
	bad("P: unrecognized option '--jbos=3'\nP: did you mean '--jobs'?\n" TRY, "--jbos=3");
	bad("P: unrecognized option '--wrods'\n" TRY, "--wrods"); /* as wc has it */
	bad("P: unrecognized option '--xyz'\n" TRY, "--xyz");
	bad("P: option '--lines' doesn't allow an argument\n" TRY, "--li=3");
	bad("P: option '--total' requires an argument\n" TRY, "--total");
	bad("P: option '--files0-from' requires an argument\n" TRY, "--f");
	bad("P: option '--chunk-size' requires an argument\n" TRY, "--chunk");
	bad("P: option requires an argument -- 'j'\n" TRY, "-j");
	bad("P: option '--=x' is ambiguous; possibilities: '--bytes' '--chars' '--lines' '--words' "
	    "'--debug' '--files0-from' '--max-line-length' '--total' '--help' '--version'\n" TRY,
	    "--=x");
}

static void choices(void **state UNUSED)
{
	static const char valid[] = "Valid arguments are:\n  - 'auto'\n  - 'always'\n"
				    "  - 'only'\n  - 'never'\n" TRY;
	char message[512];
	struct options o;
	good(&o, "--total=al", "--total=au");
	assert_int_equal(o.total, TOTAL_AUTO);
	good(&o, "--engine=processes", "--stats");
	assert_int_equal(o.engine, ENGINE_PROCESSES);
	assert_int_equal(o.stats, STATS_TEXT);
	assert_int_equal(parse(&o, WORDS("--stats", "json")), OPTIONS_RUN);
	assert_string_equal(err.text, "P: json is taken for a file; did you mean --stats=json?\n");
	assert_int_equal(o.stats, STATS_TEXT);
	assert_int_equal(o.n_names, 1);

	snprintf(message, sizeof(message), "P: invalid argument 'foo' for '--total'\n%s", valid);
	bad(message, "--total=foo");
	snprintf(message, sizeof(message), "P: ambiguous argument 'a' for '--total'\n%s", valid);
	bad(message, "--t", "a");
	snprintf(message, sizeof(message), "P: ambiguous argument '' for '--total'\n%s", valid);
	bad(message, "--total=");
	snprintf(message, sizeof(message), "P: invalid argument 'ALWAYS' for '--total'\n%s", valid);
	bad(message, "--total=ALWAYS", "--help");
	bad("P: invalid argument 'e\\n' for '--engine'\nValid arguments are:\n  - 'auto'\n"
	    "  - 'serial'\n  - 'threads'\n  - 'processes'\n" TRY,
	    "--engine=e\n");
	bad("P: invalid argument 'xml' for '--stats'\nValid arguments are:\n  - 'text'\n"
	    "  - 'json'\n" TRY,
	    "--stats=xml");
	snprintf(message, sizeof(message), "P: invalid argument 'nevr' for '--total'\n%s", valid);
	bad(message, "--total=nevr"); /* as wc has it */
}

static void numbers(void **state UNUSED)
{
	struct options o;
	good(&o, "-j", "0");
	assert_int_equal(o.jobs, 0);
	good(&o, "-j4096");
	assert_int_equal(o.jobs, 4096);
	bad("P: invalid number of jobs: '4097' (valid: 0 to 4096)\n" TRY, "-j", "4097");
	bad("P: invalid number of jobs: '-1' (valid: 0 to 4096)\n" TRY, "--jobs=-1");
	bad("P: invalid number of jobs: '' (valid: 0 to 4096)\n" TRY, "--jobs=");
	bad("P: invalid number of jobs: '4K' (valid: 0 to 4096)\n" TRY, "-j4K");
	good(&o, "--chunk-size=64KiB");
	assert_true(o.chunk_size == 65536);
	bad("P: invalid chunk size: '0' (valid: 1 or more bytes; K, M, G may follow, as in "
	    "16M)\n" TRY,
	    "--chunk-size=0");
	bad("P: invalid chunk size: '1Q' (valid: 1 or more bytes; K, M, G may follow, as in "
	    "16M)\n" TRY,
	    "--chunk-size", "1Q");
	bad("P: invalid chunk size: '16E': Value too large for defined data type\n" TRY,
	    "--chunk-size=16E");
}

static void jobs_by_environment(void **state UNUSED)
{
	struct options o;
	setenv("PCOUNT_JOBS", "3", 1);
	good(&o, "-l");
	assert_int_equal(o.jobs, 3);
	good(&o, "-j5");
	assert_int_equal(o.jobs, 5);
	good(&o, "-j0");
	assert_int_equal(o.jobs, 0);
	setenv("PCOUNT_JOBS", "many", 1);
	bad("P: invalid number of jobs in PCOUNT_JOBS: 'many' (valid: 0 to 4096)\n", "-l");
	good(&o, "-j5");
	setenv("PCOUNT_JOBS", "", 1);
	good(&o, "-l");
	assert_int_equal(o.jobs, 0);
}

/* Help comes when it is met: nothing after it matters, everything before it does. */
static void help_and_version(void **state UNUSED)
{
	struct options o;
	assert_int_equal(parse(&o, WORDS("-l", "--help", "--total=x", "--foo")), OPTIONS_EXIT);
	assert_string_equal(err.text, "");
	assert_ptr_equal(strstr(out.text, "Usage: P [OPTION]... [FILE]...\n"), out.text);
	assert_null(strchr(out.text, '\033'));
	assert_int_equal(parse(&o, WORDS("--v")), OPTIONS_EXIT);
	assert_ptr_equal(strstr(out.text, "pcount "), out.text);
	assert_string_equal(err.text, "");
	bad("P: unrecognized option '--foo'\n" TRY, "--foo", "--help");
}

/* Help names every option there is, in lines a terminal of 80 columns can show. */
static void help_is_complete(void **state UNUSED)
{
	char name[64];
	capture_start(&out, 1);
	help_print();
	capture_end(&out);
	for (const struct option_spec *spec = option_specs; spec->name; spec++) {
		const char *end = spec->argument == no_argument         ? " "
		                  : spec->argument == optional_argument ? "["
		                                                        : "=";
		if (spec->letter)
			snprintf(name, sizeof(name), "  -%c, --%s%s", spec->letter, spec->name,
			         end);
		else
			snprintf(name, sizeof(name), "      --%s%s", spec->name, end);
		assert_non_null(strstr(out.text, name));
	}
	int lines = 0;
	for (char *line = strtok(out.text, "\n"); line; line = strtok(NULL, "\n")) {
		assert_true(strlen(line) < 80);
		lines++;
	}
	assert_in_range(lines, 24, 80);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(defaults),         TEST(counts),
		TEST(abbreviations),    TEST(operands),
		TEST(unknown_options),  TEST(choices),
		TEST(numbers),          TEST(jobs_by_environment),
		TEST(help_and_version), TEST(help_is_complete),
	};
	return unit_run(tests);
}
