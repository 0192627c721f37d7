/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blocks of bzip2: signatures at any bit, streams of one block, CRCs; and walks through made-up
 * files, in which a signature may be false and a block be what the test says.
 */
#include "base/base.h"
#include "source/bzip2_block.h"
#include "source/bzip2_walk.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

/* Bits one by one, as a model. */
struct bits {
	unsigned char bytes[16 << 10];
	uint64_t n;
};

static void put(struct bits *b, uint64_t value, unsigned count)
{
	while (count-- > 0) {
		unsigned bit = value >> count & 1, mask = 0x80u >> b->n % 8;
		b->bytes[b->n / 8] = (unsigned char)(bit ? b->bytes[b->n / 8] | mask
		                                         : b->bytes[b->n / 8] & ~mask);
		b->n++;
	}
}

static void put_random(struct bits *b, uint64_t *rng, uint64_t count)
{
	for (; count > 0; count--)
		put(b, unit_random(rng) >> 40 & 1, 1);
}

static uint64_t get(const unsigned char *bytes, uint64_t bit, unsigned count)
{
	uint64_t value = 0;

	for (; count > 0; count--, bit++)
		value = value << 1 | (bytes[bit / 8] >> (7 - bit % 8) & 1);
	return value;
}

static size_t bytes_of(const struct bits *b)
{
	return (size_t)((b->n + 7) / 8);
}

/* ---- signatures ---- */

static bool is_signature(const unsigned char *bytes, uint64_t bit)
{
	uint64_t word = get(bytes, bit, BZIP2_SIGNATURE);

	return word == BZIP2_BLOCK || word == BZIP2_END;
}

static uint64_t find_slowly(const unsigned char *bytes, size_t n, uint64_t from, uint64_t to)
{
	for (uint64_t bit = from; bit < to && bit + BZIP2_SIGNATURE <= 8 * (uint64_t)n; bit++)
		if (is_signature(bytes, bit))
			return bit;
	return to;
}

/* What bzip2_walk.c says of decoded blocks relies on it. */
static void no_signature_stands_less_than_a_byte_after_another(void **state UNUSED)
{
	static const uint64_t words[] = {BZIP2_BLOCK, BZIP2_END};

	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < 2; k++)
			for (unsigned by = 1; by < 8; by++)
				assert_true((words[i] & ((UINT64_C(1) << (48 - by)) - 1)) !=
				            words[k] >> by);
}

static void signatures_are_found_at_any_bit(void **state UNUSED)
{
	static struct bzip2_finder finder;
	uint64_t rng = unit_number("UNIT_SEED", 0x625A68);
	unsigned long texts = unit_number("UNIT_TEXTS", 4000);

	bzip2_finder_init(&finder);
	for (unsigned long i = 0; i < texts; i++) {
		struct bits b = {.n = 0};
		for (size_t parts = unit_below(&rng, 6); parts > 0; parts--) {
			uint64_t word = unit_below(&rng, 2) ? BZIP2_BLOCK : BZIP2_END;
			put_random(&b, &rng, unit_below(&rng, 90));
			/* Now and then one bit is wrong, or some are missing. */
			if (unit_below(&rng, 4) == 0)
				word ^= UINT64_C(1) << unit_below(&rng, BZIP2_SIGNATURE);
			unsigned missing =
				unit_below(&rng, 4) == 0 ? (unsigned)unit_below(&rng, 9) : 0;
			put(&b, word >> missing, BZIP2_SIGNATURE - missing);
		}
		put_random(&b, &rng, unit_below(&rng, 20));
		/* Exactly as long as it says, so that sanitizers see a byte too many. */
		size_t n = (size_t)(b.n / 8);
		unsigned char *exact = malloc(n > 0 ? n : 1);
		assert_non_null(exact);
		memcpy(exact, b.bytes, n);
		for (int k = 0; k < 4; k++) {
			uint64_t to = unit_below(&rng, 8 * n + 60), from = unit_below(&rng, to + 1);
			assert_true(bzip2_find(&finder, exact, n, from, to) ==
			            find_slowly(exact, n, from, to));
		}
		for (uint64_t at = 0, found; at < 8 * n; at = found + 1) {
			found = bzip2_find(&finder, exact, n, at, 8 * n);
			assert_true(found == find_slowly(exact, n, at, 8 * n));
		}
		free(exact);
	}
}

/* ---- streams of one block ---- */

static void a_block_becomes_a_stream(void **state UNUSED)
{
	uint64_t rng = unit_number("UNIT_SEED", 0x625A68);

	for (unsigned i = 0; i < 2000; i++) {
		struct bits file = {.n = 0}, want = {.n = 0};
		put_random(&file, &rng, unit_below(&rng, 20));
		uint64_t from = file.n;
		put(&file, BZIP2_BLOCK, BZIP2_SIGNATURE);
		put_random(&file, &rng, BZIP2_CRC + unit_below(&rng, 300));
		uint64_t to = file.n;
		put_random(&file, &rng, unit_below(&rng, 20));

		for (const char *p = "BZh"; *p; p++)
			put(&want, (unsigned char)*p, 8);
		put(&want, '0' + i % 9 + 1, 8);
		for (uint64_t bit = from; bit < to; bit++)
			put(&want, get(file.bytes, bit, 1), 1);
		put(&want, BZIP2_END, BZIP2_SIGNATURE);
		put(&want, get(file.bytes, from + BZIP2_SIGNATURE, BZIP2_CRC), BZIP2_CRC);

		size_t n = bytes_of(&file), size = bzip2_frame_size(to - from);
		unsigned char *exact = malloc(n), *got = malloc(size);
		assert_non_null(exact);
		assert_non_null(got);
		memcpy(exact, file.bytes, n);
		memset(got, 0xA5, size);
		bzip2_frame(got, i % 9 + 1, exact, n, from, to);
		assert_true(size == bytes_of(&want));
		assert_memory_equal(got, want.bytes, size);
		free(exact);
		free(got);
	}
}

/* ---- CRCs ---- */

static void crcs_are_those_of_the_format(void **state UNUSED)
{
	/* As every catalogue of CRCs has it: "CRC-32/BZIP2". */
	assert_true(bzip2_crc(0, (const unsigned char *)"123456789", 9) == 0xFC891918);
	assert_true(bzip2_crc(bzip2_crc(0, (const unsigned char *)"1234", 4),
	                      (const unsigned char *)"56789", 5) == 0xFC891918);
}

static void crcs_are_forged(void **state UNUSED)
{
	uint64_t rng = unit_number("UNIT_SEED", 0x625A68);

	for (int i = 0; i < 1000; i++) {
		unsigned char data[8];
		uint32_t wanted = i == 0 ? 0 : (uint32_t)(unit_random(&rng) >> 16);
		for (size_t k = 0; k < 4; k++)
			data[k] = (unsigned char)unit_random(&rng);
		bzip2_crc_forge(bzip2_crc(0, data, 4), wanted, data + 4);
		assert_true(bzip2_crc(0, data, 8) == wanted);
	}
}

/* Runs of blocks may be combined in any association. */
static void combined_crcs_chain(void **state UNUSED)
{
	uint64_t rng = unit_number("UNIT_SEED", 0x625A68);

	for (int i = 0; i < 1000; i++) {
		uint32_t all = 0, first = 0, second = 0;
		size_t n = unit_below(&rng, 70), cut = unit_below(&rng, n + 1);
		for (size_t k = 0; k < n; k++) {
			uint32_t crc = (uint32_t)(unit_random(&rng) >> 16);
			all = (all << 1 | all >> 31) ^ crc; /* by the format */
			uint32_t *part = k < cut ? &first : &second;
			*part = bzip2_combine(*part, crc, 1);
		}
		assert_true(bzip2_combine(first, second, n - cut) == all);
		assert_true(bzip2_uncombine(all, second, n - cut) == first);
	}
}

/* ---- walks ---- */

/*
 * A made-up file. A block in it is good if its first 16 bits after the CRC say how many bits it has
 * (to the next signature that is not part of it), which the walk cannot know.
 */
struct file {
	struct bits bits;
	int fd;
	unsigned decoded; /* streams that were offered */
};

static bool decode(void *arg, const unsigned char *stream, size_t n, struct decode_out *out)
{
	struct file *f = arg;
	uint64_t bits = get(stream, 8 * BZIP2_HEAD + BZIP2_SIGNATURE + BZIP2_CRC, 16);

	f->decoded++;
	assert_memory_equal(stream, "BZh", 3);
	assert_true(get(stream, 8 * BZIP2_HEAD, BZIP2_SIGNATURE) == BZIP2_BLOCK);
	/* Whatever it is worth: the walk says that it is void, if it is. */
	assert_true(out->sink(out->arg, stream, 1));
	return stream[3] == '1' && bzip2_frame_size(bits) == n &&
	       get(stream, 8 * BZIP2_HEAD + bits, BZIP2_SIGNATURE) == BZIP2_END;
}

static uint64_t block_crc(unsigned number)
{
	return UINT64_C(0x01020304) * (number + 1);
}

/* A block that holds `false_ones` signatures. */
static void put_block(struct file *f, uint64_t *rng, unsigned number, unsigned false_ones)
{
	uint64_t bits = BZIP2_SIGNATURE + BZIP2_CRC + 16 + 11 + false_ones * (BZIP2_SIGNATURE + 90);

	put(&f->bits, BZIP2_BLOCK, BZIP2_SIGNATURE);
	put(&f->bits, block_crc(number), BZIP2_CRC);
	put(&f->bits, bits, 16);
	put_random(&f->bits, rng, 11);
	for (unsigned i = 0; i < false_ones; i++) {
		put(&f->bits, i % 2 ? BZIP2_END : BZIP2_BLOCK, BZIP2_SIGNATURE);
		put_random(&f->bits, rng, 90);
	}
}

static void put_head(struct file *f)
{
	for (const char *p = "BZh1"; *p; p++)
		put(&f->bits, (unsigned char)*p, 8);
}

static void put_end(struct file *f, uint32_t crc)
{
	put(&f->bits, BZIP2_END, BZIP2_SIGNATURE);
	put(&f->bits, crc, BZIP2_CRC);
	put(&f->bits, 0, (unsigned)(-f->bits.n % 8));
}

static void save(struct file *f)
{
	char name[] = "bzip2-test-XXXXXX";

	f->fd = mkstemp(name);
	assert_true(f->fd >= 0);
	unlink(name);
	size_t n = bytes_of(&f->bits);
	assert_true(pwrite(f->fd, f->bits.bytes, n, 0) == (ssize_t)n);
}

static bool count(void *arg, const unsigned char *bytes UNUSED, size_t n)
{
	*(size_t *)arg += n;
	return true;
}

/* Walks the piece; the blocks that were good. */
static unsigned walk(struct file *f, uint64_t begin, uint64_t end, struct decode_place place,
                     bool search, struct decode_span *span)
{
	struct bzip2_walk w;
	size_t got = 0;
	struct decode_out out = {.sink = count, .arg = &got};
	enum decode_walk step;
	unsigned blocks = 0;

	bzip2_walk_init(&w, decode, f);
	bzip2_walk_enter(
		&w,
		&(struct decode_piece){
			.fd = f->fd, .begin = begin, .end = end, .place = place, .search = search});
	*span = (struct decode_span){0};
	do {
		size_t before = got;
		step = bzip2_walk_step(&w, span, &out);
		if (step != WALK_UNIT)
			got = before;
		blocks += step == WALK_UNIT && got > before;
	} while (step != WALK_END);
	bzip2_walk_free(&w);
	return blocks;
}

/* The whole file piece by piece, each of `size` bytes; blocks, and where it has got. */
static unsigned chain(struct file *f, uint64_t size, struct decode_place *at)
{
	uint64_t n = bytes_of(&f->bits);
	struct decode_span span;
	unsigned blocks = 0;

	*at = (struct decode_place){0};
	for (uint64_t begin = 0; begin < n && !at->ended; begin += size) {
		uint64_t end = begin + size < n ? begin + size : UINT64_MAX;
		if (at->bit >= 8 * min_u64(end, UINT64_MAX / 8))
			continue;
		unsigned more = walk(f, begin, end, *at, begin > 0, &span);
		bool good = span.entered && span.from.bit == at->bit &&
		            span.from.inside == at->inside && bzip2_chain(at, &span);
		if (!good) {
			more = walk(f, begin, end, *at, false, &span);
			assert_true(bzip2_chain(at, &span));
		}
		blocks += more;
	}
	return blocks;
}

static void walks_chain_wherever_they_are_cut(void **state UNUSED)
{
	uint64_t rng = unit_number("UNIT_SEED", 0x625A68);

	for (int i = 0; i < 60; i++) {
		struct file f = {.fd = -1};
		unsigned blocks = 0;
		for (size_t streams = 1 + unit_below(&rng, 4); streams > 0; streams--) {
			uint32_t crc = 0;
			put_head(&f);
			for (size_t more = unit_below(&rng, 5); more > 0; more--, blocks++) {
				put_block(&f, &rng, blocks, (unsigned)unit_below(&rng, 7));
				crc = bzip2_combine(crc, (uint32_t)block_crc(blocks), 1);
			}
			put_end(&f, crc);
		}
		save(&f);
		uint64_t n = bytes_of(&f.bits);
		for (uint64_t size = 1; size <= n; size += 1 + size / 7) {
			struct decode_place at;
			assert_int_equal(chain(&f, size, &at), blocks);
			assert_true(at.ended && at.bit == 8 * n);
		}
		close(f.fd);
	}
}

/* With too many false signatures a walk gives up, at the last place that is good. */
static void walks_end_where_too_much_is_false(void **state UNUSED)
{
	uint64_t rng = 7;
	struct file f = {.fd = -1};
	struct decode_span span;

	put_head(&f);
	put_block(&f, &rng, 0, 0);
	uint64_t second = f.bits.n;
	put_block(&f, &rng, 1, 1000 / 10);
	put_end(&f, bzip2_combine((uint32_t)block_crc(0), (uint32_t)block_crc(1), 1));
	save(&f);
	assert_int_equal(walk(&f, 0, UINT64_MAX, (struct decode_place){0}, false, &span), 1);
	assert_true(span.to.bit == second && span.to.inside && !span.to.ended);
	assert_true(span.to.crc == block_crc(0) && span.to.context == 1);
	unsigned before = f.decoded;
	assert_int_equal(walk(&f, second / 8 + 9, UINT64_MAX, span.to, true, &span), 0);
	assert_false(span.entered);
	assert_in_range(f.decoded - before, 1, 100);
	close(f.fd);
}

/* The checksum of a stream decides, whoever gets to it. */
static void a_wrong_trailer_does_not_chain(void **state UNUSED)
{
	uint64_t rng = 7;
	struct file f = {.fd = -1};
	struct decode_span first, last;
	struct decode_place at = {0};

	put_head(&f);
	put_block(&f, &rng, 0, 0);
	uint64_t second = f.bits.n;
	put_block(&f, &rng, 1, 0);
	uint64_t trailer = f.bits.n;
	put_end(&f, 12345);
	save(&f);
	assert_int_equal(walk(&f, 0, UINT64_MAX, at, false, &first), 2);
	assert_true(first.to.bit == trailer && !first.to.ended); /* from the start: it is seen */
	assert_int_equal(walk(&f, 0, second / 8, at, false, &first), 1);
	assert_int_equal(walk(&f, second / 8, UINT64_MAX, at, true, &last), 1);
	assert_true(last.closed && last.to.ended && last.from.bit == second);
	assert_true(bzip2_chain(&at, &first));
	assert_true(at.bit == second && at.crc == block_crc(0));
	assert_false(bzip2_chain(&at, &last));
	assert_true(at.bit == second);
	close(f.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_signature_stands_less_than_a_byte_after_another),
		cmocka_unit_test(signatures_are_found_at_any_bit),
		cmocka_unit_test(a_block_becomes_a_stream),
		cmocka_unit_test(crcs_are_those_of_the_format),
		cmocka_unit_test(crcs_are_forged),
		cmocka_unit_test(combined_crcs_chain),
		cmocka_unit_test(walks_chain_wherever_they_are_cut),
		cmocka_unit_test(walks_end_where_too_much_is_false),
		cmocka_unit_test(a_wrong_trailer_does_not_chain),
	};

	return unit_run(tests);
}
