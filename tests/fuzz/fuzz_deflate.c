/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzer: any bytes as raw DEFLATE, by our decoder and by zlib. Both must find the same blocks and
 * the same text; from each border on, with an unknown window, our decoder must find what it finds
 * with a known one; and the search for borders must agree with the question at each bit.
 */
#include "fuzz.h"
#include "source/deflate_finder.h"
#include "source/deflate_symbols.h"
#include "zlib_oracle.h"

int FUZZ_TARGET(const uint8_t *data, size_t n);

#ifdef HAVE_LIBZ

#include <string.h>

enum { DEFLATE_IN_MAX = 64 << 10, DEFLATE_OUT_MAX = 1 << 20, FUZZ_BORDERS = 6, SEARCH_MAX = 600 };

struct fuzz_deflate {
	struct zlib_oracle zlib;
	struct zlib_blocks blocks;
	struct deflate_tables tables;
	unsigned char in[DEFLATE_IN_MAX + DEFLATE_SLACK];
	unsigned char text[DEFLATE_OUT_MAX];
	uint16_t symbols[DEFLATE_WINDOW + DEFLATE_OUT_MAX + DEFLATE_ROOM];
};

static struct deflate_text fuzz_text(struct fuzz_deflate *f)
{
	uint16_t *begin = f->symbols + DEFLATE_WINDOW;

	return (struct deflate_text){begin, begin, begin + DEFLATE_OUT_MAX + DEFLATE_ROOM, begin};
}

/* Is the symbol the text's byte `at`, for a window that ends at byte `start`? */
static bool fuzz_is_byte(const struct fuzz_deflate *f, uint16_t symbol, size_t start, size_t at)
{
	if (symbol < 256)
		return symbol == f->text[at];
	size_t place = symbol - DEFLATE_MARKER + start;
	return symbol >= DEFLATE_MARKER && place >= DEFLATE_WINDOW &&
	       f->text[place - DEFLATE_WINDOW] == f->text[at];
}

/* Decodes from after block `first` on; 0: all. */
static void fuzz_decode(struct fuzz_deflate *f, size_t n, unsigned first)
{
	const struct zlib_blocks *z = &f->blocks;
	size_t start = first > 0 ? z->size[first - 1] : 0, checked = 0;
	struct deflate_text text = fuzz_text(f);
	struct deflate_input in = {f->in, 8 * (uint64_t)n, first > 0 ? z->end[first - 1] : 0};

	if (first > 0)
		deflate_unknown_window(&text);
	for (unsigned i = first;; i++) {
		enum deflate_step step = deflate_decode_block(&f->tables, &in, &text);
		if (step == DEFLATE_FULL || i == ORACLE_BLOCKS)
			return;
		if (step != DEFLATE_BLOCK && step != DEFLATE_LAST_BLOCK) {
			fuzz_check(i == z->n);
			return;
		}
		/* A reference to what precedes all text is not known to be one. */
		if (first > 0 && i == z->n && start < DEFLATE_WINDOW)
			return;
		fuzz_check(i < z->n && in.at == z->end[i]);
		fuzz_check(start + (size_t)(text.next - text.begin) == z->size[i]);
		for (; checked < (size_t)(text.next - text.begin); checked++)
			fuzz_check(fuzz_is_byte(f, text.begin[checked], start, start + checked));
		fuzz_check((step == DEFLATE_LAST_BLOCK) == (z->complete && i + 1 == z->n));
		if (step == DEFLATE_LAST_BLOCK)
			return;
	}
}

/* The first place that is a border by its own account. */
static uint64_t fuzz_search(const struct fuzz_deflate *f, uint64_t at, uint64_t end)
{
	while (at < end && deflate_border_of(f->in, at) != at)
		at++;
	return at < end ? at : DEFLATE_NO_BORDER;
}

int FUZZ_TARGET(const uint8_t *data, size_t n)
{
	static struct fuzz_deflate f;

	if (n > DEFLATE_IN_MAX || (!f.zlib.inflate && !zlib_oracle_load(&f.zlib)))
		return 0;
	memcpy(f.in, data, n);
	memset(f.in + n, 0, DEFLATE_SLACK);
	zlib_oracle_blocks(&f.zlib, f.in, n, f.text, sizeof f.text, &f.blocks);
	fuzz_decode(&f, n, 0);
	for (unsigned i = 0; i + 1 < f.blocks.n; i++) {
		uint64_t border = deflate_border_of(f.in, f.blocks.end[i]);
		if (border != DEFLATE_NO_BORDER)
			fuzz_check(deflate_find_border(f.in, border, 8 * n) == border);
		if (i < FUZZ_BORDERS || i + FUZZ_BORDERS > f.blocks.n)
			fuzz_decode(&f, n, i + 1);
	}
	uint64_t end = 8 * (uint64_t)min_size(n, SEARCH_MAX);
	for (uint64_t at = 0, found; at < end; at = found + 1) {
		found = deflate_find_border(f.in, at, end);
		fuzz_check(found == fuzz_search(&f, at, end));
		if (found == DEFLATE_NO_BORDER)
			break;
	}
	return 0;
}

#else

int FUZZ_TARGET(const uint8_t *data UNUSED, size_t n UNUSED)
{
	return 0;
}

#endif
