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
	bool text = text_only || (encoding && encoding_needs_bytes(encoding));
	s->size = types ? FILETYPE_SNIFF_BYTES : text ? TEXT_SNIFF_BYTES : 0;
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

bool sniffer_tell(const struct sniffer *s, const unsigned char *bytes, size_t n,
                  struct result *result)
{
	unsigned bom_length;

	n = (size_t)min_u64(n, s->size);
	if (s->text_only && !text_is_likely(bytes, n) &&
	    encoding_detect(bytes, n, &bom_length) == ENCODING_NONE) {
		result->not_text = true;
		return false;
	}
	if (s->filetype && filetype_tell(s->filetype, bytes, n, result->type) != 0) {
		result->read_error = errno;
		return false;
	}
	if (s->encoding)
		result->form = encoding_of(s->encoding, bytes, n, &result->bom_length);
	return true;
}
