/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Partials put together: those of one file are sorted, exact duplicates dropped, neighbours merged.
 * Each line that does not fit is reported as a problem.
 */
#ifndef PCOUNT_PARTIAL_COLLECTION_H
#define PCOUNT_PARTIAL_COLLECTION_H

#include "base/base.h"
#include "partial/partial.h"

/* Where a line was read: `source` is the caller's number of a file. */
struct partial_place {
	uint32_t source;
	uint64_t line;   /* from 1 on */
	uint64_t offset; /* of its first byte in the file, if anybody needs it */
};

struct partial_range {
	uint64_t begin, end;
	struct tally tally;
	struct partial_place place; /* of the first of them that was read */
	bool sampled;
	uint64_t sample;             /* see struct partial */
	uint64_t begin_bit, end_bit; /* likewise; at no point: 0 */
};

/* What is known of one operand. */
struct partial_operand {
	char *name;      /* NULL: standard input without a name */
	uint64_t number; /* its place on the command line */
	struct partial_file file;
	struct partial_place place;  /* of the first line */
	struct partial_range *range; /* [n_ranges]; after collection_finalize() sorted, neighbours
	                                merged */
	size_t n_ranges, room;
	bool broken; /* some lines do not fit: nothing can be said of it */
};

enum partial_problem_kind {
	PARTIAL_OTHER_MODE,    /* `a` was counted in another way than `b`, the first line of all */
	PARTIAL_OTHER_FILE,    /* `a` is of another state of the file than `b`, its first line */
	PARTIAL_OVERLAP,       /* the ranges of `a` and `b` have [begin, end) in common */
	PARTIAL_CONTRADICTION, /* `a` and `b` are of the same range and differ */
	PARTIAL_TOO_LARGE,     /* the sums do not fit; `a` is one of the lines */
};

struct partial_problem {
	enum partial_problem_kind kind;
	const struct partial_operand *operand; /* NULL: PARTIAL_OTHER_MODE */
	struct partial_place a, b;
	uint64_t begin, end;
};

struct collection;

/* NULL: no memory. `problem` is called for whatever does not fit. */
struct collection *collection_new(void (*problem)(void *arg, const struct partial_problem *problem),
                                  void *arg);
void collection_free(struct collection *c);

/* Adds a copy of the partial. 0, or -1: no memory. */
int collection_add(struct collection *c, const struct partial *partial, struct partial_place place);
/*
 * collection_add() for a journal: later lines of a name stand for later states of a file that
 * grows. A file of another inode, or a restart, makes what was said before void. 0, or -1: no
 * memory.
 */
int collection_add_later(struct collection *c, const struct partial *partial,
                         struct partial_place place);
/* Sorts the ranges of a journal's operands; of those that overlap, one stays. Nothing is merged. */
void collection_sort(struct collection *c);
/* The operand of that name; NULL: there is none. */
struct partial_operand *collection_find(struct collection *c, const char *name);
/* The mode of all partials; NULL: there is none yet. */
const struct partial_mode *collection_mode(const struct collection *c);

/*
 * All is added: merges, in the charset `cs` of collection_mode(), and puts the operands in order:
 * by their numbers if each has one of its own, else as they were first seen. Whatever does not fit
 * makes its operand `broken`.
 */
void collection_finalize(struct collection *c, const struct charset *cs);

/* Of the finalized collection. */
size_t collection_size(const struct collection *c);
struct partial_operand *collection_at(const struct collection *c, size_t i);

/*
 * Is there a gap at `from` or after it in the ranges of a finalized operand? The first is [*begin,
 * *end); *end is the size of the file at most.
 */
bool partial_gap(const struct partial_operand *operand, uint64_t from, uint64_t *begin,
                 uint64_t *end);

#endif
