/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the first bytes of an operand's content tell: is it text, of which type, how is it encoded.
 *
 * A fixed number of them is gathered before anything is decided, however they come: the answer must
 * not depend on who reads, in what blocks, or on how small the members of a compressed file are.
 */
#ifndef PCOUNT_SCAN_SNIFF_H
#define PCOUNT_SCAN_SNIFF_H

#include "base/base.h"
#include "detect/filetype.h"
#include "scan/task.h"
#include "text/encoding.h"

struct sniffer {
	bool text_only;                  /* result->not_text is wanted */
	struct filetype *filetype;       /* NULL: result->type is not */
	const struct encoding *encoding; /* NULL: nor is result->form */
	size_t size;          /* first bytes of the content that tell; 0: nothing is to be told */
	unsigned char *bytes; /* [size] */
	size_t gathered;      /* of the current operand */
	bool gathering;       /* and more are wanted */
};

/* `encoding`: what texts are in; NULL: the locale's encoding. 0, or -1 and errno. */
int sniffer_init(struct sniffer *s, bool text_only, bool types, const struct encoding *encoding);
void sniffer_free(struct sniffer *s);

/* Are bytes[n], the beginning of the content, those of a text? */
bool sniffer_is_text(const unsigned char *bytes, size_t n);
/* A new operand begins. */
void sniffer_begin(struct sniffer *s);
/* Takes as many of bytes[n] as are still wanted, and says how many; `gathering` ends with the last.
 */
size_t sniffer_gather(struct sniffer *s, const unsigned char *bytes, size_t n);
/*
 * Sets result's not_text, type, form and bom_length by bytes[n], the beginning of the content. Is
 * it to be counted? Not if only text is, and it is none; nor if read_error says why nothing could
 * be told.
 */
bool sniffer_tell(const struct sniffer *s, const unsigned char *bytes, size_t n,
                  struct result *result);

#endif
