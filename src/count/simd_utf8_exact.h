/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: characters and errors of any bytes at all, by masks, without a branch. A character is
 * found by its lead byte moving on over valid continuation bytes, and is counted at its last byte:
 *
 *      bytes    E2 82 AC 41 F0 9F 41        E2 82 AC is a character, F0 9F are two errors
 *      three     1
 *      second3      1                       three one byte later, where a fit byte follows
 *      end3            1                    second3 one byte later, where a continuation follows
 *
 * Strict UTF-8 is local: no lead byte is inside a valid character, so bytes are decided by at
 * most three bytes of the past, and what fails to reach an end is an error, byte by byte.
 */
#ifndef PCOUNT_COUNT_SIMD_UTF8_EXACT_H
#define PCOUNT_COUNT_SIMD_UTF8_EXACT_H

/* What the next block needs to know of this one: its top bits. */
struct exact {
	uint64_t two, three, four; /* lead bytes C2-DF, E0-EF, F0-F4 */
	uint64_t e0, ed, f0, f4;   /* those that restrict their second byte */
	uint64_t second3, second4; /* second bytes of characters of three, of four */
	uint64_t third4;
	uint64_t lead;                    /* any byte from C0 up */
	uint64_t ascii, end2, end3, end4; /* last bytes */
};

SIMD_FN struct exact exact_decode(struct block b, const struct exact *past)
{
	uint64_t cont = block_cont(b);
	struct exact x = {
		.two = block_in(b, 0xC2, 0xDF),
		.three = block_in(b, 0xE0, 0xEF),
		.four = block_in(b, 0xF0, 0xF4),
		.e0 = block_eq(b, 0xE0),
		.ed = block_eq(b, 0xED),
		.f0 = block_eq(b, 0xF0),
		.f4 = block_eq(b, 0xF4),
		.lead = block_ge(b, 0xC0),
	};
	uint64_t from_90 = block_ge(b, 0x90), from_a0 = block_ge(b, 0xA0);
	uint64_t unfit3 =
		(shift_in(x.e0, past->e0, 1) & ~from_a0) | (shift_in(x.ed, past->ed, 1) & from_a0);
	uint64_t unfit4 =
		(shift_in(x.f0, past->f0, 1) & ~from_90) | (shift_in(x.f4, past->f4, 1) & from_90);

	x.ascii = ~(x.lead | cont);
	x.end2 = cont & shift_in(x.two, past->two, 1);
	x.second3 = cont & shift_in(x.three, past->three, 1) & ~unfit3;
	x.second4 = cont & shift_in(x.four, past->four, 1) & ~unfit4;
	x.third4 = cont & shift_in(x.second4, past->second4, 1);
	x.end3 = cont & shift_in(x.second3, past->second3, 1);
	x.end4 = cont & shift_in(x.third4, past->third4, 1);
	return x;
}

/* Bytes of the proper prefix of a character at the end of the block. */
SIMD_FN unsigned exact_unfinished(const struct exact *x)
{
	if ((x->two | x->three | x->four) >> (BLOCK - 1))
		return 1;
	if ((x->second3 | x->second4) >> (BLOCK - 1))
		return 2;
	return x->third4 >> (BLOCK - 1) ? 3 : 0;
}

#endif
