/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line: argv in, one constant struct out. */
#include "base/base.h"
#include "base/diag.h"
#include "base/quote.h"
#include "cli/arguments.h"
#include "cli/choices.h"
#include "cli/conflicts.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/suggest.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Keys of options without a letter; those with one have the letter. */
enum {
	KEY_DEBUG = 256,
	KEY_NO_CACHE,
	KEY_FILES0_FROM,
	KEY_TOTAL,
	KEY_VERSION,
	KEY_ENGINE,
	KEY_CHUNK_SIZE,
	KEY_STATS,
	KEY_STATS_FILE,
	KEY_PROGRESS,
	KEY_JSON,
	KEY_MEMORY_LIMIT,
	KEY_ONE_FILE_SYSTEM,
	KEY_PART,
	KEY_OFFSET,
	KEY_LENGTH,
	KEY_PARTIAL,
	KEY_MERGE,
	KEY_ENCODING,
	KEY_JOURNAL,
	KEY_FOLLOW,
	KEY_TEXT,
	KEY_TYPE,
	KEY_PROFILE,
	KEY_INCLUDE,
	KEY_EXCLUDE,
	KEY_EXCLUDE_DIR,
	KEY_TEE,
	KEY_OUTPUT,
	KEY_RECORDS,
	KEY_BORDERS,
	KEY_ALIGN,
};

/* zstd's own: windows of --long=27 and, for xz, every preset. */
#define MEMORY_LIMIT_DEFAULT (UINT64_C(128) << 20)

/* As often as tail -f checks. */
#define FOLLOW_DEFAULT_NS UINT64_C(1000000000)

/* Those of wc are in the order in which GNU wc lists them when an abbreviation is ambiguous. */
const struct option_spec option_specs[] = {
	{"bytes", 'c', no_argument, true, 'c'},
	{"chars", 'm', no_argument, true, 'm'},
	{"lines", 'l', no_argument, true, 'l'},
	{"words", 'w', no_argument, true, 'w'},
	{"debug", 0, no_argument, true, KEY_DEBUG},
	{"files0-from", 0, required_argument, true, KEY_FILES0_FROM},
	{"max-line-length", 'L', no_argument, true, 'L'},
	{"total", 0, required_argument, true, KEY_TOTAL},
	{"help", 'h', no_argument, true, 'h'},
	{"version", 0, no_argument, true, KEY_VERSION},
	{"records", 0, required_argument, false, KEY_RECORDS},
	{"jobs", 'j', required_argument, false, 'j'},
	{"engine", 0, required_argument, false, KEY_ENGINE},
	{"chunk-size", 0, required_argument, false, KEY_CHUNK_SIZE},
	{"decompress", 'z', optional_argument, false, 'z'},
	{"memory-limit", 0, required_argument, false, KEY_MEMORY_LIMIT},
	{"recursive", 'r', no_argument, false, 'r'},
	{"no-cache", 0, no_argument, false, KEY_NO_CACHE},
	{"one-file-system", 0, no_argument, false, KEY_ONE_FILE_SYSTEM},
	{"include", 0, required_argument, false, KEY_INCLUDE},
	{"exclude", 0, required_argument, false, KEY_EXCLUDE},
	{"exclude-dir", 0, required_argument, false, KEY_EXCLUDE_DIR},
	{"profile", 0, no_argument, false, KEY_PROFILE},
	{"json", 0, no_argument, false, KEY_JSON},
	{"encoding", 0, required_argument, false, KEY_ENCODING},
	{"text", 0, no_argument, false, KEY_TEXT},
	{"type", 0, optional_argument, false, KEY_TYPE},
	{"progress", 0, optional_argument, false, KEY_PROGRESS},
	{"stats", 0, optional_argument, false, KEY_STATS},
	{"stats-file", 0, required_argument, false, KEY_STATS_FILE},
	{"tee", 0, no_argument, false, KEY_TEE},
	{"output", 0, required_argument, false, KEY_OUTPUT},
	{"follow", 0, optional_argument, false, KEY_FOLLOW},
	{"part", 0, required_argument, false, KEY_PART},
	{"align", 0, required_argument, false, KEY_ALIGN},
	{"borders", 0, required_argument, false, KEY_BORDERS},
	{"offset", 0, required_argument, false, KEY_OFFSET},
	{"length", 0, required_argument, false, KEY_LENGTH},
	{"partial", 0, no_argument, false, KEY_PARTIAL},
	{"merge", 0, no_argument, false, KEY_MERGE},
	{"journal", 0, required_argument, false, KEY_JOURNAL},
	{0},
};

/* The forms of option_specs that getopt_long() wants. */
struct getopt_tables {
	struct option wc[ARRAY_LEN(option_specs)]; /* wc's own options only */
	struct option all[ARRAY_LEN(option_specs)];
	char letters[2 * ARRAY_LEN(option_specs) + 2];
};

static void tables_init(struct getopt_tables *tables, bool permute)
{
	struct option *wc = tables->wc, *all = tables->all;
	char *letter = tables->letters;

	if (!permute)
		*letter++ = '+'; /* glibc asks for POSIXLY_CORRECT itself, musl does not */
	for (const struct option_spec *spec = option_specs; spec->name; spec++) {
		*all = (struct option){spec->name, spec->argument, NULL, spec->key};
		if (spec->of_wc)
			*wc++ = *all;
		all++;
		if (spec->letter)
			*letter++ = spec->letter;
		if (spec->letter && spec->argument == required_argument)
			*letter++ = ':';
	}
	*all = *wc = (struct option){0};
	*letter = '\0';
}

/*
 * Is the next word with a long option an abbreviation of one that wc has? Then it must mean what
 * it means to wc, though "--c" could be --chunk-size as well. Words that are no long option do not
 * matter here, so it does not matter either whether "--" and arguments of options are skipped.
 */
static bool next_is_of_wc(int argc, char **argv, bool permute)
{
	for (int i = optind > 0 ? optind : 1; i < argc; i++) {
		const char *word = argv[i];
		if (word[0] != '-' || word[1] == '\0') {
			if (permute)
				continue;
			return false;
		}
		if (word[1] != '-')
			return false;
		size_t len = strcspn(word + 2, "=");
		for (const struct option_spec *spec = option_specs; spec->name; spec++)
			if (spec->of_wc && strncmp(spec->name, word + 2, len) == 0)
				return true;
		return false;
	}
	return false;
}

/*
 * Takes in an option whose argument is a number. 0, or -1: it is reported, with a pointer to
 * --help, as bad words are.
 */
static int option_take_number(struct options *o, int key, const char *argument)
{
	struct file_range *range = &o->range;
	int status = -1;

	switch (key) {
	case 'j':
		status = argument_jobs(argument, "number of jobs", &o->jobs);
		break;
	case KEY_CHUNK_SIZE:
		status = argument_size(argument, "chunk size", 1, &o->chunk_size);
		break;
	case KEY_MEMORY_LIMIT:
		status = argument_size(argument, "memory limit", 1, &o->memory_limit);
		break;
	case KEY_FOLLOW:
		o->follow = true;
		status = argument ? argument_seconds(argument, &o->follow_ns) : 0;
		break;
	case KEY_PART:
		status = argument_part(argument, range);
		break;
	case KEY_BORDERS:
		status = argument_parts(argument, &o->borders);
		break;
	case KEY_OFFSET:
		status = argument_size(argument, "offset", 0, &range->offset);
		range->some = true;
		break;
	case KEY_LENGTH:
		status = argument_size(argument, "length", 0, &range->length);
		range->some = true;
		break;
	}
	if (status != 0)
		diag_try_help();
	return status;
}

/* 0, or -1: reported. */
static int option_take_glob(struct options *o, enum filter_kind kind, const char *glob)
{
	if (filter_add(&o->filter, kind, glob) == 0)
		return 0;
	diag_error(errno, "cannot read the command line");
	return -1;
}

/* Takes in one option that has an argument of its own kind. 0, or -1: the argument is reported. */
static int option_take_argument(struct options *o, int key, const char *argument)
{
	int choice = 0;

	switch (key) {
	case KEY_TOTAL:
		choice = argument_choice(&choice_total, argument);
		o->total = (enum total_when)choice;
		break;
	case KEY_ENGINE:
		choice = argument_choice(&choice_engine, argument);
		o->engine = (enum engine_choice)choice;
		break;
	case KEY_PROGRESS:
		choice = argument ? argument_choice(&choice_progress, argument) : PROGRESS_ALWAYS;
		o->progress = (enum progress_when)choice;
		break;
	case KEY_STATS:
		choice = argument ? argument_choice(&choice_stats, argument) : 0;
		o->stats = (enum stats_format)(STATS_TEXT + choice);
		break;
	case KEY_STATS_FILE:
		o->stats_file = argument;
		break;
	case KEY_OUTPUT:
		o->output = argument;
		break;
	case KEY_TYPE:
		choice = argument ? argument_choice(&choice_type, argument) : 0;
		o->types = (enum type_report)(TYPES_COLUMN + choice);
		break;
	case 'z':
		choice = argument ? argument_choice(&choice_decompress, argument) : FORMAT_AUTO;
		o->decompress = (enum format)choice;
		break;
	case KEY_ALIGN:
		choice = argument_choice(&choice_align, argument);
		o->align = (enum part_align)(ALIGN_LINES + choice);
		break;
	case KEY_RECORDS:
		o->columns.records = true;
		choice = argument_records(argument, &o->records);
		break;
	case KEY_ENCODING:
		o->encoding = argument;
		break;
	case KEY_FILES0_FROM:
		o->files0_from = argument;
		break;
	case KEY_JOURNAL:
		o->journal = argument;
		break;
	case KEY_INCLUDE:
		return option_take_glob(o, FILTER_INCLUDE, argument);
	case KEY_EXCLUDE:
		return option_take_glob(o, FILTER_EXCLUDE, argument);
	case KEY_EXCLUDE_DIR:
		return option_take_glob(o, FILTER_EXCLUDE_DIR, argument);
	default:
		return option_take_number(o, key, argument);
	}
	return choice < 0 ? -1 : 0;
}

/* Takes in one option. 0, or -1: the program ends here, and all is said. */
static int option_take(struct options *o, int key, const char *argument)
{
	switch (key) {
	case 'c':
		o->columns.bytes = true;
		return 0;
	case 'm':
		o->columns.chars = true;
		return 0;
	case 'l':
		o->columns.lines = true;
		return 0;
	case 'w':
		o->columns.words = true;
		return 0;
	case 'L':
		o->columns.width = true;
		return 0;
	case 'r':
		o->recursive = true;
		return 0;
	case KEY_PARTIAL:
		o->partial = true;
		return 0;
	case KEY_MERGE:
		o->merge = true;
		return 0;
	case KEY_ONE_FILE_SYSTEM:
		o->one_file_system = true;
		return 0;
	case KEY_TEXT:
		o->text_only = true;
		return 0;
	case KEY_NO_CACHE:
		o->no_cache = true;
		return 0;
	case KEY_DEBUG:
		o->debug = true;
		return 0;
	case KEY_PROFILE:
		o->profile = true;
		return 0;
	case KEY_JSON:
		o->json = true;
		return 0;
	case KEY_TEE:
		o->tee = true;
		return 0;
	case 'h':
		help_print();
		return -1;
	case KEY_VERSION:
		version_print();
		return -1;
	default:
		return option_take_argument(o, key, argument);
	}
}

/* Takes in PCOUNT_JOBS, unless -j has been given or it is empty. 0, or -1: it is reported. */
static int environment_take(struct options *o, bool jobs_given)
{
	const char *jobs = getenv("PCOUNT_JOBS");

	if (jobs_given || !jobs || !*jobs)
		return 0;
	return argument_jobs(jobs, "number of jobs in PCOUNT_JOBS", &o->jobs);
}

/* The result of one pass over argv. */
enum pass {
	PASS_COMPLETE,
	PASS_ENDED,  /* help, or a wrong argument: everything is printed */
	PASS_BROKEN, /* getopt_long() does not know an option, or misses its argument */
};

static const struct choice *choice_of(int key)
{
	switch (key) {
	case KEY_PROGRESS:
		return &choice_progress;
	case KEY_STATS:
		return &choice_stats;
	case KEY_TYPE:
		return &choice_type;
	case 'z':
		return &choice_decompress;
	default:
		return NULL;
	}
}

/* The last option that could have an argument, has none, and is followed by a word. */
struct detached {
	int key; /* 0: there is none */
	const char *word;
};

static enum pass pass_over(int argc, char **argv, struct options *o, struct detached *detached)
{
	struct getopt_tables tables;
	bool jobs_given = false;
	int key;

	*o = (struct options){
		.posixly_correct = getenv("POSIXLY_CORRECT") != NULL,
		.memory_limit = MEMORY_LIMIT_DEFAULT,
		.encoding = "locale",
		.follow_ns = FOLLOW_DEFAULT_NS,
		.range.length = UINT64_MAX,
	};
	tables_init(&tables, !o->posixly_correct);
	optind = 0; /* GNU: start afresh, POSIXLY_CORRECT included */
	for (;;) {
		bool wc = next_is_of_wc(argc, argv, !o->posixly_correct);
		key = getopt_long(argc, argv, tables.letters, wc ? tables.wc : tables.all, NULL);
		if (key == -1)
			break;
		if (key == '?')
			return PASS_BROKEN;
		if (option_take(o, key, optarg) != 0)
			return PASS_ENDED;
		jobs_given |= key == 'j';
		if (!optarg && choice_of(key) && optind < argc)
			*detached = (struct detached){key, argv[optind]};
	}
	return environment_take(o, jobs_given) == 0 ? PASS_COMPLETE : PASS_ENDED;
}

/*
 * Is something read that comes from a terminal or a pipe on standard input? Whoever is at the other
 * end may be typing, or talking to the terminal.
 */
static bool reads_live_input(const struct options *o)
{
	bool from_stdin = o->files0_from ? strcmp(o->files0_from, "-") == 0
	                                 : o->n_names == 0 && !o->recursive;
	struct stat st;

	for (size_t i = 0; i < o->n_names; i++)
		from_stdin |= strcmp(o->names[i], "-") == 0;
	return from_stdin && (fstat(STDIN_FILENO, &st) != 0 || !S_ISREG(st.st_mode));
}

/* Does --tee write to the terminal, or to somebody who may be using it? */
static bool writes_live_output(const struct options *o)
{
	struct stat st;

	return o->tee && (fstat(STDOUT_FILENO, &st) != 0 || !S_ISREG(st.st_mode));
}

/*
 * After a long option that nobody knows: one of ours that it may have been meant to be. Not one of
 * wc's, so that what wc says stays as it is. NULL: musl can move the one that ends argv.
 */
static void suggest_option(const char *word)
{
	const char *names[ARRAY_LEN(option_specs)];
	size_t n = 0;

	if (!word || strncmp(word, "--", 2) != 0)
		return;
	word += 2;
	size_t len = strcspn(word, "=");
	for (; option_specs[n].name; n++) {
		names[n] = option_specs[n].name;
		if (strncmp(names[n], word, len) == 0)
			return; /* it is known, and something else is wrong with it */
	}
	int i = suggest(word, len, names, n);
	if (i < 0 || option_specs[i].of_wc)
		return;
	char text[64];
	snprintf(text, sizeof text, "--%s", names[i]);
	char *quoted = quote_locale(text);
	diag_note("did you mean %s?", quoted);
	quote_free(quoted);
}

/* ---- an argument that must be attached, and is not ---- */

/* "--stats json": json is the name of a file. If there is none, something else was meant. */
static void hint_detached(int key, const char *word)
{
	const struct choice *choice = choice_of(key);

	for (int i = 0; choice && i < choice->n; i++)
		if (strcmp(choice->words[i], word) == 0 && access(word, F_OK) != 0)
			diag_note("%s is taken for a file; did you mean %s=%s?", word,
			          choice->option, word);
}

/*
 * Says what is wrong with the option that a pass ended at: by the C library, which names it byte
 * for byte, as it does for wc, unless that would do something to the terminal. `original`: argv as
 * it was before that pass permuted it.
 */
static void report_refused(int argc, char **argv, char **original, struct options *o)
{
	const char letter[] = {(char)optopt, '\0'};
	/* A long one that is unknown or ambiguous has no key; others are named as we know them. */
	const char *text = optopt == 0 ? argv[optind - 1] : letter;

	if (optopt <= UCHAR_MAX && quote_has_controls(text)) {
		char *quoted = quote_text(text);
		diag_error(0, optopt == 0 ? "unrecognized option '%s'" : "invalid option -- '%s'",
		           quoted);
		quote_free(quoted);
		return;
	}
	/* Again, to the same place, for the message: only now is its language set up. */
	opterr = 1;
	diag_use_language();
	struct detached detached;
	options_free(o);
	memcpy(argv, original, ((size_t)argc + 1) * sizeof *argv);
	(void)pass_over(argc, argv, o, &detached);
	if (optind <= argc) /* where an argument is missing, musl passes the last word */
		suggest_option(argv[optind - 1]);
}

void options_free(struct options *o)
{
	filter_free(&o->filter);
}

enum options_result options_parse(int argc, char **argv, struct options *o)
{
	struct detached detached = {0};
	size_t words = ((size_t)argc + 1) * sizeof *argv; /* musl can move the NULL too */
	char **original = malloc(words);
	if (!original) {
		diag_error(ENOMEM, "cannot read the command line");
		return OPTIONS_EXIT;
	}
	memcpy(original, argv, words);
	opterr = 0;
	enum pass pass = pass_over(argc, argv, o, &detached);
	if (pass == PASS_BROKEN) {
		report_refused(argc, argv, original, o);
		diag_try_help();
	}
	free(original);
	if (pass != PASS_COMPLETE || conflicts_check(o) != 0) {
		options_free(o);
		return OPTIONS_EXIT;
	}
	if (detached.key)
		hint_detached(detached.key, detached.word);
	o->columns_given = columns_count(o->columns) > 0;
	if (!o->columns_given) {
		o->columns.lines = true;
		o->columns.words = o->columns.bytes = o->borders == 0;
		o->columns.chars = o->profile;
	}
	if (o->stats_file && o->stats == STATS_NONE)
		o->stats = STATS_TEXT;
	o->names = argv + optind;
	o->n_names = (size_t)(argc - optind);
	/* Several that count parts would draw over each other. */
	if (o->progress == PROGRESS_AUTO &&
	    (o->partial || o->merge || reads_live_input(o) || writes_live_output(o)))
		o->progress = PROGRESS_NEVER;
	return OPTIONS_RUN;
}
