/* SPDX-License-Identifier: BSD-2-Clause */
/* What a partial is made of, and which tallies can be. The line it travels as: line.c. */
#include "base/base.h"
#include "base/fd.h"
#include "base/system.h"
#include "base/utf8.h"
#include "count/counter.h"
#include "partial/partial.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So that sums of three, which tally_merge() makes of columns, cannot overflow. */
#define WIDTH_MAX (UINT64_C(1) << 61)

void partial_mode_init(struct partial_mode *mode, const struct charset *cs, enum format decompress,
                       unsigned counts, struct record_kind records)
{
	*mode = (struct partial_mode){
		.class = cs->class,
		.posixly_correct = !cs->no_break_spaces,
		.decompress = decompress,
		.counts = counts,
		.records = records,
	};
	snprintf(mode->program, sizeof mode->program, "%s", PACKAGE_VERSION);
	snprintf(mode->charset, sizeof mode->charset, "%s", nl_langinfo(CODESET));
}

void partial_file_init(struct partial_file *file, const struct stat *st, enum format format,
                       uint64_t origin)
{
	*file = (struct partial_file){.format = format, .origin = origin};
	if (!S_ISREG(st->st_mode))
		return;
	struct device_numbers device = system_device_numbers(st->st_dev);
	file->regular = true;
	file->size = (uint64_t)st->st_size;
	snprintf(file->mtime, sizeof file->mtime, "%jd.%09ld", (intmax_t)st->st_mtim.tv_sec,
	         st->st_mtim.tv_nsec);
	snprintf(file->ctime, sizeof file->ctime, "%jd.%09ld", (intmax_t)st->st_ctim.tv_sec,
	         st->st_ctim.tv_nsec);
	snprintf(file->device, sizeof file->device, "%u:%u", device.major, device.minor);
	snprintf(file->inode, sizeof file->inode, "%ju", (uintmax_t)st->st_ino);
}

bool partial_mode_same(const struct partial_mode *a, const struct partial_mode *b)
{
	return strcmp(a->program, b->program) == 0 && strcmp(a->charset, b->charset) == 0 &&
	       a->class == b->class && a->posixly_correct == b->posixly_correct &&
	       a->decompress == b->decompress && a->counts == b->counts &&
	       record_kind_same(a->records, b->records);
}

bool partial_file_same(const struct partial_file *a, const struct partial_file *b)
{
	return a->regular == b->regular && a->size == b->size && strcmp(a->mtime, b->mtime) == 0 &&
	       strcmp(a->ctime, b->ctime) == 0 && strcmp(a->inode, b->inode) == 0 &&
	       a->format == b->format && a->origin == b->origin;
}

bool partial_file_grown(const struct partial_file *file, const struct partial_file *later)
{
	return file->regular && later->regular && later->size >= file->size &&
	       strcmp(file->inode, later->inode) == 0 && strcmp(file->device, later->device) == 0 &&
	       file->format == later->format && file->origin == later->origin;
}

/* What the kernels were asked for: NEED_*. */
static unsigned needs_of(const struct partial_mode *mode)
{
	return (mode->counts & PARTIAL_LINES ? NEED_LINES : 0u) |
	       (mode->counts & PARTIAL_WORDS ? NEED_WORDS : 0u) |
	       (mode->counts & PARTIAL_CHARS && mode->class != CHARSET_SINGLE ? NEED_CHARS : 0u) |
	       (mode->counts & PARTIAL_WIDTH ? NEED_WIDTH : 0u);
}

/* Are the edges of the text kept? In single-byte charsets only words need them. */
static bool has_edges(const struct partial_mode *mode)
{
	return mode->class == CHARSET_SINGLE ? (needs_of(mode) & NEED_WORDS) != 0
	                                     : (needs_of(mode) & ~(unsigned)NEED_LINES) != 0;
}

static void copy_edges(struct tally *to, const struct tally *from)
{
	to->decided = from->decided;
	to->head_len = from->head_len;
	to->tail_len = from->tail_len;
	memcpy(to->head, from->head, from->head_len);
	memcpy(to->tail, from->tail, from->tail_len);
}

static void copy_width(struct tally *to, const struct tally *from)
{
	to->first = from->first;
	to->broken = from->broken;
	if (from->broken)
		to->last = from->last;
	/*
	 * Kernels do not measure lines that cannot be wider than the run at the left edge is in any
	 * case; so an inner line that is not wider than the edges at their narrowest says nothing.
	 */
	uint64_t edges = max_u64(width_run_end(to->first), width_run_end(to->last));
	to->max_width = from->max_width > edges ? from->max_width : 0;
}

void partial_normalize(const struct partial_mode *mode, struct tally *tally)
{
	unsigned needs = needs_of(mode);
	struct tally normal = {.bytes = tally->bytes};

	if (needs & NEED_LINES)
		normal.lines = tally->lines;
	if (has_edges(mode))
		copy_edges(&normal, tally);
	if (needs & NEED_WORDS) {
		normal.words = tally->words;
		normal.starts_word = tally->starts_word;
		normal.ends_word = tally->ends_word;
	}
	if (needs & NEED_CHARS) {
		normal.chars = tally->chars;
		normal.errors = tally->errors;
	}
	if (needs & NEED_WIDTH)
		copy_width(&normal, tally);
	if (mode->counts & PARTIAL_RECORDS)
		normal.records = tally->records;
	*tally = normal;
}

static bool run_same(const struct width_run *a, const struct width_run *b)
{
	return a->before == b->before && a->after == b->after && a->tab == b->tab;
}

bool partial_tally_same(const struct tally *a, const struct tally *b)
{
	return a->bytes == b->bytes && a->lines == b->lines && a->chars == b->chars &&
	       a->errors == b->errors && a->words == b->words && a->max_width == b->max_width &&
	       run_same(&a->first, &b->first) && run_same(&a->last, &b->last) &&
	       a->broken == b->broken && a->decided == b->decided &&
	       a->starts_word == b->starts_word && a->ends_word == b->ends_word &&
	       a->head_len == b->head_len && a->tail_len == b->tail_len &&
	       memcmp(a->head, b->head, a->head_len) == 0 &&
	       memcmp(a->tail, b->tail, a->tail_len) == 0 &&
	       record_run_same(&a->records, &b->records);
}

static const char *edge_fault(const struct partial_mode *mode, const struct tally *t)
{
	unsigned tail_max = mode->class == CHARSET_UTF8 ? 3 : TALLY_TAIL_MAX;

	if (t->head_len > (mode->class == CHARSET_UTF8 ? TALLY_HEAD_MAX : 0))
		return "the head is too long";
	if (t->tail_len > (mode->class == CHARSET_SINGLE ? 0 : tail_max))
		return "the tail is too long";
	for (unsigned i = 0; i < t->head_len; i++)
		if (!utf8_is_continuation(t->head[i]))
			return "the head is not made of continuation bytes";
	if (mode->class == CHARSET_UTF8 && utf8_unfinished(t->tail, t->tail_len) != t->tail_len)
		return "the tail is not the beginning of a character";
	return NULL;
}

static const char *word_fault(const struct tally *t)
{
	if (!t->decided && (t->words > 0 || t->starts_word || t->ends_word))
		return "there are words where there is no text";
	if ((t->starts_word || t->ends_word) && t->words == 0)
		return "it begins or ends in a word and has none";
	/* Between two words there is at least a byte. */
	return t->words > t->bytes / 2 + t->bytes % 2 ? "too many words for so many bytes" : NULL;
}

/* No character is wider than two columns a byte, and a TAB moves by eight at most. */
static bool run_too_wide(const struct tally *t, const struct width_run *run)
{
	uint64_t most = min_u64(t->bytes, WIDTH_MAX / 8) * 8;

	return run->before > most || run->after > most || (!run->tab && run->after > 0) ||
	       run->before >= WIDTH_MAX || run->after >= WIDTH_MAX;
}

static const char *width_fault(const struct tally *t)
{
	if (run_too_wide(t, &t->first) || run_too_wide(t, &t->last) ||
	    run_too_wide(t, &(struct width_run){.before = t->max_width}))
		return "too many columns for so many bytes";
	if (!t->broken && (t->max_width > 0 || t->last.before > 0 || t->last.tab))
		return "there are columns after a missing line end";
	return t->bytes == 0 && t->broken ? "there are columns where there is no text" : NULL;
}

static const char *records_fault(const struct partial_mode *mode, const struct tally *t)
{
	const struct record_run *run = &t->records;

	if (run->bytes > 0 && run->form != mode->records.form)
		return "the records are not of their kind";
	if (run->bytes != (mode->counts & PARTIAL_RECORDS ? t->bytes : 0))
		return "the records are not those of so many bytes";
	return record_run_is_sound(run) ? NULL : "no text has such records";
}

const char *partial_tally_fault(const struct partial_mode *mode, const struct tally *t)
{
	unsigned needs = needs_of(mode);
	uint64_t edges = t->head_len + t->tail_len, units = edges;
	const char *fault = edge_fault(mode, t);

	if (!fault)
		fault = records_fault(mode, t);
	if (fault)
		return fault;
	if (t->bytes > INT64_MAX || t->lines > t->bytes || edges > t->bytes ||
	    __builtin_add_overflow(units, t->chars, &units) ||
	    __builtin_add_overflow(units, t->errors, &units) || units > t->bytes)
		return "more characters, errors or lines than bytes";
	if (has_edges(mode) && !t->decided && (t->chars > 0 || t->errors > 0 || t->lines > 0))
		return "there are characters where there is no text";
	if (has_edges(mode) && t->decided == (t->bytes == edges))
		return t->decided ? "there is text where there are no bytes"
		                  : "there are bytes that are not text";
	if ((needs & NEED_CHARS) && t->decided && t->lines > t->chars)
		return "more lines than characters";
	if ((needs & NEED_CHARS) && t->decided && t->chars + t->errors == 0)
		return "there is text without characters";
	if ((needs & NEED_WIDTH) && t->lines > 0 && !t->broken)
		return "there are lines without an end";
	if (needs & NEED_WORDS)
		fault = word_fault(t);
	return fault ? fault : needs & NEED_WIDTH ? width_fault(t) : NULL;
}

int partial_sample(int fd, uint64_t begin, uint64_t end, uint64_t *sample)
{
	enum { BLOCK = 4096 };
	unsigned char block[BLOCK];
	uint64_t length = end - begin, last = length > BLOCK ? length - BLOCK : 0;
	const uint64_t at[] = {begin, begin + last / 2, begin + last};

	*sample = UINT64_C(0xCBF29CE484222325); /* FNV-1a */
	for (size_t i = 0; i < ARRAY_LEN(at); i++) {
		size_t n = (size_t)min_u64(BLOCK, length);
		if (peek_file(fd, at[i], block, n) != (ssize_t)n)
			return -1;
		for (size_t k = 0; k < n; k++)
			*sample = (*sample ^ block[k]) * UINT64_C(0x100000001B3);
	}
	return 0;
}

void partial_free(struct partial *partial)
{
	free(partial->name);
	free(partial->point);
	partial->name = NULL;
	partial->point = NULL;
}
