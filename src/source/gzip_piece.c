/* SPDX-License-Identifier: BSD-2-Clause */
/* Pieces of gzip files: blocks and members one after another, to symbols, and these to text. */
#include "base/base.h"
#include "base/crc32.h"
#include "source/checksum.h"
#include "source/deflate_finder.h"
#include "source/format.h"
#include "source/gzip_header.h"
#include "source/gzip_piece.h"
#include "source/lookahead.h"

#include <stdlib.h>
#include <string.h>

enum {
	INPUT_ROOM = 1 << 20, /* compressed bytes at hand: far more than a block has */
	/* Symbols of a piece that goes on from a known place: they stay in the cache. */
	ROOM_KNOWN = 512 << 10,
	ROOM_MOST = 16 << 20,
	PREFETCH = 1024,         /* symbols */
	STORED_LEAST = 64 << 10, /* compressed bytes that tell whether a file is mostly stored */
	OUT_SIZE = 128 << 10,    /* as decoder.c has it: still in L2 when it is counted */
	/* Ends of members that are kept. */
	ENDS_MOST = 1024,
	TRAILER = 8,
	/*
	 * What seems to be a border and is none shows by this much compressed data at the latest,
	 * nearly always; then the next one is tried.
	 */
	DOUBT_BITS = 8 * (128 << 10),
};

/* The end of a member in the text. */
struct member_end {
	const uint16_t *at;
	uint32_t crc, size;
};

struct gzip_piece {
	uint64_t begin, end; /* bits of the file */
	struct lookahead in; /* compressed bytes at hand, with room for DEFLATE_SLACK more */
	bool whole;          /* there are none after them */
	/* What has been decoded. */
	struct deflate_tables tables;
	uint16_t *symbols; /* a window, and `room` of text */
	size_t room;
	struct deflate_text text;
	uint64_t from, at; /* bits of the file: begins and ends there */
	enum gzip_at at_kind;
	enum gzip_stop stop;
	bool entered; /* without a window */
	bool checked; /* all members that have ended were what their ends say */
	struct member_end ends[ENDS_MOST];
	unsigned n_ends;
	/* What has been taken of it. */
	const uint16_t *taken;
	unsigned ends_taken;
	struct gzip_sum sum;
	struct checksum checksum;
	unsigned char byte_of[1 << 16]; /* by symbol */
	unsigned char out[OUT_SIZE];
};

/* ---- sums ---- */

static void run_add(struct gzip_run *run, const struct gzip_run *more)
{
	run->crc = crc32_join(run->crc, more->crc, more->n);
	run->n += more->n;
}

bool gzip_sum_add(struct gzip_sum *sum, const struct gzip_sum *more)
{
	bool right = true;

	run_add(&sum->last, &more->first);
	if (more->ended) {
		right = sum->last.crc == more->crc && (uint32_t)sum->last.n == more->size;
		sum->last = more->last;
	}
	return right;
}

/* A member ends after what has been added. */
static void end_member(struct gzip_piece *p, const struct member_end *end)
{
	struct gzip_sum *sum = &p->sum;

	if (sum->ended) {
		p->checked &= sum->last.crc == end->crc && (uint32_t)sum->last.n == end->size;
	} else {
		sum->ended = true;
		sum->crc = end->crc;
		sum->size = end->size;
	}
	sum->last = (struct gzip_run){0};
}

/* ---- compressed bytes ---- */

/* Makes the bytes from the one of file's bit `at` on the first at hand, and reads more. */
static void fill(struct gzip_piece *p, uint64_t at)
{
	uint64_t byte = at / 8;

	if (byte >= p->in.offset && byte - p->in.offset <= p->in.n) {
		lookahead_move(&p->in, byte);
	} else {
		lookahead_start(&p->in, p->in.fd, byte);
		p->whole = false;
	}
	/* Whoever reads all of it again finds out what is wrong. */
	if (!p->whole)
		p->whole = lookahead_fill(&p->in, INPUT_ROOM) != 0 || p->in.n < INPUT_ROOM;
	memset(p->in.bytes + p->in.n, 0, DEFLATE_SLACK);
}

/* Sees to it that `bits` are at hand from the file's bit `at` on, or all that there are. */
static void need(struct gzip_piece *p, uint64_t at, uint64_t bits)
{
	bool inside = at / 8 >= p->in.offset && at / 8 <= p->in.offset + p->in.n;

	if (!inside || (!p->whole && at + bits > (p->in.offset + p->in.n) * 8))
		fill(p, at);
}

static const unsigned char *byte_at(const struct gzip_piece *p, uint64_t at)
{
	return p->in.bytes + (at / 8 - p->in.offset);
}

/* ---- members ---- */

/* Is there a header at hand that is nothing special? *size: its bytes. */
static bool read_header(struct gzip_piece *p, size_t *size)
{
	const unsigned char *bytes = byte_at(p, p->at);
	size_t n = p->in.n - (size_t)(bytes - p->in.bytes);
	struct gzip_header header;

	*size = n;
	gzip_header_start(&header);
	return format_gzip.detect(bytes, n) &&
	       gzip_header_read(&header, bytes, size) == DECODE_END &&
	       !gzip_header_is_bgzf(&header);
}

/* A member begins at p->at, or else something that is left to others. */
static void begin_member(struct gzip_piece *p)
{
	size_t size;

	need(p, p->at, 8 * (64 << 10));
	if (!read_header(p, &size)) {
		p->at_kind = GZIP_AT_REST;
		return;
	}
	p->at += 8 * (uint64_t)size;
	p->at_kind = GZIP_AT_BLOCK;
	p->text.first = p->text.next;
}

/* The last block of a member ends at p->at. Is there all of what follows it? */
static bool finish_member(struct gzip_piece *p)
{
	need(p, p->at, 8 * (TRAILER + 1));
	const unsigned char *bytes = byte_at(p, p->at + 7);
	if (bytes + TRAILER > p->in.bytes + p->in.n)
		return false;
	p->ends[p->n_ends++] = (struct member_end){
		.at = p->text.next, .crc = load_le32(bytes), .size = load_le32(bytes + 4)};
	p->at = (p->at + 7) / 8 * 8 + 8 * TRAILER;
	p->at_kind = GZIP_AT_MEMBER;
	return true;
}

/* ---- blocks ---- */

/* Is p->at where the next piece can be entered? Then it becomes what that finds. */
static bool is_handed_on(struct gzip_piece *p)
{
	enum { STORED_PADDING = 8 };

	if (p->at + STORED_PADDING < p->end)
		return false;
	need(p, p->at, DEFLATE_HEADER_BITS);
	uint64_t base = p->in.offset * 8, border = deflate_border_of(p->in.bytes, p->at - base);
	if (border == DEFLATE_NO_BORDER || border + base < p->end)
		return false;
	p->at = border + base;
	return true;
}

/* Decodes the block at p->at. False: p->stop says why not. */
static bool decode_block(struct gzip_piece *p)
{
	enum deflate_step step = DEFLATE_CUT;

	for (int try = 0; try < 2 && step == DEFLATE_CUT; try++) {
		if (try == 1)
			fill(p, p->at);
		else
			need(p, p->at, DEFLATE_HEADER_BITS);
		uint16_t *next = p->text.next;
		struct deflate_input in = {p->in.bytes, 8 * (uint64_t)p->in.n,
		                           p->at - 8 * p->in.offset};
		step = deflate_decode_block(&p->tables, &in, &p->text);
		uint64_t before = p->at;
		p->at = in.at + 8 * p->in.offset;
		if (step == DEFLATE_LAST_BLOCK && !finish_member(p)) {
			p->at = before;
			p->text.next = next;
			break;
		}
	}
	p->stop = step == DEFLATE_FULL && p->text.next > p->text.begin ? GZIP_STOP_ROOM
	                                                               : GZIP_STOP_FAULT;
	return step == DEFLATE_BLOCK ||
	       (step == DEFLATE_LAST_BLOCK && p->at_kind == GZIP_AT_MEMBER);
}

/* From p->at on, until there is a reason to stop. */
static void decode(struct gzip_piece *p, size_t most)
{
	p->from = p->at;
	p->n_ends = p->ends_taken = 0;
	for (;;) {
		if (p->at_kind == GZIP_AT_MEMBER)
			begin_member(p);
		p->stop = GZIP_STOP_REST;
		if (p->at_kind == GZIP_AT_REST)
			return;
		p->stop = GZIP_STOP_BORDER;
		if (is_handed_on(p))
			return;
		p->stop = GZIP_STOP_ROOM;
		if ((size_t)(p->text.next - p->text.begin) >= most || p->n_ends == ENDS_MOST)
			return;
		if (!decode_block(p))
			return;
	}
}

static void begin_text(struct gzip_piece *p)
{
	p->text.begin = p->text.next = p->symbols + DEFLATE_WINDOW;
	p->text.end = p->text.begin + p->room;
	p->taken = p->text.begin;
}

/* ---- pieces ---- */

struct gzip_piece *gzip_piece_new(uint64_t memory)
{
	struct gzip_piece *p = malloc(sizeof *p);

	if (!p)
		return NULL;
	p->room = (size_t)max_u64(min_u64(memory / sizeof *p->symbols, ROOM_MOST), 1 << 17);
	p->in = (struct lookahead){0};
	int reserved = lookahead_reserve(&p->in, INPUT_ROOM + DEFLATE_SLACK);
	p->symbols = malloc((DEFLATE_WINDOW + p->room) * sizeof *p->symbols);
	checksum_load(&p->checksum);
	if (reserved == 0 && p->symbols)
		return p;
	gzip_piece_free(p);
	return NULL;
}

void gzip_piece_free(struct gzip_piece *p)
{
	if (!p)
		return;
	lookahead_free(&p->in);
	free(p->symbols);
	free(p);
}

void gzip_piece_begin(struct gzip_piece *p, int fd, uint64_t begin, uint64_t end)
{
	p->begin = begin * 8;
	p->end = end > UINT64_MAX / 8 ? UINT64_MAX : end * 8;
	lookahead_start(&p->in, fd, begin);
	p->whole = false;
	p->entered = false;
	p->checked = true;
	p->sum = (struct gzip_sum){0};
}

/* The first border in [at, p->end) that is found; DEFLATE_NO_BORDER: there is none. */
static uint64_t find_border(struct gzip_piece *p, uint64_t at)
{
	while (at < p->end) {
		need(p, at, DEFLATE_HEADER_BITS + 64);
		uint64_t base = 8 * p->in.offset, end = 8 * (uint64_t)p->in.n;
		if (!p->whole)
			end -= min_u64(end, DEFLATE_HEADER_BITS);
		if (at - base >= end)
			return DEFLATE_NO_BORDER;
		end = min_u64(end, p->end - base);
		uint64_t found = deflate_find_border(p->in.bytes, at - base, end);
		if (found != DEFLATE_NO_BORDER)
			return found + base;
		at = end + base;
	}
	return DEFLATE_NO_BORDER;
}

bool gzip_piece_find(struct gzip_piece *p)
{
	return find_border(p, p->begin) != DEFLATE_NO_BORDER;
}

bool gzip_piece_search(struct gzip_piece *p)
{
	uint64_t at = p->begin;

	while ((at = find_border(p, at)) != DEFLATE_NO_BORDER) {
		begin_text(p);
		deflate_unknown_window(&p->text);
		p->at = at;
		p->at_kind = GZIP_AT_BLOCK;
		decode(p, p->room);
		if (p->stop != GZIP_STOP_FAULT || p->at - at >= DOUBT_BITS)
			return p->entered = true;
		at++;
	}
	return false;
}

static void know_window(struct gzip_piece *p, const struct gzip_place *from)
{
	for (unsigned i = 0; i < DEFLATE_WINDOW; i++)
		p->byte_of[DEFLATE_MARKER + i] = from->window[i];
	for (unsigned i = 0; i < 256; i++)
		p->byte_of[i] = (unsigned char)i;
}

bool gzip_piece_accept(struct gzip_piece *p, const struct gzip_place *from)
{
	/* A reference to what precedes the member would not be noticed. */
	if (!p->entered || from->at != GZIP_AT_BLOCK || from->bit != p->from ||
	    from->n_window < DEFLATE_WINDOW)
		return false;
	know_window(p, from);
	return true;
}

void gzip_piece_start(struct gzip_piece *p, const struct gzip_place *from)
{
	know_window(p, from);
	begin_text(p);
	for (unsigned i = 0; i < DEFLATE_WINDOW; i++)
		p->symbols[i] = from->window[i];
	p->text.first = p->text.begin - from->n_window;
	p->at = from->bit;
	p->at_kind = from->at;
	decode(p, min_size(p->room, ROOM_KNOWN));
}

enum gzip_stop gzip_piece_stop(const struct gzip_piece *p)
{
	return p->stop;
}

uint64_t gzip_piece_leave(struct gzip_piece *p, struct gzip_place *place)
{
	const uint16_t *next = p->text.next;

	place->at = p->at_kind;
	place->bit = p->at;
	place->n_window = (unsigned)min_u64((uint64_t)(next - p->text.first), DEFLATE_WINDOW);
	for (unsigned i = 0; i < DEFLATE_WINDOW; i++)
		place->window[i] = p->byte_of[next[(ptrdiff_t)i - DEFLATE_WINDOW]];
	return p->at / 8 - p->from / 8;
}

bool gzip_piece_is_stored(const struct gzip_piece *p)
{
	uint64_t packed = (p->at - p->from) / 8, text = (uint64_t)(p->text.next - p->text.begin);

	return packed > STORED_LEAST && text < packed + packed / 20;
}

/*
 * By eight: the compiler does not know that they do not overlap the table. What a large piece began
 * with has left the caches since, and is fetched ahead: by itself a processor stops at each page.
 */
static void resolve(const unsigned char *byte_of, const uint16_t *symbols, unsigned char *bytes,
                    size_t n)
{
	size_t i = 0;

	for (; i + 8 <= n; i += 8) {
		const uint16_t *s = symbols + i;
		__builtin_prefetch(s + PREFETCH);
		unsigned char eight[8] = {byte_of[s[0]], byte_of[s[1]], byte_of[s[2]],
		                          byte_of[s[3]], byte_of[s[4]], byte_of[s[5]],
		                          byte_of[s[6]], byte_of[s[7]]};
		memcpy(bytes + i, eight, sizeof eight);
	}
	for (; i < n; i++)
		bytes[i] = byte_of[symbols[i]];
}

size_t gzip_piece_text(struct gzip_piece *p, const unsigned char **bytes)
{
	struct gzip_run *run = p->sum.ended ? &p->sum.last : &p->sum.first;

	while (p->ends_taken < p->n_ends && p->ends[p->ends_taken].at == p->taken) {
		end_member(p, &p->ends[p->ends_taken++]);
		run = &p->sum.last;
	}
	const uint16_t *end = p->ends_taken < p->n_ends ? p->ends[p->ends_taken].at : p->text.next;
	size_t n = min_size(sizeof p->out, (size_t)(end - p->taken));
	resolve(p->byte_of, p->taken, p->out, n);
	*bytes = p->out;
	p->taken += n;
	run->crc = checksum_crc32(&p->checksum, run->crc, p->out, n);
	run->n += n;
	return n;
}

bool gzip_piece_sum(const struct gzip_piece *p, struct gzip_sum *sum)
{
	*sum = p->sum;
	return p->checked;
}
