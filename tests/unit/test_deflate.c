/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DEFLATE from any border on, and pieces of gzip files: the properties that the fuzzers check, of
 * streams that zlib makes at all levels, cut off and damaged; and the joining of checksums.
 * UNIT_SEED and UNIT_TEXTS change what is tried.
 */
#include "base/crc32.h"
#include "nasty.h"
#include "unit.h"

#include <string.h>

#define FUZZ_TARGET fuzz_deflate
#include "../fuzz/fuzz_deflate.c"
#undef FUZZ_TARGET
#define FUZZ_TARGET fuzz_gzip
#include "../fuzz/fuzz_gzip.c"

enum { TEXT_MAX = 20000, PACKED_MAX = 40000, TEXTS = 300 };

static void joined_checksums(void **state UNUSED)
{
	unsigned char text[300];
	uint64_t rng = unit_number("UNIT_SEED", 0x63726333);

	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (unsigned char)unit_random(&rng);
	for (size_t cut = 0; cut <= sizeof text; cut++)
		assert_int_equal(crc32_join(crc32_add(0, text, cut),
		                            crc32_add(0, text + cut, sizeof text - cut),
		                            sizeof text - cut),
		                 crc32_add(0, text, sizeof text));
	/* 2^32 - 1 shifts by a byte are none; a length may be more than 32 bits. */
	assert_int_equal(crc32_join(0x12345678, 0, UINT64_C(0xFFFFFFFF)), 0x12345678);
	assert_int_equal(crc32_join(0x12345678, 7, UINT64_C(0xFFFFFFFF) << 20), 0x12345678 ^ 7);
}

#ifdef HAVE_LIBZ

/* Texts that repeat themselves, so that there is something to refer to. */
static size_t make_text(uint64_t *rng, unsigned char *text)
{
	size_t n = 0, most = 1 + unit_below(rng, TEXT_MAX - 400);

	while (n < most) {
		size_t part = nasty_text(rng, text + n, 1 + unit_below(rng, 300));
		size_t back = n > 0 ? 1 + unit_below(rng, n) : 0;
		if (back > 0 && unit_below(rng, 3) > 0) {
			part = 1 + unit_below(rng, 300);
			for (size_t i = 0; i < part; i++)
				text[n + i] = text[n + i - back];
		}
		n += part;
	}
	return n;
}

/* A stream, with two bytes of room before it. */
static size_t make_stream(const struct zlib_oracle *zlib, uint64_t *rng, unsigned char *packed)
{
	static unsigned char text[TEXT_MAX];
	size_t n = make_text(rng, text);
	int level = (int)unit_below(rng, 10), memory = 1 + (int)unit_below(rng, 9);
	int strategy = unit_below(rng, 3) ? 0 : (int)unit_below(rng, 5);

	return zlib_oracle_pack(zlib, text, n, level, memory, strategy, packed + 2, PACKED_MAX - 2);
}

/* Exactly as long as it says, so that sanitizers see a byte too many. */
static void try_stream(const unsigned char *packed, size_t n)
{
	uint8_t *data = malloc(n + 2);

	assert_non_null(data);
	memcpy(data, packed, n + 2);
	assert_int_equal(fuzz_deflate(data + 2, n), 0);
	assert_int_equal(fuzz_gzip(data, n + 2), 0);
	free(data);
}

static void streams(void **state UNUSED)
{
	static unsigned char packed[PACKED_MAX];
	struct zlib_oracle zlib;
	uint64_t rng = unit_number("UNIT_SEED", 0x6465666C);
	unsigned long texts = unit_number("UNIT_TEXTS", TEXTS);

	if (!zlib_oracle_load(&zlib))
		skip();
	for (unsigned long i = 0; i < texts; i++) {
		size_t n = make_stream(&zlib, &rng, packed);
		packed[0] = (unsigned char)unit_random(&rng);
		packed[1] = 1;
		try_stream(packed, n);
		try_stream(packed, unit_below(&rng, n));
		packed[2 + unit_below(&rng, n)] ^= (unsigned char)(1 << unit_below(&rng, 8));
		try_stream(packed, n);
	}
}

/* A header is where bits count most. */
static void damaged_headers(void **state UNUSED)
{
	static unsigned char packed[PACKED_MAX];
	struct zlib_oracle zlib;
	uint64_t rng = unit_number("UNIT_SEED", 0x68656164);

	if (!zlib_oracle_load(&zlib))
		skip();
	for (unsigned i = 0; i < 20; i++) {
		size_t n = make_stream(&zlib, &rng, packed);
		packed[0] = 20;
		packed[1] = 1;
		for (size_t bit = 0; bit < 8 * min_size(n, 60); bit++) {
			packed[2 + bit / 8] ^= (unsigned char)(1 << bit % 8);
			try_stream(packed, min_size(n, 3000));
			packed[2 + bit / 8] ^= (unsigned char)(1 << bit % 8);
		}
	}
}

#else

static void streams(void **state UNUSED)
{
	skip();
}

#define damaged_headers streams

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joined_checksums),
		cmocka_unit_test(streams),
		cmocka_unit_test(damaged_headers),
	};

	return unit_run(tests);
}
