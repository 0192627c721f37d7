/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Legacy frames of lz4: a signature, then blocks of up to 8 MiB, each with its size before it,
 * until something that is no size follows, or nothing. No checksums, no sizes of content. Private
 * to source/.
 *
 *      02 21 4C 18 | size | block | size | block | ...
 */
#ifndef PCOUNT_SOURCE_LZ4_LEGACY_H
#define PCOUNT_SOURCE_LZ4_LEGACY_H

#include "base/base.h"
#include "source/format.h"

#define LZ4_LEGACY_SIGNATURE UINT32_C(0x184C2102)

/* LZ4_decompress_safe(): bytes that came out, or a negative number. */
typedef int lz4_block_fn(const char *from, char *to, int size, int room);

struct lz4_legacy;

/* NULL: no memory. */
struct lz4_legacy *lz4_legacy_new(lz4_block_fn *decompress);
void lz4_legacy_free(struct lz4_legacy *l);

/* A frame begins, after its signature. */
void lz4_legacy_begin(struct lz4_legacy *l);
/*
 * As run() of struct format_ops; a fault is told of where the block with its size begins.
 * DECODE_END: what follows is no size of a block. These 4 bytes have been consumed, and are
 * next[4].
 */
enum decode_cause lz4_legacy_run(struct lz4_legacy *l, struct decode_io *io, unsigned char *next);
/* Is all that has been consumed whole blocks, and has all come out? */
bool lz4_legacy_may_end(const struct lz4_legacy *l);

/* Where the frame that begins at `at` ends: as member_end() of struct format_ops. */
uint64_t lz4_legacy_end(struct header_window *w, uint64_t at, uint64_t size);

#endif
