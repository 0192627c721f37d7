/* SPDX-License-Identifier: BSD-2-Clause */
/* Template: lines, words and characters of single-byte charsets; see struct byte_sets. */
#ifndef PCOUNT_COUNT_SIMD_BYTES_H
#define PCOUNT_COUNT_SIMD_BYTES_H

/* White space with `extra` further bytes, a constant. */
SIMD_FN uint64_t byte_space(const struct byte_sets *sets, struct block b, unsigned extra)
{
	uint64_t white = block_ascii_space(b);

	for (unsigned i = 0; i < extra; i++)
		white |= block_eq(b, sets->space[i]);
	return white;
}

/* A word starts at each byte that is not white and follows one that is. */
SIMD_FN uint64_t word_starts(uint64_t white, uint64_t white_before)
{
	return ~white & shift_in(white, white_before, 1);
}

/* Appends p[0..n), n > 0. `needs` and `extra` are constants. */
SIMD_FN void bytes_bulk(const struct counter *c, struct tally *t, const unsigned char *p, size_t n,
                        unsigned needs, unsigned extra)
{
	const struct byte_sets *sets = &c->bytes;
	/* What precedes: bit 63 is its last byte. */
	uint64_t white_before = t->decided && t->ends_word ? 0 : ~UINT64_C(0);
	uint64_t lines = 0, words = 0, white = white_before;
	size_t i = 0;

	for (; n - i >= BLOCK; i += BLOCK, white_before = white) {
		struct block b = block_load(p + i);
		if (needs & NEED_LINES)
			lines += bits_set(block_eq(b, '\n'));
		white = byte_space(sets, b, extra);
		words += bits_set(word_starts(white, white_before));
	}
	size_t rest = n - i;
	if (rest > 0) {
		struct block b = block_load_part(p + i, rest);
		if (needs & NEED_LINES)
			lines += bits_set(block_eq(b, '\n'));
		white = byte_space(sets, b, extra);
		words += bits_set(word_starts(white, white_before));
		white <<= BLOCK - rest;
	}
	if (!t->decided) {
		t->decided = true;
		t->starts_word = !(c->cs->byte[p[0]] & BYTE_SPACE);
	}
	t->ends_word = !(white >> (BLOCK - 1));
	t->words += words;
	t->lines += lines;
}

#endif
