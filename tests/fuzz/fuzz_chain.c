/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzer: any bytes as compressed data of a format whose members can be entered, cut into pieces of
 * a size that the first bytes choose. Pieces are walked through, chained and done again as the
 * engine does it (src/engine/chain.c): what comes out, and what fault there is, must be as if it
 * had been decoded from the start; and as well if it is resumed at any place that is proven.
 */
#include "source/decoder.h"
#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int FUZZ_TARGET(const uint8_t *data, size_t n);

enum { CHAIN_MEMORY_LIMIT = 8 << 20, CHAIN_PLACES = 64 };

/*
 * What came out: how much, and a sum that depends on the order. Sums of neighbours can be joined:
 * what precedes n bytes has the weight FACTOR^n.
 */
#define CHAIN_FACTOR UINT64_C(0x100000001b3)
struct chain_output {
	uint64_t bytes, sum, weight;
};
#define CHAIN_NOTHING ((struct chain_output){.weight = 1})

struct chain_end {
	struct chain_output output;
	bool good;
	struct decode_fault fault;
};

struct chain_file {
	struct decoder *d;
	enum format format;
	int fd;
	const uint8_t *data;
	size_t n;
};

static bool chain_add(void *arg, const unsigned char *bytes, size_t n)
{
	struct chain_output *o = arg;

	o->bytes += n;
	for (size_t i = 0; i < n; i++) {
		o->sum = o->sum * CHAIN_FACTOR + bytes[i] + 1;
		o->weight *= CHAIN_FACTOR;
	}
	return true;
}

static void chain_join(struct chain_output *o, const struct chain_output *more)
{
	o->bytes += more->bytes;
	o->sum = o->sum * more->weight + more->sum;
	o->weight *= more->weight;
}

/* From the place to the end, in the ordinary way. */
static void chain_decode(const struct chain_file *f, const struct decode_place *place,
                         struct chain_end *end)
{
	size_t from = (size_t)(place->bit / 8);

	end->good = decoder_resume(f->d, place, &end->fault) == 0 &&
	            decoder_feed(f->d, f->data + from, f->n - from, chain_add, &end->output,
	                         &end->fault) == 0 &&
	            decoder_finish(f->d, chain_add, &end->output, &end->fault) == 0;
}

/* One piece, from the place, or if that is NULL from where a unit seems to begin. */
static struct chain_output chain_walk(const struct chain_file *f, uint64_t begin, uint64_t end,
                                      const struct decode_place *place, struct decode_span *span)
{
	struct chain_output out = CHAIN_NOTHING;
	struct decode_piece piece = {.fd = f->fd, .begin = begin, .end = end, .search = !place};
	enum decode_walk step;

	if (place)
		piece.place = *place;
	*span = (struct decode_span){0};
	decoder_enter(f->d, &piece);
	do {
		struct chain_output before = out;
		step = decoder_walk(f->d, span, chain_add, &out);
		if (step != WALK_UNIT)
			out = before;
	} while (step != WALK_END);
	fuzz_check(span->entered || out.bytes == 0);
	fuzz_check(!span->entered || span->from.bit <= span->to.bit);
	fuzz_check(!span->entered || span->to.bit <= 8 * (uint64_t)f->n);
	return out;
}

static bool chain_reached(const struct decode_place *place, uint64_t end)
{
	return place->ended || (end <= UINT64_MAX / 8 && place->bit >= 8 * end);
}

/* One piece that is not reached: what goes on from the place is added to *out. */
static void chain_piece(const struct chain_file *f, uint64_t begin, uint64_t end,
                        struct decode_place *place, struct chain_output *out)
{
	struct decode_span span;
	struct chain_output more = chain_walk(f, begin, end, begin > 0 ? NULL : place, &span);

	if (!decoder_chain(f->format, place, &span)) {
		more = chain_walk(f, begin, end, place, &span);
		fuzz_check(decoder_chain(f->format, place, &span));
	}
	chain_join(out, &more);
}

static void chain_check_same(const struct chain_end *a, const struct chain_end *b)
{
	fuzz_check(a->good == b->good);
	fuzz_check(a->output.bytes == b->output.bytes && a->output.sum == b->output.sum);
	fuzz_check(a->good ||
	           (a->fault.cause == b->fault.cause && a->fault.offset == b->fault.offset));
}

static void chain_file_check(const struct chain_file *f, uint64_t size)
{
	struct decode_place place = {0};
	struct chain_end want = {.output = CHAIN_NOTHING};
	struct chain_output out = CHAIN_NOTHING;

	chain_decode(f, &place, &want);
	for (uint64_t begin = 0; begin < f->n && !place.ended; begin += size) {
		uint64_t end = begin + size < f->n ? begin + size : UINT64_MAX;
		if (chain_reached(&place, end))
			continue;
		chain_piece(f, begin, end, &place, &out);
		struct chain_end whole = {.output = out, .good = true};
		if (!place.ended)
			chain_decode(f, &place, &whole);
		chain_check_same(&whole, &want);
		if (!chain_reached(&place, end))
			return;
	}
	fuzz_check(place.ended);
}

int FUZZ_TARGET(const uint8_t *data, size_t n)
{
	static struct chain_file files[FORMAT_LAST + 1];
	struct fuzz_bytes in = {data, n};
	struct decode_fault fault;

	if (n < 4 || n > 1 << 16)
		return 0;
	enum format format =
		(enum format)(FORMAT_ZSTD + fuzz_byte(&in) % (FORMAT_LAST - FORMAT_ZSTD + 1));
	uint64_t size = 1 + fuzz_byte(&in) + 256 * (fuzz_byte(&in) % 16u);
	/* For each piece all after it is decoded. */
	size = size < in.n / CHAIN_PLACES ? in.n / CHAIN_PLACES : size;
	if (!decoder_can_enter(format))
		return 0;
	struct chain_file *f = &files[format];
	if (!f->d) {
		f->d = decoder_new(format, CHAIN_MEMORY_LIMIT, &fault);
		f->fd = memfd_create("fuzz", 0);
	}
	if (!f->d || f->fd < 0)
		return 0;
	f->format = format;
	f->data = in.p;
	f->n = in.n;
	fuzz_check(ftruncate(f->fd, 0) == 0);
	fuzz_check(pwrite(f->fd, in.p, in.n, 0) == (ssize_t)in.n);
	chain_file_check(f, size);
	return 0;
}
