/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A piece of a bzip2 file, block by block. Where a block ends nobody tells before it is decoded:
 * the next signature is taken for its end, and if that is wrong the next but one. That it is right
 * shows when the block, the end of a stream put right after it, decodes without a fault.
 */
#include "base/base.h"
#include "base/fd.h"
#include "source/bzip2_walk.h"

#include <stdlib.h>

enum {
	/*
	 * Signatures that are tried as the end of a block, and as the first of a piece. That one is
	 * false has a chance of 1 in 2^48 a bit, unless somebody wants it.
	 */
	ENDS_MOST = 8,
	STARTS_MOST = 8,
	AHEAD_STEP = 256 << 10, /* bytes read at a time in search of a signature */
};

void bzip2_walk_init(struct bzip2_walk *w, bzip2_decode_fn *decode, void *arg)
{
	*w = (struct bzip2_walk){.decode = decode, .arg = arg};
	bzip2_finder_init(&w->finder);
}

void bzip2_walk_free(struct bzip2_walk *w)
{
	lookahead_free(&w->ahead);
	free(w->stream);
	w->stream = NULL;
	w->room = 0;
}

void bzip2_walk_enter(struct bzip2_walk *w, const struct decode_piece *piece)
{
	unsigned char level = 0;

	w->piece = *piece;
	w->failed = false;
	w->searching = piece->search;
	w->at = piece->search ? 8 * (piece->begin - piece->origin) : piece->place.bit;
	w->tried = w->ends = w->starts = 0;
	lookahead_start(&w->ahead, piece->fd, piece->origin + w->at / 8);
	if (piece->search)
		(void)peek_file(piece->fd, piece->origin + BZIP2_HEAD - 1, &level, 1);
	w->level = level >= '1' && level <= '9' ? level - '0' : 9;
}

/* The bit after the last one with which a unit of the piece may begin. */
static uint64_t end_bit(const struct bzip2_walk *w)
{
	uint64_t bytes = w->piece.end - w->piece.origin;

	return bytes > UINT64_MAX / 8 ? UINT64_MAX : 8 * bytes;
}

/* ---- bits ahead ---- */

/* The data's bit with which ahead.bytes begin. */
static uint64_t base_bit(const struct bzip2_walk *w)
{
	return 8 * (w->ahead.offset - w->piece.origin);
}

/* What precedes `bit` is needed no more. */
static void move_to(struct bzip2_walk *w, uint64_t bit)
{
	w->at = bit;
	w->tried = w->ends = 0;
	lookahead_move(&w->ahead, w->piece.origin + bit / 8);
}

/* Are the `count` bits from `bit` on there? They are read if they are not. */
static bool reach(struct bzip2_walk *w, uint64_t bit, uint64_t count)
{
	size_t bytes = (size_t)((bit - base_bit(w) + count + 7) / 8);

	if (lookahead_fill(&w->ahead, bytes) != 0)
		w->failed = true;
	return w->ahead.n >= bytes;
}

/* `count` bits that are there. */
static uint64_t bits_at(const struct bzip2_walk *w, uint64_t bit, unsigned count)
{
	return bzip2_bits(w->ahead.bytes, w->ahead.n, bit - base_bit(w), count);
}

/* The first signature that begins in [from, to), of the bits that are there; UINT64_MAX: none. */
static uint64_t find_ahead(const struct bzip2_walk *w, uint64_t from, uint64_t to)
{
	uint64_t base = base_bit(w), last = min_u64(to - base, 8 * (uint64_t)w->ahead.n);

	if (from - base >= last)
		return UINT64_MAX;
	uint64_t found = bzip2_find(&w->finder, w->ahead.bytes, w->ahead.n, from - base, last);
	return found < last ? base + found : UINT64_MAX;
}

/* Moves on to the next signature from `from` on, if one begins in the piece. */
static bool search(struct bzip2_walk *w, uint64_t from)
{
	uint64_t end = end_bit(w);
	bool more = true;

	for (; from < end && more; from = min_u64(end, from + 8 * (uint64_t)AHEAD_STEP)) {
		move_to(w, from);
		/* What begins with the last bit reaches further. */
		more = reach(w, from,
		             min_u64(end - from, 8 * (uint64_t)AHEAD_STEP) + BZIP2_SIGNATURE);
		uint64_t found = find_ahead(w, from, end);
		if (found != UINT64_MAX) {
			move_to(w, found);
			return true;
		}
	}
	return false;
}

/* The first signature from `from` on, as the end of the block at `at`; UINT64_MAX: none is near. */
static uint64_t find_end(struct bzip2_walk *w, uint64_t from)
{
	uint64_t most = w->at + 8 * (uint64_t)BZIP2_BLOCK_MOST;
	bool more = true;

	for (;;) {
		uint64_t found = find_ahead(w, from, most);
		uint64_t there = base_bit(w) + 8 * (uint64_t)w->ahead.n;
		if (found != UINT64_MAX || there >= most || !more)
			return found;
		/* One that was not there to its end begins after this. */
		if (there > from + BZIP2_SIGNATURE)
			from = there - BZIP2_SIGNATURE;
		more = reach(w, there, 8 * (uint64_t)AHEAD_STEP);
	}
}

/* ---- units ---- */

/* One more is good; the next begins at `to`. */
static enum decode_walk go_on(struct bzip2_walk *w, struct decode_span *span,
                              struct decode_place to)
{
	span->to = to;
	move_to(w, to.bit);
	return WALK_UNIT;
}

/*
 * Decodes the block from `at` to `end`. Is it one, to the bit? The decoder meets the end of the
 * stream right after the block, so if that is elsewhere, it is another one than was put there, less
 * than a byte from it or else not all is read. No signature stands as near to another.
 */
static bool decode_block(struct bzip2_walk *w, uint64_t end, unsigned level, struct decode_out *out)
{
	uint64_t base = base_bit(w), bits = end - w->at;
	size_t size = bzip2_frame_size(bits);

	if (bits < BZIP2_SIGNATURE + BZIP2_CRC)
		return false;
	if (size > w->room) {
		free(w->stream);
		w->stream = malloc(size + size / 2);
		w->room = w->stream ? size + size / 2 : 0;
	}
	if (!w->stream)
		return false;
	bzip2_frame(w->stream, level, w->ahead.bytes, w->ahead.n, w->at - base, end - base);
	return w->decode(w->arg, w->stream, size, out);
}

static enum decode_walk walk_block(struct bzip2_walk *w, struct decode_span *span,
                                   struct decode_out *out)
{
	uint64_t end = find_end(w, max_u64(w->tried, w->at) + 1);

	if (end == UINT64_MAX || ++w->ends > ENDS_MOST)
		return WALK_END;
	if (!decode_block(w, end, (unsigned)span->to.context, out)) {
		w->tried = end;
		return WALK_BACK;
	}
	uint32_t crc = (uint32_t)bits_at(w, w->at + BZIP2_SIGNATURE, BZIP2_CRC);
	struct decode_place to = span->to;
	to.bit = end;
	to.crc = bzip2_combine(to.crc, crc, 1);
	span->units += !span->closed;
	return go_on(w, span, to);
}

/* The header of a stream at `bit`, which is a byte's first: *to is the signature after it. */
static bool read_head(struct bzip2_walk *w, uint64_t bit, struct decode_place *to)
{
	if (!reach(w, bit, 8 * (uint64_t)BZIP2_STREAM_SIGNATURE))
		return false;
	const unsigned char *head = w->ahead.bytes + (bit - base_bit(w)) / 8;
	if (!bzip2_detect(head, BZIP2_STREAM_SIGNATURE))
		return false;
	*to = (struct decode_place){.bit = bit + 8 * (uint64_t)BZIP2_HEAD,
	                            .inside = true,
	                            .context = head[BZIP2_HEAD - 1] - (uint64_t)'0'};
	return true;
}

/* The end of a stream, after which comes another, or nothing. */
static enum decode_walk walk_end(struct bzip2_walk *w, struct decode_span *span)
{
	uint64_t after = (w->at + BZIP2_SIGNATURE + BZIP2_CRC + 7) / 8 * 8;
	uint32_t crc = (uint32_t)bits_at(w, w->at + BZIP2_SIGNATURE, BZIP2_CRC);
	struct decode_place to = {.bit = after, .ended = true};

	if (span->closed && span->to.crc != crc)
		return WALK_END;
	if (reach(w, after, 8) && !read_head(w, after, &to))
		return WALK_END;
	if (w->failed)
		return WALK_END;
	if (!span->closed)
		span->from.crc = bzip2_uncombine(crc, span->to.crc, span->units);
	span->closed = true;
	return go_on(w, span, to);
}

static enum decode_walk walk_unit(struct bzip2_walk *w, struct decode_span *span,
                                  struct decode_out *out)
{
	if (!reach(w, w->at, BZIP2_SIGNATURE + BZIP2_CRC))
		return WALK_END;
	uint64_t signature = bits_at(w, w->at, BZIP2_SIGNATURE);
	if (signature == BZIP2_BLOCK)
		return walk_block(w, span, out);
	return signature == BZIP2_END ? walk_end(w, span) : WALK_END;
}

/* The first unit of a piece whose beginning is not known, or another try at one. */
static enum decode_walk walk_first(struct bzip2_walk *w, struct decode_span *span,
                                   struct decode_out *out)
{
	if (w->starts == 0 && !search(w, w->at))
		return WALK_END;
	w->starts += w->starts == 0;
	struct decode_span first = {.from = {.bit = w->at, .inside = true, .context = w->level}};
	first.to = first.from;
	enum decode_walk step = walk_unit(w, &first, out);
	if (step == WALK_UNIT) {
		first.entered = true;
		w->searching = false;
		*span = first;
	} else if (step == WALK_END) {
		step = ++w->starts > STARTS_MOST || !search(w, w->at + 1) ? WALK_END : WALK_BACK;
	}
	return step;
}

enum decode_walk bzip2_walk_step(struct bzip2_walk *w, struct decode_span *span,
                                 struct decode_out *out)
{
	struct decode_place to;

	if (w->searching)
		return walk_first(w, span, out);
	if (!span->entered) {
		span->entered = span->closed = true;
		span->from = span->to = w->piece.place;
	}
	if (span->to.ended || span->to.bit >= end_bit(w))
		return WALK_END;
	if (span->to.inside)
		return walk_unit(w, span, out);
	return read_head(w, w->at, &to) ? go_on(w, span, to) : WALK_END;
}

bool bzip2_chain(struct decode_place *at, const struct decode_span *span)
{
	uint32_t before = at->crc;

	if (span->closed && at->inside && span->from.crc != before)
		return false;
	*at = span->to;
	if (!span->closed)
		at->crc = bzip2_combine(before, span->to.crc, span->units);
	return true;
}
