/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The header of a gzip member (RFC 1952, 2.3), read in pieces of any size, in no memory: the
 * libraries' own readers lose fields that lie across two pieces, or accept reserved flags.
 */
#ifndef PCOUNT_SOURCE_GZIP_HEADER_H
#define PCOUNT_SOURCE_GZIP_HEADER_H

#include "base/base.h"
#include "source/decoder.h"

/* In their order. */
enum gzip_field {
	GZIP_FIXED, /* signature, flags, time, hints */
	GZIP_EXTRA_SIZE,
	GZIP_EXTRA,
	GZIP_NAME,
	GZIP_COMMENT,
	GZIP_CHECKSUM, /* of all fields before it */
	GZIP_COMPLETE,
};

struct gzip_header {
	enum gzip_field field; /* the current one */
	unsigned flags;
	unsigned seen;          /* bytes of the field */
	unsigned size;          /* bytes that it has, but for names */
	unsigned number;        /* the field's value: size of the extra field, or checksum */
	unsigned char extra[4]; /* the first bytes of the extra field; zero: there are none */
	uint32_t checksum;      /* of what is complete; kept only if there is one to compare with */
	uint64_t total;         /* bytes of the header */
};

void gzip_header_start(struct gzip_header *h);

/* The header is complete: is it that of a member of a BGZF file? */
bool gzip_header_is_bgzf(const struct gzip_header *h);

/*
 * Reads on in bytes[*n]; *n is then how many it took. DECODE_OK: there is more to come; DECODE_END:
 * the header is complete; DECODE_CORRUPT: a reserved flag; DECODE_CHECKSUM.
 */
enum decode_cause gzip_header_read(struct gzip_header *h, const unsigned char *bytes, size_t *n);

#endif
