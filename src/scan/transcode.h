/* SPDX-License-Identifier: BSD-2-Clause */
/* Text on its way to the kernel: as it is, or transcoded to UTF-8. */
#ifndef PCOUNT_SCAN_TRANSCODE_H
#define PCOUNT_SCAN_TRANSCODE_H

#include "base/base.h"
#include "count/counter.h"
#include "text/encoding.h"

struct transcoding {
	struct transcoder *transcoder;   /* NULL: the charset is the counter's, whatever comes */
	enum encoding_form default_form; /* of an operand, unless sniffing tells another */
	/* Of the current piece. */
	enum encoding_form form; /* ENCODING_NONE: the kernel takes its bytes as they are */
	unsigned bom_left;       /* bytes to come that are no text */
	uint64_t bytes;          /* transcoded so far */
};

/* `encoding`: NULL: nothing is ever transcoded. 0, or -1 and errno. */
int transcoding_init(struct transcoding *t, const struct encoding *encoding);
void transcoding_free(struct transcoding *t);

/* A piece begins, of text of this form, whose first `bom_length` bytes are none. */
void transcoding_start(struct transcoding *t, enum encoding_form form, unsigned bom_length);
/* Counts the next bytes[n] of it. */
void transcoding_count(struct transcoding *t, struct counter *counter, const unsigned char *bytes,
                       size_t n, struct tally *tally);
/* Counts the next `n` bytes of it, which are all zero. */
void transcoding_count_zeros(struct transcoding *t, struct counter *counter, uint64_t n,
                             struct tally *tally);
/* It has ended: counts what was left undecided; the tally's bytes are those before transcoding. */
void transcoding_finish(struct transcoding *t, struct counter *counter, struct tally *tally);

#endif
