/* SPDX-License-Identifier: BSD-2-Clause */
/* Pairs of options that cannot be combined, and options that need others. */
#include "base/base.h"
#include "base/diag.h"
#include "cli/conflicts.h"

#include <string.h>

/* -1: reported. */
static int refuse(const char *a, const char *how, const char *b)
{
	diag_error(0, "%s %s %s", a, how, b);
	diag_try_help();
	return -1;
}

/* Options that mean nothing without another. 0, or -1: reported. */
static int check_needs(const struct options *o)
{
	if (o->output && !o->tee)
		return refuse("--output", "needs", "--tee");
	if (o->align != ALIGN_UNASKED && o->range.parts == 0 && o->borders == 0)
		return refuse("--align", "needs", "--part or --borders");
	if (o->align == ALIGN_RECORDS && !o->columns.records)
		return refuse("--align=records", "needs", "--records");
	return 0;
}

int conflicts_check(const struct options *o)
{
	const struct file_range *range = &o->range;
	bool part = range->parts > 0, some = range->some, any = part || some;
	bool encoding = strcmp(o->encoding, "locale") != 0;
	bool align = o->align != ALIGN_UNASKED, borders = o->borders > 0;
	const struct columns *c = &o->columns;
	const struct {
		bool a, b;
		const char *name_a, *name_b; /* with a reason, where one is asked for */
	} pair[] = {
		{part, some, "--part", "--offset or --length"},
		{align, some, "--align", "--offset or --length"},
		{align, o->decompress != FORMAT_PLAIN, "--align",
	         "--decompress: compressed files cannot be divided at their lines"},
		{borders, c->words || c->chars || c->bytes || c->width, "--borders",
	         "--words, --chars, --bytes or --max-line-length"},
		{borders, any, "--borders", "--part, --offset or --length"},
		{borders, o->decompress != FORMAT_PLAIN, "--borders",
	         "--decompress: compressed files cannot be divided at their lines"},
		{borders, encoding, "--borders", "--encoding"},
		{borders, o->types != TYPES_NONE, "--borders", "--type"},
		{borders, o->profile, "--borders", "--profile"},
		{borders, o->total == TOTAL_ALWAYS || o->total == TOTAL_ONLY, "--borders",
	         "--total"},
		{borders, o->partial, "--borders", "--partial"},
		{borders, o->merge, "--borders", "--merge"},
		{borders, o->journal, "--borders", "--journal"},
		{borders, o->follow, "--borders", "--follow"},
		{borders, o->tee, "--borders", "--tee"},
		{o->merge, any, "--merge", "--part, --offset or --length"},
		{o->merge, o->files0_from, "--merge", "--files0-from"},
		{o->merge, o->recursive, "--merge", "--recursive"},
		{o->merge, o->filter.n > 0, "--merge", "--include, --exclude or --exclude-dir"},
		{o->merge, o->text_only, "--merge", "--text"},
		{o->merge, o->types != TYPES_NONE, "--merge", "--type"},
		{o->merge, o->decompress != FORMAT_PLAIN, "--merge", "--decompress"},
		{o->merge, o->journal, "--merge", "--journal"},
		{o->journal, o->text_only, "--journal", "--text"},
		{o->journal, o->align == ALIGN_RECORDS, "--journal",
	         "--align=records: a part depends on what precedes it"},
		{o->journal, o->types != TYPES_NONE, "--journal", "--type"},
		{o->partial, o->types != TYPES_NONE, "--partial", "--type"},
		{o->partial, o->json, "--partial", "--json"},
		{o->follow, any, "--follow", "--part, --offset or --length"},
		{o->follow, o->partial, "--follow", "--partial"},
		{o->follow, o->merge, "--follow", "--merge"},
		{o->follow, o->journal, "--follow", "--journal"},
		{o->follow, o->recursive, "--follow",
	         "--recursive: files are followed by their names"},
		{o->follow, o->decompress != FORMAT_PLAIN, "--follow",
	         "--decompress: decompression cannot resume where a file ended"},
		{o->follow, encoding, "--follow", "--encoding"},
		{o->follow, o->text_only, "--follow", "--text"},
		{o->follow, o->types != TYPES_NONE, "--follow", "--type"},
		{o->follow, o->stats != STATS_NONE, "--follow", "--stats"},
		{o->tee, o->files0_from, "--tee", "--files0-from"},
		{o->tee, o->recursive, "--tee", "--recursive"},
		{o->tee, any, "--tee", "--part, --offset or --length"},
		{o->tee, o->partial, "--tee", "--partial"},
		{o->tee, o->merge, "--tee", "--merge"},
		{o->tee, o->journal, "--tee", "--journal"},
		{o->tee, o->follow, "--tee", "--follow"},
		{o->tee, o->engine == ENGINE_PROCESSES, "--tee",
	         "--engine=processes: one process reads, writes and counts"},
		{o->profile, o->partial, "--profile", "--partial"},
		{o->profile, o->merge, "--profile", "--merge"},
		{o->profile, o->journal, "--profile", "--journal"},
		{o->profile, o->follow, "--profile", "--follow"},
		{o->profile, o->types == TYPES_SUMMARY, "--profile", "--type=summary"},
		/* Ranges could begin anywhere, in the middle of a character. */
		{encoding, any, "--encoding", "--part, --offset or --length"},
		{encoding, o->partial, "--encoding", "--partial"},
		{encoding, o->merge, "--encoding", "--merge"},
		{encoding, o->journal, "--encoding", "--journal"},
	};

	for (size_t i = 0; i < ARRAY_LEN(pair); i++)
		if (pair[i].a && pair[i].b)
			return refuse(pair[i].name_a, "cannot be combined with", pair[i].name_b);
	return check_needs(o);
}
