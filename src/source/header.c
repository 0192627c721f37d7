/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the headers of a compressed file, many at once where they lie close together. */
#include "base/base.h"
#include "base/fd.h"
#include "source/format.h"

#include <string.h>

/* After a header that was this near, the next is likely to be near too. */
enum { NEAR = 512 };

ssize_t header_peek(struct header_window *w, uint64_t at, void *bytes, size_t n)
{
	uint64_t end = w->begin + w->n;
	bool inside = at >= w->begin && at <= end;

	if (!inside || end - at < n) {
		bool near = w->n > 0 && at >= w->begin && at - w->begin <= w->n + NEAR;
		ssize_t have = peek_file(w->fd, at, w->bytes, near ? sizeof w->bytes : n);
		w->begin = at;
		w->n = have > 0 ? (size_t)have : 0;
		if (have < 0)
			return -1;
	}
	size_t have = (size_t)min_u64(n, w->begin + w->n - at);
	memcpy(bytes, w->bytes + (at - w->begin), have);
	return (ssize_t)have;
}
