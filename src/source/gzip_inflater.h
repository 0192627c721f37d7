/* SPDX-License-Identifier: BSD-2-Clause */
/* The libraries that decode the members of gzip files, one of which is chosen by gzip.c. */
#ifndef PCOUNT_SOURCE_GZIP_INFLATER_H
#define PCOUNT_SOURCE_GZIP_INFLATER_H

#include "base/base.h"
#include "source/checksum.h"
#include "source/format.h"

/* The calls of a format (format.h), for a member from the end of its header on. */
struct inflater {
	enum decode_cause (*open)(void **state);
	void (*close)(void *state);
	enum decode_cause (*begin)(void *state);
	enum decode_cause (*run)(void *state, struct decode_io *io);
	enum decode_cause (*restart)(void *state, const struct decode_point *point);
	bool (*between_blocks)(const void *state, struct decode_border *border);
	bool (*load_checksum)(struct checksum *c);
};

extern const struct inflater gzip_isal, gzip_zlib;

/* Sizes are 32 bits wide in both. */
UNUSED static inline unsigned at_most_1g(size_t n)
{
	return (unsigned)min_u64(n, 1u << 30);
}

#endif
