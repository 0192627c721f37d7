/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzer: any bytes as compressed data, of a format chosen by the first byte and in blocks of a
 * size chosen by the second. What a decoder gives must not depend on the blocks; and where the
 * headers give borders, the pieces between them must give what the whole gives, as far as that is
 * good.
 */
#include "base/base.h"
#include "source/decoder.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MEMORY_LIMIT = 8 << 20, OUT_MAX = 32 << 20 };

/* What came out: how much, and a sum that depends on the order (FNV-1a). */
struct output {
	uint64_t bytes, sum;
};

static bool add(void *arg, const unsigned char *bytes, size_t n)
{
	struct output *o = arg;

	o->bytes += n;
	for (size_t i = 0; i < n && o->bytes <= OUT_MAX; i++)
		o->sum = (o->sum ^ bytes[i]) * UINT64_C(0x100000001b3);
	return true;
}

/* What is left of the last input must not matter to the next, however that ended. */
static void leave(struct decoder *d, const uint8_t *data, size_t n)
{
	struct decode_fault fault;
	struct output o = {0};

	decoder_start(d, 0);
	(void)decoder_feed(d, data, n, add, &o, &fault);
}

static bool decode(struct decoder *d, const uint8_t *data, size_t begin, size_t end, size_t block,
                   struct output *o, struct decode_fault *fault)
{
	decoder_start(d, begin);
	for (size_t at = begin; at < end; at += block) {
		size_t size = end - at < block ? end - at : block;
		if (decoder_feed(d, data + at, size, add, o, fault) != 0)
			return false;
	}
	return decoder_finish(d, add, o, fault) == 0;
}

/* The file piece by piece; a piece that is not good is redone with all behind it, as engines do. */
static bool decode_pieces(struct decoder *d, enum format format, const uint8_t *data, size_t n,
                          struct output *o, struct decode_fault *fault)
{
	static int fd = -1;
	size_t at = 0;

	if (fd < 0)
		fd = memfd_create("fuzz", 0);
	if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, data, n, 0) != (ssize_t)n)
		abort();
	do {
		uint64_t border = decoder_border(format, fd, at, 1, n);
		if (border != DECODER_NO_BORDER && (border <= at || border > n))
			abort();
		size_t end = border < n ? (size_t)border : n;
		struct output before = *o;
		if (!decode(d, data, at, end, n + 1, o, fault)) {
			*o = before;
			return decode(d, data, at, n, n + 1, o, fault);
		}
		at = end;
	} while (at < n);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct decoder *decoders[FORMAT_LZMA + 1];
	struct decode_fault fault[3] = {0};
	struct output out[3] = {0};
	bool good[3];

	if (n < 3 || n > 1 << 16)
		return 0;
	enum format format = (enum format)(FORMAT_ZSTD + data[0] % (FORMAT_LZMA - FORMAT_ZSTD + 1));
	size_t block = data[1] % 64 + 1u;
	data += 2;
	n -= 2;
	(void)decoder_detect(data, n);
	if (note_of_bytes(data, n) > NOTE_LAST)
		abort();
	if (!decoders[format])
		decoders[format] = decoder_new(format, MEMORY_LIMIT, &fault[0]);
	struct decoder *d = decoders[format];
	if (!d)
		return 0;
	good[0] = decode(d, data, 0, n, n, &out[0], &fault[0]);
	leave(d, data, n * 2 / 3);
	good[1] = decode(d, data, 0, n, block, &out[1], &fault[1]);
	good[2] = decode_pieces(d, format, data, n, &out[2], &fault[2]);
	for (int i = 0; i < 3; i++) {
		char text[DECODE_TEXT_MAX];
		if (!good[i]) {
			if (fault[i].cause <= DECODE_END || fault[i].offset > n)
				abort();
			decoder_fault_text(&fault[i], text);
		}
		if (good[i] != good[0])
			abort();
		/* What precedes a fault must be the same too. */
		if (out[i].bytes != out[0].bytes || out[i].sum != out[0].sum)
			abort();
		if (!good[0] &&
		    (fault[i].cause != fault[0].cause || fault[i].offset != fault[0].offset))
			abort();
	}
	return 0;
}
