/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks for the beginning of a record, from a byte before the first place on. */
#include "base/base.h"
#include "scan/record_start.h"

#include <string.h>

/* Most records are shorter: so much is read first, and a whole buffer only then. */
enum { NEAR_BYTES = 4096 };

/* What is known of the bytes before the next one. */
struct progress {
	struct record_kind kind;
	bool inside;    /* quotes */
	bool after_end; /* the last byte may have ended a record: it is a separator, or a newline */
	uint64_t at;    /* offset of the next byte */
};

static bool ends(struct record_kind kind, unsigned char byte)
{
	return byte == (kind.form == RECORDS_SEPARATED ? kind.byte : '\n');
}

/* Does a record begin at the next byte, as far as the bytes before it decide? */
static bool begins(const struct progress *p)
{
	return p->after_end && !p->inside && p->kind.form != RECORDS_PREFIXED;
}

/* RECORDS_QUOTED. Does a record begin within bytes[n], or behind them? Else p->at is there. */
static bool search_quoted(struct progress *p, const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		p->inside ^= bytes[i] == '"';
		p->after_end = bytes[i] == '\n';
		p->at++;
		if (begins(p))
			return true;
	}
	return false;
}

/* search_quoted() for the other forms. */
static bool search_plain(struct progress *p, const unsigned char *bytes, size_t n)
{
	bool prefixed = p->kind.form == RECORDS_PREFIXED;
	unsigned char end = prefixed ? '\n' : p->kind.byte;
	const unsigned char *next = bytes, *stop = bytes + n;
	uint64_t base = p->at;

	while (next < stop) {
		if (prefixed && p->after_end && *next == p->kind.byte) {
			p->at = base + (uint64_t)(next - bytes);
			return true;
		}
		const unsigned char *found = memchr(next, end, (size_t)(stop - next));
		p->after_end = found;
		next = found ? found + 1 : stop;
		p->at = base + (uint64_t)(next - bytes);
		if (begins(p))
			return true;
	}
	return false;
}

static bool search_block(struct progress *p, const unsigned char *bytes, size_t n)
{
	return p->kind.form == RECORDS_QUOTED ? search_quoted(p, bytes, n)
	                                      : search_plain(p, bytes, n);
}

/* search_block() for `n` zeros: two of them decide what all would. */
static bool search_zeros(struct progress *p, uint64_t n)
{
	static const unsigned char zeros[2];
	uint64_t end = p->at + n;

	if (search_block(p, zeros, (size_t)min_u64(n, sizeof zeros)))
		return true;
	p->at = end;
	return false;
}

/* The byte before the first place, at bytes[0], or in a hole: NULL. Does it end a record? */
static bool see_byte_before(struct progress *p, const unsigned char *bytes)
{
	p->after_end = ends(p->kind, bytes ? bytes[0] : 0);
	p->at++;
	return begins(p);
}

/* Searches from p->at to `limit`; before the first place, there is but an end to be seen. */
static enum record_start search_to(struct scanner *s, const struct record_search *search,
                                   struct progress *p, uint64_t limit)
{
	const unsigned char *bytes;
	int64_t n;

	s->reader.before = search->before;
	reader_start(&s->reader, search->fd, READER_PREAD, p->at, limit, search->size);
	if (search->sparse)
		reader_skip_holes(&s->reader);
	while ((n = reader_next(&s->reader, &bytes)) > 0) {
		bool first = p->at < search->from;
		if (first && see_byte_before(p, bytes))
			return RECORD_START_FOUND;
		if (bytes ? search_block(p, bytes + first, (size_t)n - first)
		          : search_zeros(p, (uint64_t)n - first))
			return RECORD_START_FOUND;
	}
	return n < 0 ? RECORD_START_ERROR : RECORD_START_NONE;
}

enum record_start record_start_find(struct scanner *s, const struct record_search *search,
                                    uint64_t *at)
{
	struct progress p = {
		.kind = search->kind,
		.inside = search->inside,
		.at = search->from - 1,
	};
	uint64_t near = search->limit - search->from > NEAR_BYTES ? search->from + NEAR_BYTES
	                                                          : search->limit;

	*at = search->from;
	if (search->from == search->origin)
		return RECORD_START_FOUND;
	enum record_start found = search_to(s, search, &p, near);
	if (found == RECORD_START_NONE && p.at == near && near < search->limit)
		found = search_to(s, search, &p, search->limit);
	*at = p.at;
	return found;
}
