/* SPDX-License-Identifier: BSD-2-Clause */
/* One operand, as the command line's names lead to it. */
#ifndef PCOUNT_CLI_OPERAND_H
#define PCOUNT_CLI_OPERAND_H

#include "base/base.h"
#include "base/quote.h"

/* One name to count, or standard input. For operands_release(). */
struct operand {
	const char *name; /* as given; "-" for standard input */
	bool is_stdin;    /* file descriptor 0 is meant, from its present offset */
	bool implicit;    /* standard input because there were no names: no name is printed */
	bool skip;        /* nothing to count: there is a reason to report in its place */
	int skip_error;   /* errno of why `skip` is set; 0: another reason */
	bool stat_known;  /* it has been stat()ed: the next two are set */
	bool regular;     /* it was a regular file then */
	uint64_t size;    /* and this long, in bytes; SIZE_UNKNOWN: only the kind is known */
	bool is_long;     /* found by -r, and longer than open(2) takes: open_long_above_stdio() */
	uint64_t record;  /* 1-based place in the list of names */
};

enum supply {
	SUPPLY_ONE,  /* there is another name or operand, and here it is */
	SUPPLY_NONE, /* none is left */
	SUPPLY_WAIT, /* getting the next one would block, and may_block is false */
};

/* What messages call it. */
static inline const char *operand_title(const struct operand *op)
{
	return op->implicit ? STDIN_TITLE : op->name;
}

#endif
