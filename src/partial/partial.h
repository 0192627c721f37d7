/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A partial: what was counted of one range of one operand, and all it takes to join it to others.
 * It travels as a line of JSON, described in man/pcount-partial.5.
 */
#ifndef PCOUNT_PARTIAL_PARTIAL_H
#define PCOUNT_PARTIAL_PARTIAL_H

#include "base/base.h"
#include "base/json.h"
#include "partial/point.h"
#include "source/decoder.h"
#include "tally/tally.h"

#include <sys/stat.h>

enum {
	PARTIAL_VERSION = 2,         /* of the format, of lines without records */
	PARTIAL_VERSION_RECORDS = 3, /* of lines with records, which others cannot merge */
	PARTIAL_TEXT_MAX = 64,
	PARTIAL_WHY_MAX = 512,
	PARTIAL_CHECK_MAX = sizeof "01234567",
};

/* Counts that were asked for. */
enum {
	PARTIAL_LINES = 1,
	PARTIAL_WORDS = 2,
	PARTIAL_CHARS = 4,
	PARTIAL_BYTES = 8,
	PARTIAL_WIDTH = 16,
	PARTIAL_RECORDS = 32,
};

/* How it was counted: partials that differ here do not fit together. No pointers. */
struct partial_mode {
	char program[PARTIAL_TEXT_MAX]; /* version of pcount */
	char charset[PARTIAL_TEXT_MAX]; /* as nl_langinfo(CODESET) calls it */
	enum charset_class class;
	bool posixly_correct;
	enum format decompress;     /* what was asked for; FORMAT_PLAIN: nothing */
	unsigned counts;            /* PARTIAL_* */
	struct record_kind records; /* PARTIAL_RECORDS: of which kind */
};

/* Which file it is, in which state: partials of one name that differ here do not fit together. */
struct partial_file {
	bool regular; /* the next five are set */
	uint64_t size;
	char mtime[PARTIAL_TEXT_MAX]; /* seconds.nanoseconds */
	/*
	 * When the inode was last changed, likewise, which nobody can set: a file that was
	 * overwritten, or replaced under the inode number of one that was removed, differs here.
	 */
	char ctime[PARTIAL_TEXT_MAX];
	char device[PARTIAL_TEXT_MAX]; /* major:minor; not compared, since it differs from host to
	                                  host */
	char inode[PARTIAL_TEXT_MAX];
	enum format format; /* FORMAT_PLAIN: counted as it is */
	uint64_t origin;    /* where the operand begins: 0, but for standard input */
};

struct partial {
	struct partial_mode mode;
	char *name;       /* for partial_free(); NULL: standard input without a name */
	uint64_t operand; /* its place on the command line, from 1 on */
	struct partial_file file;
	uint64_t begin, end; /* of the range, in bytes of the file */
	struct tally tally;  /* normal, see partial_normalize() */
	/* In journals only. */
	uint64_t begin_bit;          /* of the point where the range begins; 0: at none */
	struct partial_point *point; /* where it ends; for partial_free(); NULL: at none */
	bool sampled;
	uint64_t sample; /* partial_sample() of the range */
	bool restart; /* all that was said of the name before is void, and this says nothing else */
};

/* The mode of this process: its charset and what it counts. */
void partial_mode_init(struct partial_mode *mode, const struct charset *cs, enum format decompress,
                       unsigned counts, struct record_kind records);
/* The file that fstat() has described. */
void partial_file_init(struct partial_file *file, const struct stat *st, enum format format,
                       uint64_t origin);
bool partial_mode_same(const struct partial_mode *a, const struct partial_mode *b);
bool partial_file_same(const struct partial_file *a, const struct partial_file *b);
/* May `later` be the same file as `file`, with something appended? */
bool partial_file_grown(const struct partial_file *file, const struct partial_file *later);

/*
 * Zeroes what was not counted, and what cannot matter any more, so that two tallies of the same
 * bytes are the same whichever kernel counted them in however many pieces.
 */
void partial_normalize(const struct partial_mode *mode, struct tally *tally);
bool partial_tally_same(const struct tally *a, const struct tally *b);

/*
 * Can a tally say that of any bytes at all, counted in this way? NULL: it can; else what is wrong.
 */
const char *partial_tally_fault(const struct partial_mode *mode, const struct tally *tally);

/* The line, with its newline, for free(). NULL: no memory. Pointers are used, not kept. */
char *partial_line(struct json *json, const struct partial *partial);

/*
 * The checksum of a line, which is its last member: of the n bytes before the comma that precedes
 * it, as eight hexadecimal digits.
 */
void partial_check(const char *text, size_t n, char check[PARTIAL_CHECK_MAX]);

/*
 * A sum of a few blocks of bytes [begin, end) of the file, to find out later whether they may still
 * be the same. 0, or -1: they cannot be read.
 */
int partial_sample(int fd, uint64_t begin, uint64_t end, uint64_t *sample);

/*
 * Reads a line of n bytes, without its newline. 0, or -1: `why` says what is wrong with it, in
 * words; *partial is then empty.
 */
int partial_read(const struct json *json, const char *line, size_t n, struct partial *partial,
                 char why[PARTIAL_WHY_MAX]);
void partial_free(struct partial *partial);

#endif
