/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzer: any bytes as a gzip file that is cut into pieces, of a size that the first byte says; the
 * second says what is put around them: nothing, or a header, and a trailer that is right if what is
 * between them is a stream. What the pieces accept, the decoder of gzip must accept too, and give
 * the same text; and what zlib accepts, so must they, unless a block has more text than a piece has
 * room for. The decoder says the same if it goes on from any point.
 */
#include "base/crc32.h"
#include "fuzz.h"
#include "source/decoder.h"
#include "source/gzip_piece.h"
#include "zlib_oracle.h"

int FUZZ_TARGET(const uint8_t *data, size_t n);

#ifdef HAVE_LIBZ

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { GZIP_IN_MAX = 32 << 10, GZIP_OUT_MAX = 1 << 20, GZIP_AROUND = 10 + 8 };

enum { GZIP_POINTS = 4 };

enum { PIECE_ROOM = 1 << 19 }; /* symbols, of two bytes each */

/* A point, and what has come out before it. */
struct fuzz_point {
	struct decode_point point;
	uint64_t bytes, sum;
};

struct fuzz_gzip {
	struct zlib_oracle zlib;
	struct zlib_blocks blocks;
	struct gzip_piece *piece;
	struct decoder *decoder;
	int fd;
	unsigned char in[GZIP_IN_MAX + GZIP_AROUND];
	unsigned char text[GZIP_OUT_MAX];
	/* What came out, and its end. */
	uint64_t bytes, sum;
	unsigned char last[DECODE_WINDOW];
	struct fuzz_point points[GZIP_POINTS];
	size_t n_points;
};

static bool fuzz_add(void *arg, const unsigned char *bytes, size_t n)
{
	struct fuzz_gzip *f = arg;

	f->sum = crc32_add((uint32_t)f->sum, bytes, n);
	f->bytes += n;
	size_t end = n < sizeof f->last ? n : sizeof f->last;
	memmove(f->last, f->last + end, sizeof f->last - end);
	memcpy(f->last + sizeof f->last - end, bytes + n - end, end);
	return true;
}

/* All from byte `at` on, in the ordinary way. Is it good? */
static bool fuzz_ordinary(struct fuzz_gzip *f, size_t at, size_t n)
{
	struct decode_fault fault;

	decoder_start(f->decoder, at);
	return decoder_feed(f->decoder, f->in + at, n - at, fuzz_add, f, &fault) == 0 &&
	       decoder_finish(f->decoder, fuzz_add, f, &fault) == 0;
}

/* Stops each time after `size` bytes, and keeps the first points that it meets. */
static void fuzz_find_points(struct fuzz_gzip *f, size_t n, size_t size)
{
	struct decode_fault fault;

	f->n_points = 0;
	decoder_start(f->decoder, 0);
	for (size_t at = 0, end; at < n && f->n_points < GZIP_POINTS; at = end) {
		struct fuzz_point *p = &f->points[f->n_points];
		struct decode_place *place = &p->point.place;
		end = n - at < size ? n : at + size;
		if (decoder_feed(f->decoder, f->in + at, end - at, fuzz_add, f, &fault) != 0)
			return;
		int paused = decoder_pause(f->decoder, fuzz_add, f, place, &fault);
		if (paused < 0)
			return;
		fuzz_check(place->bit <= 8 * end && place->bit + 8 > 8 * end);
		p->point.n_window = (unsigned)(place->inside && place->context < DECODE_WINDOW
		                                       ? place->context
		                                       : place->inside * DECODE_WINDOW);
		fuzz_check(p->point.n_window <= f->bytes);
		memcpy(p->point.window, f->last, sizeof f->last);
		p->bytes = f->bytes;
		p->sum = f->sum;
		f->n_points += (size_t)paused;
	}
}

/* From the point on, as if from the start? */
static bool fuzz_from_point(struct fuzz_gzip *f, const struct fuzz_point *p, size_t n)
{
	struct decode_fault fault;
	size_t at = (size_t)(p->point.place.bit / 8);

	f->bytes = p->bytes;
	f->sum = p->sum;
	return decoder_restart(f->decoder, &p->point, &fault) == 0 &&
	       decoder_feed(f->decoder, f->in + at, n - at, fuzz_add, f, &fault) == 0 &&
	       decoder_finish(f->decoder, fuzz_add, f, &fault) == 0;
}

/* From *place on, the piece that ends at `end`. Is it good so far? */
static bool fuzz_piece(struct fuzz_gzip *f, struct gzip_place *place)
{
	const unsigned char *text;
	uint64_t before;
	size_t n;

	if (!gzip_piece_accept(f->piece, place))
		gzip_piece_start(f->piece, place);
	for (;;) {
		before = place->bit;
		(void)gzip_piece_leave(f->piece, place);
		enum gzip_stop stop = gzip_piece_stop(f->piece);
		while ((n = gzip_piece_text(f->piece, &text)) > 0)
			fuzz_add(f, text, n);
		if (stop == GZIP_STOP_BORDER || stop == GZIP_STOP_REST)
			return true;
		if (stop == GZIP_STOP_FAULT && place->bit == before)
			return false;
		gzip_piece_start(f->piece, place);
	}
}

static bool fuzz_pieces(struct fuzz_gzip *f, size_t n, size_t size)
{
	static struct gzip_place place;
	struct gzip_sum sum, all = {0};

	place = (struct gzip_place){.at = GZIP_AT_MEMBER};
	for (size_t at = 0; place.at != GZIP_AT_REST; at += size) {
		size_t end = at + size < n ? at + size : SIZE_MAX;
		if (place.bit / 8 >= end)
			continue;
		gzip_piece_begin(f->piece, f->fd, at, end);
		(void)gzip_piece_search(f->piece);
		if (!fuzz_piece(f, &place) || !gzip_piece_sum(f->piece, &sum) ||
		    !gzip_sum_add(&all, &sum))
			return false;
	}
	return fuzz_ordinary(f, (size_t)(place.bit / 8), n);
}

/* Puts a header and a trailer around data[n]. How much it is. */
static size_t fuzz_wrap(struct fuzz_gzip *f, const uint8_t *data, size_t n)
{
	static const unsigned char header[10] = {0x1F, 0x8B, 8};

	memcpy(f->in, header, sizeof header);
	memcpy(f->in + sizeof header, data, n);
	zlib_oracle_blocks(&f->zlib, f->in + sizeof header, n, f->text, sizeof f->text, &f->blocks);
	if (f->blocks.complete)
		n = f->blocks.in;
	size_t size = f->blocks.n > 0 ? f->blocks.size[f->blocks.n - 1] : 0;
	uint64_t trailer = crc32_add(0, f->text, size) | (uint64_t)size << 32;
	for (unsigned i = 0; i < 8; i++)
		f->in[sizeof header + n + i] = (unsigned char)(trailer >> 8 * i);
	return n + GZIP_AROUND;
}

/* The text of the block that has most of it. */
static size_t fuzz_largest_block(const struct zlib_blocks *blocks)
{
	size_t before = 0, largest = 0;

	for (unsigned i = 0; i < blocks->n; i++) {
		if (blocks->size[i] - before > largest)
			largest = blocks->size[i] - before;
		before = blocks->size[i];
	}
	return largest;
}

static bool fuzz_open(struct fuzz_gzip *f)
{
	struct decode_fault fault;

	if (f->decoder)
		return true;
	if (!zlib_oracle_load(&f->zlib))
		return false;
	f->fd = memfd_create("fuzz", 0);
	f->piece = gzip_piece_new(UINT64_C(2) * PIECE_ROOM);
	f->decoder = decoder_new(FORMAT_GZIP, UINT64_C(1) << 20, &fault);
	return f->fd >= 0 && f->piece && f->decoder;
}

int FUZZ_TARGET(const uint8_t *data, size_t n)
{
	static struct fuzz_gzip f;

	if (n < 2 || n > GZIP_IN_MAX || !fuzz_open(&f))
		return 0;
	size_t size = 1 + (size_t)data[0] * data[0] / 16, in = n - 2;
	if (data[1] % 2 == 0)
		memcpy(f.in, data + 2, in);
	else
		in = fuzz_wrap(&f, data + 2, in);
	fuzz_check(ftruncate(f.fd, 0) == 0 && pwrite(f.fd, f.in, in, 0) == (ssize_t)in);
	f.bytes = f.sum = 0;
	bool pieces = fuzz_pieces(&f, in, size);
	uint64_t bytes = f.bytes, sum = f.sum;
	f.bytes = f.sum = 0;
	bool ordinary = fuzz_ordinary(&f, 0, in);
	/* ISA-L takes some codes that are not complete. */
	bool right = data[1] % 2 == 1 && f.blocks.complete;
	fuzz_check(right ? ordinary : !pieces || ordinary);
	fuzz_check(!right || pieces || fuzz_largest_block(&f.blocks) > PIECE_ROOM);
	fuzz_check(!pieces || (bytes == f.bytes && sum == f.sum));
	bytes = f.bytes;
	sum = f.sum;
	f.bytes = f.sum = 0;
	fuzz_find_points(&f, in, size);
	for (size_t i = 0; i < f.n_points; i++) {
		bool good = fuzz_from_point(&f, &f.points[i], in);
		fuzz_check(good == ordinary);
		fuzz_check(!good || (bytes == f.bytes && sum == f.sum));
	}
	return 0;
}

#else

int FUZZ_TARGET(const uint8_t *data UNUSED, size_t n UNUSED)
{
	return 0;
}

#endif
