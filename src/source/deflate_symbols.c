/* SPDX-License-Identifier: BSD-2-Clause */
/* The blocks of DEFLATE (RFC 1951) to symbols. */
#include "base/base.h"
#include "source/deflate_symbols.h"

#include <string.h>

/* The next bits, and where those come from that follow. */
struct bits {
	uint64_t word;
	unsigned n; /* valid ones in `word`; those above may be, too */
	const unsigned char *next;
};

/* At least 56 bits are then there. */
ALWAYS_INLINE void refill(struct bits *b)
{
	b->word |= deflate_bits(b->next, 0) << b->n;
	b->next += (63 - b->n) >> 3;
	b->n |= 56;
}

ALWAYS_INLINE void drop(struct bits *b, unsigned n)
{
	b->word >>= n;
	b->n -= n;
}

/* The next n bits, fewer than 32. */
ALWAYS_INLINE unsigned peek(const struct bits *b, unsigned n)
{
	return (unsigned)b->word & ((1u << n) - 1);
}

ALWAYS_INLINE unsigned take(struct bits *b, unsigned n)
{
	unsigned value = peek(b, n);

	drop(b, n);
	return value;
}

static struct bits begin_bits(const struct deflate_input *in, uint64_t at)
{
	struct bits b = {.next = in->bytes + at / 8};

	refill(&b);
	drop(&b, (unsigned)(at % 8));
	return b;
}

static uint64_t end_bits(const struct deflate_input *in, const struct bits *b)
{
	return (uint64_t)(b->next - in->bytes) * 8 - b->n;
}

ALWAYS_INLINE void copy_8(uint16_t *to, const uint16_t *from)
{
	unsigned char symbols[8 * sizeof *to];

	memcpy(symbols, from, sizeof symbols);
	memcpy(to, symbols, sizeof symbols);
}

/* Repeats `length` symbols from `distance` before; up to 31 more are written. */
ALWAYS_INLINE uint16_t *copy_match(uint16_t *to, unsigned length, unsigned distance)
{
	const uint16_t *from = to - distance;
	uint16_t *end = to + length;

	if (LIKELY(distance >= 8)) {
		copy_8(to, from);
		copy_8(to + 8, from + 8);
		copy_8(to + 16, from + 16);
		copy_8(to + 24, from + 24);
		for (to += 32, from += 32; to < end; to += 8, from += 8)
			copy_8(to, from);
	} else if (distance == 1) {
		for (uint16_t symbol = *from; to < end; to++)
			*to = symbol;
	} else {
		for (; to < end; to += distance, from += distance)
			copy_8(to, from);
	}
	return end;
}

/* One or two literals. */
ALWAYS_INLINE uint16_t *put_literals(uint16_t *to, uint32_t entry, struct bits *b)
{
	to[0] = entry >> 8 & 0xFF;
	to[1] = entry >> 16 & 0xFF;
	drop(b, entry & 31);
	return to + (entry >> 24 & 3);
}

/* The entry that a second table has in place of this one. */
ALWAYS_INLINE uint32_t second_entry(const uint32_t *table, uint32_t entry, struct bits *b)
{
	drop(b, entry & 31);
	return table[(entry >> 8 & 0xFFFF) + peek(b, entry >> 24 & 15)];
}

enum {
	LITLEN_MASK = (1 << DEFLATE_LITLEN_BITS) - 1,
	DISTANCE_MASK = (1 << DEFLATE_DISTANCE_BITS) - 1
};

/* The distance of a reference; 0: there is no such code. */
ALWAYS_INLINE unsigned take_distance(const uint32_t *table, struct bits *b)
{
	uint32_t entry = table[b->word & DISTANCE_MASK];

	if (UNLIKELY(entry & DEFLATE_SPECIAL)) {
		if (!(entry & DEFLATE_TABLE))
			return 0;
		entry = second_entry(table, entry, b);
		if (entry & DEFLATE_SPECIAL)
			return 0;
	}
	drop(b, entry & 31);
	return (entry >> 8 & 0xFFFF) + take(b, entry >> 24 & 15);
}

/*
 * Symbols up to the end of the block. In a round there are at most four lookups for literals, of 11
 * bits each, or three and a length (20), and then a distance (28).
 */
static enum deflate_step decode_symbols(const struct deflate_tables *t, struct deflate_input *in,
                                        struct deflate_text *text)
{
	const unsigned char *in_end = in->bytes + in->bits / 8 + 16;
	const uint16_t *room_end = text->end - DEFLATE_ROOM;
	struct bits b = begin_bits(in, in->at);
	uint16_t *to = text->next;
	uint32_t entry;

	refill(&b);
	entry = t->litlen[b.word & LITLEN_MASK];
	while (b.next <= in_end && to <= room_end) {
		if (entry & DEFLATE_LITERAL) {
			to = put_literals(to, entry, &b);
			entry = t->litlen[b.word & LITLEN_MASK];
			if (entry & DEFLATE_LITERAL) {
				to = put_literals(to, entry, &b);
				entry = t->litlen[b.word & LITLEN_MASK];
				if (entry & DEFLATE_LITERAL) {
					to = put_literals(to, entry, &b);
					refill(&b);
					entry = t->litlen[b.word & LITLEN_MASK];
					continue;
				}
			}
		}
		if (UNLIKELY(entry & DEFLATE_SPECIAL)) {
			if (entry & DEFLATE_TABLE)
				entry = second_entry(t->litlen, entry, &b);
			if (entry & DEFLATE_LITERAL) {
				to = put_literals(to, entry, &b);
				refill(&b);
				entry = t->litlen[b.word & LITLEN_MASK];
				continue;
			}
			if (entry & DEFLATE_END_OF_BLOCK) {
				drop(&b, entry & 31);
				in->at = end_bits(in, &b);
				text->next = to;
				return DEFLATE_BLOCK;
			}
			if (entry & DEFLATE_SPECIAL)
				return DEFLATE_BAD;
		}
		drop(&b, entry & 31);
		unsigned length = (entry >> 8 & 0xFFFF) + take(&b, entry >> 24 & 15);
		refill(&b);
		unsigned distance = take_distance(t->distance, &b);
		if (UNLIKELY(distance == 0 || distance > (size_t)(to - text->first)))
			return DEFLATE_BAD;
		refill(&b);
		entry = t->litlen[b.word & LITLEN_MASK];
		to = copy_match(to, length, distance);
	}
	return b.next > in_end ? DEFLATE_CUT : DEFLATE_FULL;
}

/* in->at is at the block's header. */
static enum deflate_step decode_stored(struct deflate_input *in, struct deflate_text *text)
{
	uint64_t at = (in->at + 3 + 7) / 8;
	const unsigned char *p = in->bytes + at;

	if ((at + 4) * 8 > in->bits)
		return DEFLATE_CUT;
	unsigned length = p[0] | (unsigned)p[1] << 8;
	if ((length ^ 0xFFFF) != (p[2] | (unsigned)p[3] << 8))
		return DEFLATE_BAD;
	if ((at + 4 + length) * 8 > in->bits)
		return DEFLATE_CUT;
	if (length + DEFLATE_ROOM > (size_t)(text->end - text->next))
		return DEFLATE_FULL;
	for (unsigned i = 0; i < length; i++)
		text->next[i] = p[4 + i];
	text->next += length;
	in->at = (at + 4 + length) * 8;
	return DEFLATE_BLOCK;
}

static enum deflate_step decode_block(struct deflate_tables *t, unsigned type,
                                      struct deflate_input *in, struct deflate_text *text)
{
	struct deflate_lengths lengths;
	uint64_t left = in->bits - in->at;

	switch (type) {
	case DEFLATE_STORED:
		return decode_stored(in, text);
	case DEFLATE_FIXED:
		deflate_fixed_lengths(&lengths);
		in->at += 3;
		break;
	case DEFLATE_DYNAMIC:
		if (!deflate_read_lengths(in->bytes, &in->at, &lengths))
			return left < DEFLATE_HEADER_BITS ? DEFLATE_CUT : DEFLATE_BAD;
		break;
	default:
		return DEFLATE_BAD;
	}
	deflate_make_tables(t, &lengths);
	return decode_symbols(t, in, text);
}

enum deflate_step deflate_decode_block(struct deflate_tables *t, struct deflate_input *in,
                                       struct deflate_text *text)
{
	uint64_t begin = in->at;
	uint16_t *next = text->next;

	if (in->bits < 3 || begin > in->bits - 3)
		return DEFLATE_CUT;
	unsigned header = deflate_bits(in->bytes, begin) & 7;
	enum deflate_step step = decode_block(t, header >> 1, in, text);
	/* What was read after the end was made up. */
	if (step != DEFLATE_FULL && in->at > in->bits)
		step = DEFLATE_CUT;
	if (step == DEFLATE_BLOCK)
		return header & 1 ? DEFLATE_LAST_BLOCK : DEFLATE_BLOCK;
	in->at = begin;
	text->next = next;
	return step;
}

void deflate_unknown_window(struct deflate_text *text)
{
	for (unsigned i = 0; i < DEFLATE_WINDOW; i++)
		text->begin[(ptrdiff_t)i - DEFLATE_WINDOW] = (uint16_t)(DEFLATE_MARKER + i);
	text->first = text->begin - DEFLATE_WINDOW;
}
