/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The supply of operands: the names on the command line, those in a --files0-from list, or standard
 * input. A list that is a small regular file is read first, any other is taken name by name, with
 * memory for one name only. For the main thread only.
 */
#ifndef PCOUNT_CLI_OPERANDS_H
#define PCOUNT_CLI_OPERANDS_H

#include "base/base.h"
#include "cli/operand.h"
#include "cli/options.h"
#include "report/progress.h"

struct operands;

/* The supply for these options, which must outlive it. NULL: failed, and that is reported. */
struct operands *operands_open(const struct options *options);

/*
 * Columns for each number, by the operands' sizes before anything is opened. Calls stat() on all of
 * them if the width depends on it, and keeps what it learns for operands_next(). Once only.
 */
unsigned operands_number_width(struct operands *ops);

/*
 * The amount. `ask`: stat() the names if operands_number_width() has not done so; without that
 * nothing is known, but for a single name, of which it is asked anyway. Before operands_next()
 * only.
 */
struct amount operands_amount(struct operands *ops, bool ask);

/* The next operand; *op is for operands_release(). Waits for its name only if may_block. */
enum supply operands_next(struct operands *ops, bool may_block, struct operand **op);

/* Says why an operand with `skip` is not counted. */
void operands_report_skip(const struct operands *ops, const struct operand *op);
/* Why it is skipped, in a few words of English, for programs; not for those with a skip_error. */
const char *operands_skip_text(const struct operand *op);

/*
 * After the message that the operand could not be opened, for `error`: if its name looks like lines
 * of a list that should have had NULs, says so, once.
 */
void operands_hint(struct operands *ops, const struct operand *op, int error);

/* How many names operands_next() has handed out; standard input without names is none. */
uint64_t operands_taken(const struct operands *ops);

/*
 * After the last operand's line: reports what ended the list too early, and returns it; 0: nothing.
 */
int operands_report_error(const struct operands *ops);

void operands_release(struct operand *op);
void operands_close(struct operands *ops);

#endif
