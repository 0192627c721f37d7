/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A compressed file that is decoded from a point on, not from the start; and points that are left
 * on the way, so that another run can go on from there.
 *
 *      | known     | seek_run() -->     | -->     | -->            end of the file
 *                  ^ point              ^ moved() ^ moved()
 *
 * Made by whoever has it done. One worker at a time has it, and whoever goes on with it takes it up
 * where it is.
 */
#ifndef PCOUNT_SCAN_SEEK_H
#define PCOUNT_SCAN_SEEK_H

#include "base/base.h"
#include "scan/scan.h"

struct seek {
	struct decode_point point;        /* where to go on; offsets are from the task's `origin` */
	uint64_t every;                   /* bytes of the file from one point to the next */
	const struct decode_point *until; /* the end is here; NULL: it is that of the file */
	struct tally total;               /* of all that precedes `point` */
	/* The point has moved on, or all is done, past what `more` is of. */
	void (*moved)(struct seek *s, const struct tally *more);
	/*
	 * A fault may be told otherwise than by one who decodes all from the start; so is every one
	 * of what ends at `until`, which it may not have come to.
	 */
	bool inexact;
	/* Private: the text before where it has got to. */
	size_t n_kept;
	unsigned char kept[DECODE_WINDOW]; /* the last n_kept bytes */
	uint64_t cut; /* the last offset where the input was cut, for a point */
};

/*
 * Counts from s->seek's point on. If scanner->slices is set, up to the next point at most, and
 * then result->kind is RESULT_UNFINISHED; else the tally is of all from where the task began.
 */
void seek_run(struct scanner *s, const struct task *task, int fd, struct result *result);

#endif
