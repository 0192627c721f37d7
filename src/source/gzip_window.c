/* SPDX-License-Identifier: BSD-2-Clause */
/* Packs by zlib, unpacks by the decoder that pieces of gzip files have. */
#include "base/base.h"
#include "base/dlopen_note.h"
#include "base/optional.h"
#include "source/deflate_symbols.h"
#include "source/format.h"
#include "source/gzip_window.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER = 2, TRAILER = 4, STORED_MOST = 65535 };

/* Adler-32 of RFC 1950: no more bytes than the sums have room for. */
static uint32_t adler32_of(const unsigned char *bytes, size_t n)
{
	uint64_t a = 1, b = 0;

	for (size_t i = 0; i < n; i++) {
		a += bytes[i];
		b += a;
	}
	return (uint32_t)(b % 65521 << 16 | a % 65521);
}

static uint32_t load_be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* ---- packing ---- */

#ifdef HAVE_LIBZ
#include <zlib.h>

static const struct library_symbol compress_symbols[] = {
	{LIBRARY_SYMBOL(compress2)},
};

static void load(struct window_packer *p)
{
	_Static_assert(sizeof(uLong) == sizeof(unsigned long), "as the field has it");
	if (!p->loaded &&
	    OPTIONAL_LOAD(OPTIONAL_ZLIB, compress_symbols, &p->compress2) != LIBRARY_LOADED)
		p->compress2 = NULL;
	p->loaded = true;
}
#else
static void load(struct window_packer *p)
{
	p->loaded = true;
}
#endif

/* In one stored block. */
static size_t store(const unsigned char *bytes, size_t n, unsigned char *packed)
{
	uint32_t adler = adler32_of(bytes, n);
	const unsigned char header[] = {0x78,
	                                0x01,
	                                0x01 /* the last block */,
	                                (unsigned char)n,
	                                (unsigned char)(n >> 8),
	                                (unsigned char)~n,
	                                (unsigned char)(~n >> 8)};
	unsigned char *end = packed + sizeof header + n;

	verify(n <= STORED_MOST);
	memcpy(packed, header, sizeof header);
	memcpy(packed + sizeof header, bytes, n);
	for (unsigned i = 0; i < TRAILER; i++)
		end[i] = (unsigned char)(adler >> (24 - 8 * i));
	return sizeof header + n + TRAILER;
}

size_t window_pack(struct window_packer *p, const unsigned char *bytes, size_t n,
                   unsigned char *packed)
{
	unsigned long n_packed = window_packed_most(n);

	load(p);
	if (p->compress2 && p->compress2(packed, &n_packed, bytes, n, 1) == 0)
		return n_packed;
	return store(bytes, n, packed);
}

/* ---- unpacking ---- */

struct unpacking {
	struct deflate_tables tables;
	uint16_t symbols[DEFLATE_WINDOW + 3 * DEFLATE_ROOM];
};

/* All blocks of in->bytes, to text. Are they one stream? */
static bool unpack_blocks(struct deflate_tables *tables, struct deflate_input *in,
                          struct deflate_text *text)
{
	enum deflate_step step;

	do
		step = deflate_decode_block(tables, in, text);
	while (step == DEFLATE_BLOCK);
	return step == DEFLATE_LAST_BLOCK && (in->at + 7) / 8 * 8 == in->bits;
}

/* The text without what a window before it could say: all symbols are bytes. */
static bool unpack(struct unpacking *u, const unsigned char *deflated, size_t n_deflated,
                   unsigned char *bytes, size_t n)
{
	struct deflate_input in = {deflated, 8 * (uint64_t)n_deflated, 0};
	struct deflate_text text = {
		.begin = u->symbols,
		.next = u->symbols,
		.end = u->symbols + ARRAY_LEN(u->symbols),
		.first = u->symbols,
	};

	if (!unpack_blocks(&u->tables, &in, &text) || (size_t)(text.next - text.begin) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		bytes[i] = (unsigned char)text.begin[i];
	return true;
}

int window_unpack(const unsigned char *packed, size_t n_packed, unsigned char *bytes, size_t n)
{
	if (n > DEFLATE_WINDOW || n_packed < HEADER + TRAILER ||
	    (packed[0] << 8 | packed[1]) % 31 != 0 || (packed[0] & 15) != 8 || (packed[1] & 32))
		return -1;
	size_t n_deflated = n_packed - HEADER - TRAILER;
	struct unpacking *u = malloc(sizeof *u);
	unsigned char *deflated = calloc(1, n_deflated + DEFLATE_SLACK);
	bool good = false;
	if (u && deflated) {
		memcpy(deflated, packed + HEADER, n_deflated);
		good = unpack(u, deflated, n_deflated, bytes, n) &&
		       adler32_of(bytes, n) == load_be32(packed + n_packed - TRAILER);
	}
	free(u);
	free(deflated);
	return good ? 0 : -1;
}
