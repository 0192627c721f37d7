/* SPDX-License-Identifier: BSD-2-Clause */
/* What a compressed format tells decoder.c about itself. One file each; private to source/. */
#ifndef PCOUNT_SOURCE_FORMAT_H
#define PCOUNT_SOURCE_FORMAT_H

#include "base/base.h"
#include "base/library.h"
#include "source/decoder.h"

#include <sys/types.h>

/* One call's input and output; run() moves them as it consumes and fills. */
struct decode_io {
	const unsigned char *in;
	size_t in_left;
	unsigned char *out;
	size_t out_left;
	bool between_blocks; /* run() may stop there, that `between_blocks` can tell */
	/* On failure: */
	uint64_t back;   /* bytes between the fault and `in`, which comes later */
	uint64_t number; /* see enum decode_cause */
};

/* Between two blocks. */
struct decode_border {
	unsigned bits; /* before the end of the input so far */
	uint32_t crc;  /* of the member so far */
	uint64_t text; /* bytes of it */
};

/* Where the output of walk() goes: room for it, and who takes it from there. */
struct decode_out {
	unsigned char *bytes;
	size_t room;
	decoder_sink *sink;
	void *arg;
};

/* Skippable frames, which zstd and lz4 share: their signature but for the bits that are free. */
#define FORMAT_SKIPPABLE      UINT32_C(0x184D2A50)
#define FORMAT_SKIPPABLE_FREE UINT32_C(15)

/* Bytes of the longest signature. */
enum { FORMAT_SIGNATURE_MAX = 6 };

/*
 * Headers of a file, each near the one before or far from it: the bytes around those that are near
 * are read at once. Begin with {.fd = ...}.
 */
struct header_window {
	int fd;
	uint64_t begin; /* offset of bytes[n] */
	size_t n;
	unsigned char bytes[8 << 10];
};

/* As peek_file(). */
ssize_t header_peek(struct header_window *w, uint64_t at, void *bytes, size_t n);

struct format_ops {
	const char *name;
	const char *needs; /* the library, as messages call it */
	/* Zero bytes that may follow the last member: 0: none; else a multiple of this number. */
	unsigned padding;
	/* Is there never more than one member? */
	bool single;
	/* Do these first bytes begin such data? */
	bool (*detect)(const unsigned char *bytes, size_t n);
	/*
	 * May a member begin with first[n]? decoder.c asks for each, byte by byte or for as many as
	 * there are, up to FORMAT_SIGNATURE_MAX, before run() gets them.
	 */
	bool (*may_begin)(const unsigned char *first, size_t n);
	/*
	 * For decoder_border(): where the member that begins at `at` ends, by its headers, wherever
	 * that is; DECODER_NO_BORDER: they do not tell; DECODER_UNREAD. NULL: they never do.
	 */
	uint64_t (*member_end)(struct header_window *w, uint64_t at, uint64_t size);
	/*
	 * In place of it: the first offset from `at` on where a member seems to begin, or
	 * DECODER_NO_BORDER or DECODER_UNREAD.
	 */
	uint64_t (*next_member)(int fd, uint64_t at, uint64_t size);
	/*
	 * Loads the library and makes *state. DECODE_OK, NO_LIBRARY, OLD_LIBRARY or NO_MEMORY.
	 * NULL: this build knows nothing of the library.
	 */
	enum decode_cause (*open)(uint64_t memory_limit, void **state);
	void (*close)(void *state);
	/*
	 * The number of the library's threads that may help from the next member on; 1: none. Where
	 * a fault lies may then be told wrongly. NULL: the library has none to help.
	 */
	void (*spread)(void *state, unsigned threads);
	/*
	 * The bytes of output that would spare run() a copy, if it gets as many at once. NULL: it
	 * does not matter.
	 */
	size_t (*room)(const void *state);
	/* Starts a new member, whatever has become of the last. DECODE_OK or NO_MEMORY. */
	enum decode_cause (*begin)(void *state);
	/*
	 * Decodes the member as far as input and output reach. DECODE_OK: more of either is needed;
	 * DECODE_END: it is complete, its checksum right, and all of it is in the output. FOREIGN
	 * is for a wrong signature. All output of what precedes a fault must be in the output.
	 */
	enum decode_cause (*run)(void *state, struct decode_io *io);
	/*
	 * May the data end here, within a member that only what follows ends? NULL: never.
	 */
	bool (*may_end)(const void *state);
	/*
	 * Should another member, which is the end marker, follow the last one, which is complete?
	 * NULL: there is no such thing.
	 */
	bool (*lacks_end)(const void *state);
	/*
	 * See decoder_enter(), decoder_walk() and decoder_chain(). walk() may use out[room], and
	 * reads the file by itself. NULL: members cannot be entered.
	 */
	void (*enter)(void *state, const struct decode_piece *piece);
	enum decode_walk (*walk)(void *state, struct decode_span *span, struct decode_out *out);
	bool (*chain)(struct decode_place *at, const struct decode_span *span);
	/*
	 * In place of begin(), where walk() is: run() gets the bytes from that of place->bit on,
	 * which lies inside a member. DECODE_OK, CORRUPT if there can be no such place, or
	 * NO_MEMORY.
	 */
	enum decode_cause (*resume)(void *state, const struct decode_place *place);
	/*
	 * In place of begin(), where blocks refer to the text before them: run() gets the bytes
	 * from that of point->place.bit on. DECODE_OK, CORRUPT or NO_MEMORY. NULL: there are no
	 * points.
	 */
	enum decode_cause (*restart)(void *state, const struct decode_point *point);
	/* Is the end of the input so far, or one of the seven bits before it, between blocks? */
	bool (*between_blocks)(const void *state, struct decode_border *border);
	/* See decoder_find_point(). */
	uint64_t (*find_point)(const unsigned char *bytes, uint64_t at, uint64_t end);
	/*
	 * Does all output of what precedes a fault come out, and not a byte more, however the input
	 * is cut? Else decoder.c cuts it at places that depend on nothing but the offset.
	 */
	bool exact;
};

/* What open() says of a library. */
static inline enum decode_cause format_library(enum library_status status)
{
	switch (status) {
	case LIBRARY_LOADED:
		return DECODE_OK;
	case LIBRARY_UNSUITABLE:
		return DECODE_OLD_LIBRARY;
	default:
		return DECODE_NO_LIBRARY;
	}
}

extern const struct format_ops format_zstd, format_gzip, format_xz, format_bzip2, format_lz4,
	format_lzip, format_lzma;

static inline uint16_t load_le16(const unsigned char *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t load_le32(const unsigned char *p)
{
	return load_le16(p) | (uint32_t)load_le16(p + 2) << 16;
}

static inline uint64_t load_le64(const unsigned char *p)
{
	return load_le32(p) | (uint64_t)load_le32(p + 4) << 32;
}

/* Do first[n], as far as they reach, agree with this little-endian word in the bits of `mask`? */
static inline bool word_begins(const unsigned char *first, size_t n, uint32_t word, uint32_t mask)
{
	for (size_t i = 0; i < n && i < sizeof word; i++)
		if ((first[i] ^ word >> 8 * i) & (mask >> 8 * i) & 0xFF)
			return false;
	return true;
}

#endif
