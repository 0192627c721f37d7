/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The content of an operand, on its way to the kernel: what is counted, be it the bytes of the file
 * or what they decompress to. Its first bytes are sniffed, its text is transcoded. Private to
 * scan/.
 */
#ifndef PCOUNT_SCAN_CONTENT_H
#define PCOUNT_SCAN_CONTENT_H

#include "base/base.h"
#include "scan/scan.h"

/* A new operand: its first bytes are sniffed if there is anything to be told. */
void content_begin(struct scanner *s);
/* A piece of one that has been sniffed: its text has this form; `bom_length` bytes are none. */
void content_resume(struct scanner *s, enum encoding_form form, unsigned bom_length);
/*
 * Counts bytes[n] of the content, once enough of them are gathered and sniffed. Is more of it
 * wanted? Not if it is result->not_text, or if s->sniff_only.
 */
bool content_add(struct scanner *s, const unsigned char *bytes, size_t n, struct result *result);
/* content_add() of `n` zeros. */
bool content_add_zeros(struct scanner *s, uint64_t n, struct result *result);
/* There is no more: decides by what there is. */
void content_end(struct scanner *s, struct result *result);
/* All of an operand's content is bytes[n]. */
void content_whole(struct scanner *s, const unsigned char *bytes, size_t n, struct result *result);
/* Counts block by block what the reader has been started on, short of content_end(). */
void content_count(struct scanner *s, struct result *result);
/*
 * Sniffs the first bytes of a file from `offset` on, which is not compressed; they are not counted.
 * Is it to be counted? Not if it is result->not_text, or for result->read_error.
 */
bool content_sniff_file(struct scanner *s, int fd, uint64_t offset, struct result *result);
/*
 * Sets result->not_text by the first bytes of a file, if text alone is wanted and it has many more.
 * For a file that would be read at once: if those cannot be read, nothing is said.
 */
bool content_is_not_text(struct scanner *s, int fd, uint64_t size, struct result *result);
/*
 * Must all of it go through content_add(), by reads? Else a kernel may see it as it is, mapped too.
 */
static inline bool content_is_filtered(const struct scanner *s)
{
	return s->sniffer.gathering || s->text.form != ENCODING_NONE || s->text.bom_left > 0;
}

#endif
