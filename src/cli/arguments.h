/* SPDX-License-Identifier: BSD-2-Clause */
/* Arguments of options: words, numbers, sizes, parts. What is wrong with one is reported. */
#ifndef PCOUNT_CLI_ARGUMENTS_H
#define PCOUNT_CLI_ARGUMENTS_H

#include "base/base.h"
#include "cli/choices.h"
#include "cli/options.h"

/* The index of the word that `argument` is or begins, or -1: reported, with what is valid. */
int argument_choice(const struct choice *choice, const char *argument);

/* All return 0, or -1: it is reported as an invalid `what`, with what is valid. */
int argument_jobs(const char *text, const char *what, unsigned *jobs);
/* K/N: the K-th of N parts. */
int argument_part(const char *text, struct file_range *range);
/* The number of parts: 1 or more. */
int argument_parts(const char *text, uint64_t *parts);
/* A kind of records, as record_kind_parse() takes it. */
int argument_records(const char *text, struct record_kind *kind);
/* Bytes, `least` or more of them, with a suffix as size_parse() takes it. */
int argument_size(const char *text, const char *what, uint64_t least, uint64_t *size);
/* Seconds, with decimals; a day at most. */
int argument_seconds(const char *text, uint64_t *ns);

#endif
