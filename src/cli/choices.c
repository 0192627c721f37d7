/* SPDX-License-Identifier: BSD-2-Clause */
/* The words that options take. */
#include "base/base.h"
#include "cli/choices.h"
#include "cli/options.h"

static const char *const total_words[] = {
	[TOTAL_AUTO] = "auto",
	[TOTAL_ALWAYS] = "always",
	[TOTAL_ONLY] = "only",
	[TOTAL_NEVER] = "never",
};

static const char *const engine_words[] = {
	[ENGINE_AUTO] = "auto",
	[ENGINE_SERIAL] = "serial",
	[ENGINE_THREADS] = "threads",
	[ENGINE_PROCESSES] = "processes",
};

static const char *const progress_words[] = {
	[PROGRESS_AUTO] = "auto",
	[PROGRESS_ALWAYS] = "always",
	[PROGRESS_NEVER] = "never",
};

static const char *const stats_words[] = {
	[STATS_TEXT - STATS_TEXT] = "text",
	[STATS_JSON - STATS_TEXT] = "json",
};

static const char *const type_words[] = {
	[TYPES_COLUMN - TYPES_COLUMN] = "column",
	[TYPES_SUMMARY - TYPES_COLUMN] = "summary",
};

static const char *const align_words[] = {
	[ALIGN_LINES - ALIGN_LINES] = "lines",
	[ALIGN_RECORDS - ALIGN_LINES] = "records",
};

static const char *const decompress_words[] = {
	[FORMAT_PLAIN] = "none", [FORMAT_AUTO] = "auto", [FORMAT_ZSTD] = "zstd",
	[FORMAT_GZIP] = "gzip",  [FORMAT_XZ] = "xz",     [FORMAT_BZIP2] = "bzip2",
	[FORMAT_LZ4] = "lz4",    [FORMAT_LZIP] = "lzip", [FORMAT_LZMA] = "lzma",
};
_Static_assert(ARRAY_LEN(decompress_words) == FORMAT_LAST + 1, "one for each format");

#define CHOICE(option, words)                   \
	{                                       \
		option, words, ARRAY_LEN(words) \
	}
const struct choice choice_total = CHOICE("--total", total_words);
const struct choice choice_engine = CHOICE("--engine", engine_words);
const struct choice choice_progress = CHOICE("--progress", progress_words);
const struct choice choice_decompress = CHOICE("--decompress", decompress_words);
const struct choice choice_stats = CHOICE("--stats", stats_words);
const struct choice choice_align = CHOICE("--align", align_words);
const struct choice choice_type = CHOICE("--type", type_words);
