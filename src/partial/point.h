/* SPDX-License-Identifier: BSD-2-Clause */
/* The point where the range of a journal's line ends, as the line has it. */
#ifndef PCOUNT_PARTIAL_POINT_H
#define PCOUNT_PARTIAL_POINT_H

#include "base/base.h"
#include "source/decoder.h"
#include "source/gzip_window.h"

/*
 * The longest window that a line can have: 32 KiB that cannot be packed, in base64.
 */
enum { PARTIAL_WINDOW_MAX = 44000 };

struct partial_point {
	struct decode_place place;
	char window[PARTIAL_WINDOW_MAX + 1]; /* base64 of the text before it, packed by zlib; "":
	                                        between members */
};

/* For free(); NULL: no memory. */
struct partial_point *partial_point_pack(struct window_packer *packer,
                                         const struct decode_point *point);
/* 0, or -1: the window is not what it should be. */
int partial_point_unpack(const struct partial_point *packed, struct decode_point *point);

#endif
