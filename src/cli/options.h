/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line: argv in, one constant struct out. */
#ifndef PCOUNT_CLI_OPTIONS_H
#define PCOUNT_CLI_OPTIONS_H

#include "base/base.h"
#include "cli/filter.h"
#include "report/progress.h"
#include "report/stats.h"
#include "report/totals.h"
#include "source/decoder.h"

/* Are MIME types and charsets wanted, and how? */
enum type_report {
	TYPES_NONE,
	TYPES_COLUMN,  /* on each line */
	TYPES_SUMMARY, /* a line for each type, instead of one for each operand */
};

/* Who counts. */
enum engine_choice {
	ENGINE_AUTO,
	ENGINE_SERIAL,
	ENGINE_THREADS,
	ENGINE_PROCESSES,
};

enum { JOBS_MAX = 4096 }; /* a larger -j is an error of the user's */

/* Which bytes of every file are counted, by --part, --offset and --length. */
struct file_range {
	uint64_t part, parts; /* part number `part`, from 1 on, of `parts`; parts 0: all */
	bool some;            /* `length` bytes from `offset` on, or as many as there are */
	uint64_t offset, length;
};

/* Where parts of a file begin, by --align. */
enum part_align {
	ALIGN_UNASKED,
	ALIGN_LINES,
	ALIGN_RECORDS,
};

struct options {
	struct columns columns; /* what to print; lines, words and bytes if nothing was asked for */
	struct record_kind records; /* --records: RECORDS_NONE if it is not given */
	enum total_when total;
	const char *files0_from; /* file of NUL-terminated names, "-" for stdin; NULL: none */
	bool recursive;          /* directories are walked */
	bool one_file_system;    /* but not into other file systems */
	struct filter filter;    /* which files and directories */
	const char *encoding;    /* of the text: "locale", "auto" or a name */
	bool no_cache;           /* the page cache is left as it was */
	bool text_only;          /* what is not text is skipped */
	enum type_report types;
	bool debug;
	bool posixly_correct; /* POSIXLY_CORRECT is in the environment */
	unsigned jobs;        /* workers; 0: one for each CPU. By -j, else PCOUNT_JOBS */
	enum engine_choice engine;
	uint64_t chunk_size; /* bytes; 0: chosen by the engine */
	enum stats_format stats;
	const char *stats_file; /* where they are written; NULL: to standard error */
	bool tee;               /* standard input goes on to standard output; the counts go */
	const char *output;     /* to this file; NULL: to standard error */
	enum progress_when progress;
	bool profile;            /* a profile of each operand, too */
	bool json;               /* records in place of lines */
	enum format decompress;  /* FORMAT_PLAIN: files are counted as they are */
	uint64_t memory_limit;   /* bytes, for decoders */
	struct file_range range; /* of every file; all zero but `length`: all of it */
	uint64_t borders;        /* where so many parts of a file begin is printed; 0: counts are */
	enum part_align align;   /* of those parts, and of `range.part` */
	bool columns_given;      /* some of `columns` were asked for */
	bool partial;            /* partial lines in place of counts */
	bool merge;              /* the operands hold such lines */
	const char *journal;     /* file to keep count in, so as to go on from there; NULL: none */
	bool follow;             /* counts are kept current, */
	uint64_t follow_ns;      /* and printed no more often than this */
	char **names;            /* [n_names], inside argv */
	size_t n_names;          /* 0 and no files0_from: standard input */
};

enum options_result {
	OPTIONS_RUN,  /* *o is complete */
	OPTIONS_EXIT, /* help is printed, or an error reported: exit with diag_status() */
};

/*
 * Reads the command line and PCOUNT_JOBS; prints help, version and diagnostics itself. Reorders
 * argv, options first. LC_CTYPE has been set up, for quoting.
 */
enum options_result options_parse(int argc, char **argv, struct options *o);

/* After OPTIONS_RUN. */
void options_free(struct options *o);

/* An option as users know it: the one list that getopt, help, man page and tests agree on. */
struct option_spec {
	const char *name; /* long, without dashes; NULL ends the list */
	char letter;      /* short, or 0 */
	int argument;     /* no_argument, required_argument or optional_argument of <getopt.h> */
	bool of_wc;       /* GNU wc has it: abbreviations mean these before any of the others */
	int key;          /* what getopt_long() returns for it */
};
extern const struct option_spec option_specs[];

#endif
