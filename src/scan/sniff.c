/* SPDX-License-Identifier: BSD-2-Clause */
/* First bytes, gathered and judged. */
#include "base/base.h"
#include "detect/text.h"
#include "scan/sniff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int sniffer_init(struct sniffer *s, bool text_only, bool types, const struct encoding *encoding)
{
	const char *why;

	*s = (struct sniffer){.text_only = text_only, .encoding = encoding};
	size_t encoded = encoding ? encoding_bytes_needed(encoding) : 0;
	s->size = types ? FILETYPE_SNIFF_BYTES : text_only ? TEXT_SNIFF_BYTES : encoded;
	/* The library is there, or run/ would not have come so far. */
	if (types && !(s->filetype = filetype_new(&why)))
		return -1;
	if (s->size == 0 || (s->bytes = malloc(s->size)))
		return 0;
	sniffer_free(s);
	return -1;
}

void sniffer_free(struct sniffer *s)
{
	free(s->bytes);
	s->bytes = NULL;
	filetype_free(s->filetype);
	s->filetype = NULL;
}

void sniffer_begin(struct sniffer *s)
{
	s->gathering = s->size > 0;
	s->gathered = 0;
}

size_t sniffer_gather(struct sniffer *s, const unsigned char *bytes, size_t n)
{
	size_t taken = (size_t)min_u64(n, s->size - s->gathered);

	memcpy(s->bytes + s->gathered, bytes, taken);
	s->gathered += taken;
	s->gathering = s->gathered < s->size;
	return taken;
}

/* Are they those of UTF-16 or UTF-32? */
static bool is_wide(const unsigned char *bytes, size_t n)
{
	unsigned bom_length;

	return encoding_detect(bytes, n, &bom_length) != ENCODING_NONE;
}

bool sniffer_is_text(const unsigned char *bytes, size_t n)
{
	return text_is_likely(bytes, n) || is_wide(bytes, n);
}

/*
 * Where the encoding was found out, and libmagic, which knows less of UTF-16 and more of what is
 * no text, says another charset, the type has that one.
 */
static void correct_type(const struct encoding *e, struct result *result)
{
	bool own = result->form != ENCODING_NONE;
	bool byte = own && encoding_unit(result->form) < 2;

	if (e->mode == ENCODING_AUTO || (e->mode == ENCODING_UNICODE && own))
		filetype_set_charset(result->type, encoding_name(e, result->form), own && !byte,
		                     result->bom_length > 0);
}

static void tell_encoding(const struct sniffer *s, const unsigned char *bytes, size_t n,
                          struct result *result)
{
	const struct encoding *e = s->encoding;

	result->form = encoding_of(e, bytes, n, &result->bom_length);
	result->form_told = e->mode != ENCODING_UNICODE || result->form != ENCODING_NONE;
	if (s->filetype)
		correct_type(e, result);
}

bool sniffer_tell(const struct sniffer *s, const unsigned char *bytes, size_t n,
                  struct result *result)
{
	n = (size_t)min_u64(n, s->size);
	if (s->text_only && !sniffer_is_text(bytes, n)) {
		result->not_text = true;
		return false;
	}
	if (s->filetype && filetype_tell(s->filetype, bytes, n, result->type) != 0) {
		result->read_error = errno;
		return false;
	}
	if (s->encoding)
		tell_encoding(s, bytes, n, result);
	else if (s->text_only)
		result->as_bytes = is_wide(bytes, n);
	return true;
}
