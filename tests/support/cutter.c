/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cutter FORMAT AT LENGTH PACKED CONTENT: decodes a file that is good, by a decoder that has been
 * left in every state a decoder can be left in, and cut in every way: what comes out must be
 * CONTENT. FORMAT is a number of enum format; LENGTH bytes from AT on are worth a cut each. Prints
 * what went wrong, or "N ways". Status 77: the library is missing.
 */
#include "base/base.h"
#include "source/decoder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Libraries see cuts at multiples of this offset: IN_UNIT of decoder.c. */
enum { UNIT = 64 << 10 };

struct file {
	unsigned char *bytes;
	size_t n;
};

/* What has come out, compared as it comes. */
struct output {
	const struct file *want;
	size_t n;
	bool differs;
	size_t stop; /* wants no more than so many bytes */
};

static unsigned long ways;

static struct file load(const char *name)
{
	FILE *stream = fopen(name, "rb");
	struct file f = {malloc(32 << 20), 0};

	if (!stream || !f.bytes)
		abort();
	f.n = fread(f.bytes, 1, 32 << 20, stream);
	fclose(stream);
	return f;
}

static bool compare(void *arg, const unsigned char *bytes, size_t n)
{
	struct output *o = arg;

	if (n > o->want->n - o->n || memcmp(o->want->bytes + o->n, bytes, n) != 0)
		o->differs = true;
	else
		o->n += n;
	return !o->differs && o->n < o->stop;
}

/* Decodes as data that begins at `offset`, in blocks of `first` bytes and then `block` bytes each.
 */
static void decode(struct decoder *d, const struct file *packed, const struct file *want,
                   uint64_t offset, size_t first, size_t block)
{
	struct output o = {.want = want, .stop = SIZE_MAX};
	struct decode_fault fault = {0};
	char text[DECODE_TEXT_MAX] = "";
	bool good = true;

	decoder_start(d, offset);
	for (size_t at = 0, size = first; at < packed->n && good; at += size, size = block) {
		if (size > packed->n - at)
			size = packed->n - at;
		good = decoder_feed(d, packed->bytes + at, size, compare, &o, &fault) == 0;
		if (at + size == packed->n)
			break;
	}
	good = good && decoder_finish(d, compare, &o, &fault) == 0;
	ways++;
	if (good && !o.differs && o.n == want->n)
		return;
	if (fault.cause > DECODE_END)
		decoder_fault_text(&fault, text);
	printf("at offset %llu, cut at %zu and every %zu: %s after %zu bytes%s\n",
	       (unsigned long long)offset, first, block, good ? "no fault" : text, o.n,
	       o.differs ? ", which differ" : "");
	exit(1);
}

/* Leaves the decoder in the middle of the data: cut short, stopped by the sink, or with a fault. */
static void leave(struct decoder *d, const struct file *packed, const struct file *want, size_t at,
                  unsigned how)
{
	struct output o = {.want = want, .stop = how == 1 ? 1 : SIZE_MAX};
	struct decode_fault fault = {0};
	unsigned char *bytes = malloc(packed->n);

	if (!bytes)
		abort();
	memcpy(bytes, packed->bytes, packed->n);
	if (how == 2)
		bytes[at] ^= 0x55;
	decoder_start(d, 0);
	if (decoder_feed(d, bytes, how == 0 ? at : packed->n, compare, &o, &fault) == 0)
		(void)decoder_finish(d, compare, &o, &fault);
	free(bytes);
}

int main(int argc, char **argv)
{
	struct decode_fault fault;

	if (argc != 6)
		return 2;
	struct file packed = load(argv[4]), want = load(argv[5]);
	size_t begin = strtoul(argv[2], NULL, 10), end = begin + strtoul(argv[3], NULL, 10);
	struct decoder *d =
		decoder_new((enum format)strtoul(argv[1], NULL, 10), UINT64_C(1) << 28, &fault);
	if (!d)
		return 77;
	if (end > packed.n)
		end = packed.n;
	decode(d, &packed, &want, 0, packed.n, 1);
	for (size_t block = 1; block < 20; block++)
		decode(d, &packed, &want, 0, block, block);
	for (size_t at = begin; at < end; at++) {
		decode(d, &packed, &want, 0, at, packed.n);
		decode(d, &packed, &want, UNIT - at % UNIT, packed.n, 1);
		for (unsigned how = 0; how < 3; how++) {
			leave(d, &packed, &want, at, how);
			decode(d, &packed, &want, 0, packed.n, 1);
		}
	}
	decoder_free(d);
	free(packed.bytes);
	free(want.bytes);
	printf("%lu ways\n", ways);
	return 0;
}
