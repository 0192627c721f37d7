/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: the columns of a block of UTF-8 by lookups in tables of 16 (VEC_LOOKUP 16); see
 * simd_odd.h, which includes it. A character that is in one of the sets of odd_sets.h is found
 * where its second byte stands:
 *
 *      bytes    E0 B8 99 E0 B8 B1    U+0E19, U+0E31: the latter is above the former
 *      usual     1        1
 *      odd          o        o       page E0 B8 has a set
 *      sets         .       -1       by_low_nibble[9] has not bit 1, [1] has bit 3
 */
#ifndef PCOUNT_COUNT_SIMD_ODD_SETS_H
#define PCOUNT_COUNT_SIMD_ODD_SETS_H

/* Tables that stay the same. */
struct odd_tables {
	struct utf8_tables utf8;
	vec usual_high, usual_low; /* usual columns: the lesser of those by both nibbles */
	vec odd[4];                /* see struct odd_sets */
	vec bit;                   /* by the high nibble of a continuation byte: 1 2 4 8 */
};

SIMD_FN struct odd_tables odd_tables(const struct counter *c)
{
	const struct odd_sets *odd = &c->odd;
	static const unsigned char usual_high[16] = {[2] = 1, 1, 1, 1, 1, 1, [0xC] = 1, 1, 2, 1};
	/* WIDE_FIRST to WIDE_LAST */
	static const unsigned char usual_low[16] = {1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1};
	static const unsigned char bit[16] = {[8] = 1, 2, 4, 8};

	return (struct odd_tables){
		.utf8 = utf8_tables(false),
		.usual_high = vec_table(usual_high),
		.usual_low = vec_table(usual_low),
		.odd = {vec_table(odd->nibbles[0]), vec_table(odd->nibbles[1]),
	                vec_table(odd->nibbles[2]), vec_table(odd->nibbles[3])},
		.bit = vec_table(bit),
	};
}

/* Subtracts the usual columns. */
SIMD_FN struct block odd_usual(const struct odd_tables *t, struct block sum, struct block b)
{
	EACH_VEC
	{
		vec high = vec_lookup(t->usual_high, vec_high_nibble(b.v[i]));
		vec low = vec_lookup(t->usual_low, vec_low_nibble(b.v[i]));
		sum.v[i] = vec_sub(sum.v[i], vec_min(high, low));
	}
	return sum;
}

/* A block while its sets are being looked for. */
struct odd_block {
	struct block b, first; /* second bytes, and those before them */
	struct block odd;      /* second bytes of pages without a set so far; TAB, DEL */
	struct block sum;      /* columns, negative */
};

/*
 * Looks for the sets of characters of `length` bytes, a constant, in a block; `last`: the last byte
 * of each.
 */
SIMD_FN void odd_find(struct odd_block *x, const struct odd_sets *odd, const struct odd_tables *t,
                      struct block last, unsigned length)
{
	const struct odd_set *set = odd->set[length - 2], *end = set + odd->n[length - 2];
	vec zero = vec_set1(0);
	struct block low, bit;

	if (set == end)
		return;
	EACH_VEC
	{
		low.v[i] = vec_low_nibble(last.v[i]);
		bit.v[i] = vec_lookup(t->bit, vec_high_nibble(last.v[i]));
	}
	do {
		vec table = vec_table(set->by_low_nibble);
		vec more = vec_set1((unsigned char)set->more);
		vec first = vec_set1(set->first), second = vec_set1(set->second);
		EACH_VEC
		{
			vmask page = vec_eq(x->first.v[i], first);
			if (length > 2)
				page = mask_and(page, vec_eq(x->b.v[i], second));
			vec in = vec_and(vec_lookup(table, low.v[i]), bit.v[i]);
			vmask out = mask_and_not(page, vec_eq(in, zero));
			x->odd.v[i] = vec_sub_saturating(x->odd.v[i], mask_vec(page));
			x->sum.v[i] = vec_sub(x->sum.v[i], vec_and(mask_vec(out), more));
		}
	} while (++set < end);
}

/* Adds the columns of the block b that is ASCII, as is what precedes it, to *sum. */
SIMD_FN enum odd_status odd_ascii(const struct odd_tables *t, struct block *sum, struct block b)
{
	struct block odd;

	EACH_VEC
	odd.v[i] = vec_both(t->odd[2], t->odd[3], b.v[i]);
	if (block_any_of(odd, ODD_APART))
		return ODD_NOT_VOUCHED;
	*sum = odd_usual(t, *sum, b);
	return ODD_ADDED;
}

/* The columns that are in a sum: its lanes are signed, and negative. */
SIMD_FN uint64_t odd_total(struct block sum)
{
	EACH_VEC
	sum.v[i] = vec_xor(sum.v[i], vec_set1(0x80));
	return 0x80 * BLOCK - sum_total(sum);
}

/* After a block: must its sum be totalled? */
SIMD_FN bool odd_is_full(struct counter *c)
{
	if (LIKELY(--c->odd.blocks > 0))
		return false;
	odd_sets_forget(&c->odd);
	c->odd.blocks = ODD_SETS_BLOCKS;
	return true;
}

/*
 * Columns that the characters of four bytes have more than usual whose second bytes `seconds` marks
 * at p, well-formed or not.
 */
SIMD_FN uint64_t odd_fours(struct counter *c, const unsigned char *p, uint64_t seconds)
{
	uint64_t more = 0;

	for (; seconds; seconds &= seconds - 1)
		more += width_of(c, utf8_decode_multibyte(p + trailing_zeros(seconds) - 1)) -
		        UINT64_C(1);
	return more;
}

/*
 * Adds the columns of the block at p, of which bytes after the first `rest` do not count, to *sum
 * and *more.
 */
SIMD_FN enum odd_status odd_block(struct counter *c, const struct odd_tables *t, struct block *sum,
                                  uint64_t *more, const unsigned char *p, size_t rest)
{
	struct odd_block x; /* not set as a whole: GCC would fill it with zeros in memory */

	x.b = odd_kept(block_load(p), rest);
	if (!block_has_high(block_or(x.b, block_load(p - UTF8_ENTER_MIN))))
		return odd_ascii(t, sum, x.b);
	if (block_any_of(odd_kept(block_faults(&t->utf8, x.b, p, 4), rest), FAULTS))
		return ODD_NOT_VOUCHED;
	x.first = block_load(p - 1);
	EACH_VEC
	x.odd.v[i] = vec_and(vec_both(t->odd[0], t->odd[1], x.first.v[i]),
	                     vec_both(t->odd[2], t->odd[3], x.b.v[i]));
	x.sum = odd_usual(t, *sum, x.b);
	if (block_any(x.odd)) {
		odd_find(&x, &c->odd, t, x.b, 2);
		odd_find(&x, &c->odd, t, block_load(p + 1), 3);
		if (block_any(x.odd)) {
			uint64_t odd = block_nonzero(x.odd), fours = odd & block_ge(x.first, 0xF0);
			if (block_any_of(x.odd, ODD_APART))
				return ODD_NOT_VOUCHED;
			if (UNLIKELY(odd != fours)) {
				odd_add(c, p, odd ^ fours);
				return ODD_AGAIN;
			}
			*more += odd_fours(c, p, fours);
		}
	}
	*sum = x.sum;
	return ODD_ADDED;
}

#endif
