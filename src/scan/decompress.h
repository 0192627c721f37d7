/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compressed data: the reader's blocks go through a decoder to the content. Private to scan/.
 *
 * The reader must not map: libraries cannot be left half-way, as a SIGBUS would have it.
 */
#ifndef PCOUNT_SCAN_DECOMPRESS_H
#define PCOUNT_SCAN_DECOMPRESS_H

#include "base/base.h"
#include "scan/scan.h"

/* The format of data with these first bytes, or the one that the user has named; for *note see
 * scan_sniff_file(). */
enum format decompress_sniff(const struct scanner *s, const unsigned char *bytes, size_t n,
                             enum note *note);

/* Counts the task's file from its beginning on, with help of task->threads; after a fault again,
 * without them. */
/*
 * Counts what is left of the task's file from byte `begin` on, which ends a member.
 */
void decompress_from(struct scanner *s, const struct task *task, uint64_t begin, int fd,
                     struct result *result);
void decompress_file(struct scanner *s, const struct task *task, enum format format, int fd,
                     struct result *result);
/* The scanner's decoder, made for this format if it is not. 0, or -1 and result->fault. */
int decompress_prepare(struct scanner *s, enum format format, struct result *result);
/* There is no more of what the decoder was fed with. */
void decompress_finish(struct scanner *s, struct result *result);
/* Counts a piece of a file, as task->entry says. */
void decompress_piece(struct scanner *s, const struct task *task, int fd, struct result *result);
/* Counts an operand that is all here. */
void decompress_block(struct scanner *s, enum format format, const unsigned char *bytes, size_t n,
                      struct result *result);
/*
 * Is the stream that the reader has been started on complete? Counts all of it if it is compressed;
 * else its first bytes, and the rest is left to the caller unless it is not wanted.
 */
bool decompress_stream(struct scanner *s, struct result *result);

#endif
