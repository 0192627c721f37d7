/* SPDX-License-Identifier: BSD-2-Clause */
/* The header of a gzip member (RFC 1952, 2.3), read in pieces of any size. */
#include "base/base.h"
#include "base/crc32.h"
#include "source/gzip_header.h"

#include <string.h>

enum {
	FIXED_SIZE = 10,
	FLAGS_AT = 3,
	FLAG_CHECKSUM = 2,
	FLAG_EXTRA = 4,
	FLAG_NAME = 8,
	FLAG_COMMENT = 16,
	FLAGS_RESERVED = 0xE0,
};

void gzip_header_start(struct gzip_header *h)
{
	*h = (struct gzip_header){.field = GZIP_FIXED, .size = FIXED_SIZE};
}

bool gzip_header_is_bgzf(const struct gzip_header *h)
{
	static const unsigned char subfield[] = {'B', 'C', 2, 0};

	_Static_assert(sizeof subfield == sizeof h->extra, "all that is kept");
	return memcmp(h->extra, subfield, sizeof subfield) == 0;
}

/* The flag that says that the field is there; 0: see next_field(). */
static unsigned flag_of(enum gzip_field field)
{
	static const uint8_t flags[] = {
		[GZIP_FIXED] = 0,
		[GZIP_EXTRA_SIZE] = FLAG_EXTRA,
		[GZIP_EXTRA] = FLAG_EXTRA,
		[GZIP_NAME] = FLAG_NAME,
		[GZIP_COMMENT] = FLAG_COMMENT,
		[GZIP_CHECKSUM] = FLAG_CHECKSUM,
		[GZIP_COMPLETE] = 0,
	};

	return flags[field];
}

/* The current field is complete: goes on to the next that is there. */
static void next_field(struct gzip_header *h)
{
	unsigned value = h->number;

	do
		h->field++;
	while (h->field != GZIP_COMPLETE && !(h->flags & flag_of(h->field)));
	h->seen = h->number = 0;
	h->size = h->field == GZIP_EXTRA ? value : 2; /* but of names */
}

/* How many of bytes[n] belong to the field; *complete: it ends with them. */
static size_t read_field(struct gzip_header *h, const unsigned char *bytes, size_t n,
                         bool *complete)
{
	if (h->field == GZIP_NAME || h->field == GZIP_COMMENT) {
		const unsigned char *end = memchr(bytes, '\0', n);
		*complete = end;
		return end ? (size_t)(end - bytes) + 1 : n;
	}
	size_t taken = (size_t)min_u64(n, h->size - h->seen);
	for (size_t i = 0; i < taken; i++, h->seen++) {
		if (h->field == GZIP_FIXED && h->seen == FLAGS_AT)
			h->flags = bytes[i];
		else if (h->field == GZIP_EXTRA_SIZE || h->field == GZIP_CHECKSUM)
			h->number |= (unsigned)bytes[i] << 8 * h->seen;
		else if (h->field == GZIP_EXTRA && h->seen < sizeof h->extra)
			h->extra[h->seen] = bytes[i];
	}
	*complete = h->seen == h->size;
	return taken;
}

enum decode_cause gzip_header_read(struct gzip_header *h, const unsigned char *bytes, size_t *n)
{
	size_t used = 0;
	enum decode_cause cause = DECODE_OK;

	while (cause == DECODE_OK && h->field != GZIP_COMPLETE) {
		bool complete;
		size_t taken = read_field(h, bytes + used, *n - used, &complete);
		/* The flags may not be known yet: then it is needed perhaps. */
		if (h->field == GZIP_FIXED || (h->flags & FLAG_CHECKSUM))
			h->checksum = h->field == GZIP_CHECKSUM
			                      ? h->checksum
			                      : crc32_add(h->checksum, bytes + used, taken);
		used += taken;
		h->total += taken;
		if (!complete)
			break;
		if (h->flags & FLAGS_RESERVED)
			cause = DECODE_CORRUPT;
		if (h->field == GZIP_CHECKSUM && h->number != (h->checksum & 0xFFFF))
			cause = DECODE_CHECKSUM;
		next_field(h);
	}
	*n = used;
	return cause == DECODE_OK && h->field == GZIP_COMPLETE ? DECODE_END : cause;
}
