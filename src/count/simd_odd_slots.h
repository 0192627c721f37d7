/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Template: the columns of a block of UTF-8 by lookups in tables of 64 (VEC_LOOKUP 64); see
 * simd_odd.h, which includes it. Characters that are in one of the slots of odd_slots.h are found
 * where their second byte stands, those of all slots at once:
 *
 *      bytes    E0 B8 99 E0 B8 B1    U+0E19, U+0E31: the latter is above the former
 *      usual     1        1
 *      odd          o        o       lead[E0] & second[B8] is not 0
 *      slots        .       -1       first[E0] & second[B8] & third[B1] is not 0; third[99] is
 */
#ifndef PCOUNT_COUNT_SIMD_ODD_SLOTS_H
#define PCOUNT_COUNT_SIMD_ODD_SLOTS_H

/* Tables that stay the same. */
struct odd_tables {
	struct utf8_tables utf8;
};

SIMD_FN struct odd_tables odd_tables(const struct counter *c UNUSED)
{
	return (struct odd_tables){utf8_tables(false)};
}

SIMD_FN vec odd_lookup(const unsigned char table[64], vec v)
{
	return vec_lookup64(vec_load(table), v);
}

/* Adds the usual columns; but those of four bytes have one here. */
SIMD_FN struct block odd_usual(struct block sum, struct block b)
{
	EACH_VEC
	{
		vmask ascii = vec_in(b.v[i], ' ', '~');
		sum.v[i] = vec_count(sum.v[i], mask_or(ascii, vec_ge(b.v[i], vec_set1(0xC0))));
		sum.v[i] = vec_count(sum.v[i], vec_in(b.v[i], WIDE_FIRST, WIDE_LAST));
	}
	return sum;
}

/* The columns that are in a sum: its lanes are signed. */
SIMD_FN uint64_t odd_total(struct block sum)
{
	EACH_VEC
	sum.v[i] = vec_xor(sum.v[i], vec_set1(0x80));
	return sum_total(sum) - 0x80 * BLOCK;
}

/* After a block: must its sum be totalled? */
SIMD_FN bool odd_is_full(struct counter *c)
{
	if (LIKELY(--c->slots.blocks > 0))
		return false;
	c->slots.blocks = ODD_SLOTS_BLOCKS;
	return true;
}

/*
 * The columns that characters of four bytes have more than one, whose second bytes `seconds` marks
 * at p, well-formed or not.
 */
SIMD_FN uint64_t odd_fours(struct counter *c, const unsigned char *p, uint64_t seconds)
{
	const struct odd_slots *odd = &c->slots;
	struct block first = block_load(p - 1), second = block_load(p);
	struct block third = block_load(p + 1), last = block_load(p + 2), slot, one;
	uint64_t f0_9f = seconds & block_eq(first, 0xF0) & block_eq(second, 0x9F);

	EACH_VEC
	{
		slot.v[i] = odd_lookup(odd->slot4, third.v[i]);
		one.v[i] = vec_and(slot.v[i], odd_lookup(odd->last4, last.v[i]));
		third.v[i] = odd_lookup(odd->third4, third.v[i]);
	}
	uint64_t unknown = block_nonzero(third) & ~block_nonzero(slot);
	uint64_t apart = seconds & ~(f0_9f & ~unknown);
	uint64_t more = bits_set(f0_9f & ~unknown & ~block_nonzero(one));

	for (; apart; apart &= apart - 1) {
		const unsigned char *at = p + trailing_zeros(apart) - 1;
		more += width_of(c, utf8_decode_multibyte(at)) - UINT64_C(1);
		if (at[0] == 0xF0 && at[1] == 0x9F)
			odd_slots_add(c, at);
	}
	return more;
}

/*
 * Adds the columns of the block at p, of which bytes after the first `rest` do not count, to *sum
 * and *more.
 */
SIMD_FN enum odd_status odd_block(struct counter *c, const struct odd_tables *t, struct block *sum,
                                  uint64_t *more, const unsigned char *p, size_t rest)
{
	const struct odd_slots *odd = &c->slots;
	struct block b = odd_kept(block_load(p), rest), first, next;
	vec zero = vec_set1(0);
	vmask unknown[VECS], fours[VECS];
	bool any_unknown = false, any_fours = false;

	struct block sum_b = odd_usual(*sum, b);
	uint64_t tabs = block_eq(b, '\t');
	if (!block_has_high(block_or(b, block_load(p - UTF8_ENTER_MIN)))) {
		if (tabs)
			return ODD_NOT_VOUCHED;
		*sum = sum_b;
		return ODD_ADDED;
	}
	if (block_any_of(odd_kept(block_faults(&t->utf8, b, p, 4), rest), FAULTS) || tabs)
		return ODD_NOT_VOUCHED;
	first = block_load(p - 1);
	next = block_load(p + 1);
	EACH_VEC
	{
		vmask second = mask_and(vec_cont(b.v[i]), vec_ge(first.v[i], vec_set1(0xC0)));
		vec page =
			vec_and(odd_lookup(odd->lead, first.v[i]), odd_lookup(odd->second, b.v[i]));
		vec in = zero, known = zero;
		for (unsigned g = 0; g < odd->groups; g++) {
			const struct odd_group *group = &odd->group[g];
			vec two = vec_and(odd_lookup(group->first, first.v[i]),
			                  odd_lookup(group->second, b.v[i]));
			in = vec_or_and(in, two, odd_lookup(group->third, next.v[i]));
			known = vec_or(known, two);
		}
		in = vec_select(second, in, zero);
		fours[i] = mask_and(second, vec_ge(first.v[i], vec_set1(0xF0)));
		any_fours |= mask_any(fours[i]);
		second = mask_and_not(second, fours[i]);
		unknown[i] =
			mask_and_not(mask_and(second, vec_eq(known, zero)), vec_eq(page, zero));
		any_unknown |= mask_any(unknown[i]);
		vec low = vec_lookup(vec_table(odd->fewer[0]), vec_and(in, vec_set1(0x0F)));
		vec high = vec_lookup(vec_table(odd->fewer[1]), vec_high_nibble(in));
		sum_b.v[i] = vec_sub(sum_b.v[i], vec_or(low, high));
	}
	if (UNLIKELY(any_unknown)) {
		odd_add(c, p, vec_bits(unknown));
		return ODD_AGAIN;
	}
	if (any_fours)
		*more += odd_fours(c, p, vec_bits(fours));
	*sum = sum_b;
	return ODD_ADDED;
}

#endif
