/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where records begin: what cuts are moved on to that must not part a record, or a line. The
 * beginning of the operand is one, and so is what follows an end, though nothing may follow it.
 */
#ifndef PCOUNT_SCAN_RECORD_START_H
#define PCOUNT_SCAN_RECORD_START_H

#include "base/base.h"
#include "scan/scan.h"
#include "tally/record_kind.h"

/* Where to search an open regular file that is counted as it is. */
struct record_search {
	int fd;
	enum cached_before before;
	bool sparse;             /* the file has holes */
	uint64_t size;           /* of the file, when last asked */
	uint64_t origin;         /* where the operand begins: `from` is not before it */
	struct record_kind kind; /* not RECORDS_NONE; lines: RECORDS_SEPARATED by LF */
	bool inside;             /* RECORDS_QUOTED: `from` is inside quotes */
	uint64_t from, limit;
};

enum record_start {
	RECORD_START_FOUND,
	RECORD_START_NONE,
	RECORD_START_ERROR, /* errno: the file cannot be read */
};

/*
 * Finds the first offset from `from` to `limit` at which a record begins; at `limit` itself not if
 * they are RECORDS_PREFIXED, since the byte there decides.
 */
enum record_start record_start_find(struct scanner *s, const struct record_search *search,
                                    uint64_t *at);

#endif
