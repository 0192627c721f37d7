/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzer: any bytes as text in an encoding chosen by the first byte, in blocks of a size chosen by
 * the second. What comes out must not depend on the blocks, nor, for UTF-16, on the kernel.
 */
#include "base/base.h"
#include "text/encoding.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { INPUT_MAX = 1 << 14 };

struct output {
	unsigned char bytes[INPUT_MAX * 8];
	size_t n;
};

static void add(void *arg, const unsigned char *utf8, size_t n)
{
	struct output *o = arg;

	if (n > sizeof o->bytes - o->n)
		abort();
	memcpy(o->bytes + o->n, utf8, n);
	o->n += n;
}

static void transcode(struct transcoder *t, enum encoding_form form, const uint8_t *data, size_t n,
                      size_t block, struct output *o)
{
	o->n = 0;
	transcoder_start(t, form);
	for (size_t at = 0; at < n; at += block)
		transcoder_feed(t, data + at, n - at < block ? n - at : block, add, o);
	transcoder_finish(t, add, o);
}

/*
 * What the first bytes tell: nothing about bytes that are not there, and after what a byte order
 * mark has told, that mark.
 */
static void check_sniffing(const struct encoding *named, const uint8_t *data, size_t n)
{
	for (enum encoding_mode mode = ENCODING_AUTO; mode <= ENCODING_UNICODE; mode++) {
		struct encoding e = *named;
		unsigned bom_len, again;
		e.mode = mode;
		enum encoding_form form = encoding_of(&e, data, n, &bom_len);
		if (bom_len > n || bom_len > ENCODING_BOM_MAX || !encoding_name(&e, form) ||
		    (mode == ENCODING_NAMED && encoding_unit(form) != encoding_unit(named->form)) ||
		    (mode != ENCODING_NAMED && bom_len > 0 &&
		     (encoding_of_bom(data, bom_len, &again) != form || again != bom_len)))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const names[] = {
		"UTF-16LE", "UTF-16BE",  "UTF-32LE",          "UTF-32BE",    "KOI8-R",
		"GB18030",  "SHIFT_JIS", "BIG5-HKSCS",        "ISO-2022-JP", "UCS-2",
		"UCS-4",    "WCHAR_T",   "UTF-16BE//TRANSLIT"};
	static struct encoding encoding[ARRAY_LEN(names)][2];
	static struct transcoder *transcoder[ARRAY_LEN(names)][2]; /* the best kernel, and scalar
	                                                            */
	static struct output out[3];

	if (n < 2 || n > INPUT_MAX)
		return 0;
	size_t which = data[0] % ARRAY_LEN(names), block = data[1] % 64 + 1u;
	data += 2;
	n -= 2;
	for (int i = 0; i < 2 && !transcoder[which][i]; i++) {
		struct encoding *e = &encoding[which][i];
		if (encoding_open(e, ENCODING_NAMED, names[which], i ? "scalar" : NULL) != 0)
			return 0; /* this C library does not know it */
		transcoder[which][i] = transcoder_new(e);
	}
	enum encoding_form form = encoding[which][0].form;
	transcode(transcoder[which][0], form, data, n, n + 1, &out[0]);
	transcode(transcoder[which][0], form, data, n, block, &out[1]);
	transcode(transcoder[which][1], form, data, n, n + 1, &out[2]);
	for (int i = 1; i < 3; i++)
		if (out[i].n != out[0].n || memcmp(out[i].bytes, out[0].bytes, out[0].n) != 0)
			abort();
	check_sniffing(&encoding[which][0], data, n);
	return 0;
}
