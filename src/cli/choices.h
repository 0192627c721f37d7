/* SPDX-License-Identifier: BSD-2-Clause */
/* The words that options take, each at the index that its enum has. */
#ifndef PCOUNT_CLI_CHOICES_H
#define PCOUNT_CLI_CHOICES_H

#include "base/base.h"

/* [n] words as an option's argument; the index is the value. */
struct choice {
	const char *option; /* as it is called in messages */
	const char *const *words;
	int n;
};

/*
 * enum total_when, engine_choice, progress_when and format; of --stats, --type and --align from the
 * first value that stands for the option.
 */
extern const struct choice choice_total, choice_engine, choice_progress, choice_decompress,
	choice_stats, choice_type, choice_align;

#endif
