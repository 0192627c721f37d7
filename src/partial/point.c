/* SPDX-License-Identifier: BSD-2-Clause */
/* Windows to text and back. */
#include "base/base.h"
#include "base/base64.h"
#include "partial/point.h"

#include <stdlib.h>
#include <string.h>

struct partial_point *partial_point_pack(struct window_packer *packer,
                                         const struct decode_point *point)
{
	unsigned char packed[DECODE_WINDOW + DECODE_WINDOW / 1000 + 64];
	struct partial_point *p = malloc(sizeof *p);
	size_t n = point->n_window;

	if (p && !point->place.inside) {
		p->place = point->place;
		p->window[0] = '\0';
		return p;
	}
	n = window_pack(packer, point->window + DECODE_WINDOW - n, n, packed);
	char *text = base64_encode(packed, n);
	size_t length = text ? strlen(text) : 0;
	if (p && text && length <= PARTIAL_WINDOW_MAX) {
		p->place = point->place;
		memcpy(p->window, text, length + 1);
	} else {
		free(p);
		p = NULL;
	}
	free(text);
	return p;
}

int partial_point_unpack(const struct partial_point *packed, struct decode_point *point)
{
	*point = (struct decode_point){.place = packed->place};
	if (!packed->place.inside)
		return 0;
	size_t n;
	char *bytes = base64_decode(packed->window, &n);
	point->n_window = (unsigned)min_u64(packed->place.context, DECODE_WINDOW);
	int status = bytes ? window_unpack((const unsigned char *)bytes, n,
	                                   point->window + DECODE_WINDOW - point->n_window,
	                                   point->n_window)
	                   : -1;
	free(bytes);
	return status;
}
