/* SPDX-License-Identifier: BSD-2-Clause */
/* What all formats have in common: member after member, padding, garbage, truncation, messages. */
#include "base/base.h"
#include "base/errname.h"
#include "source/decoder.h"
#include "source/format.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	/* A block of plain bytes, still in L2 when it is counted; zstd's largest block. */
	OUT_SIZE = 128 << 10,
	/*
	 * What libraries that are not exact get of the input ends at multiples of this offset: what
	 * they have given before they find a fault depends on it, and must not depend on reads.
	 */
	IN_UNIT = DECODER_UNIT,
};

static const struct format_ops *const formats[] = {
	[FORMAT_ZSTD] = &format_zstd,   [FORMAT_GZIP] = &format_gzip, [FORMAT_XZ] = &format_xz,
	[FORMAT_BZIP2] = &format_bzip2, [FORMAT_LZ4] = &format_lz4,   [FORMAT_LZIP] = &format_lzip,
	[FORMAT_LZMA] = &format_lzma,
};

struct decoder {
	enum format format;
	const struct format_ops *ops;
	void *state;      /* the format's own */
	uint64_t start;   /* offset of the data's first byte */
	uint64_t offset;  /* of the next byte of input */
	uint64_t member;  /* of the first byte of the current member */
	uint64_t padding; /* zero bytes seen after the last member */
	bool in_member;
	unsigned char first[FORMAT_SIGNATURE_MAX]; /* bytes of the member, as far as it has got */
	uint64_t memory_limit;
	bool detected;            /* all so far are skippable frames: see decoder_detected() */
	enum format fault_format; /* what a fault is said to be of */
	size_t n_held;            /* bytes of a unit that is not complete yet */
	unsigned char *large; /* in place of `out`, for formats that gain by it; NULL: not yet */
	size_t large_size;
	unsigned char out[OUT_SIZE];
	unsigned char held[IN_UNIT];
};

enum format decoder_detect(const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i] && formats[i]->detect(bytes, n))
			return (enum format)i;
	return FORMAT_PLAIN;
}

/* The first frame that is not skippable, as the headers before it say where it is. */
static uint64_t first_content(struct header_window *w, uint64_t at)
{
	unsigned char header[8];

	while (header_peek(w, at, header, sizeof header) == sizeof header &&
	       word_begins(header, 4, FORMAT_SKIPPABLE, ~FORMAT_SKIPPABLE_FREE))
		at += sizeof header + load_le32(header + 4);
	return at;
}

int decoder_detect_file(int fd, uint64_t offset, enum format *format, enum note *note)
{
	struct header_window window = {.fd = fd};
	unsigned char first[DECODER_SNIFF];
	ssize_t n = header_peek(&window, offset, first, sizeof first);

	*format = n > 0 ? decoder_detect(first, (size_t)n) : FORMAT_PLAIN;
	*note = n > 0 && *format == FORMAT_PLAIN ? note_of_bytes(first, (size_t)n) : NOTE_NONE;
	if (n < 0 || !word_begins(first, (size_t)n, FORMAT_SKIPPABLE, ~FORMAT_SKIPPABLE_FREE))
		return n < 0 ? -1 : 0;
	if (*format == FORMAT_ZSTD) {
		n = header_peek(&window, first_content(&window, offset), first, sizeof first);
		if (n > 0 && format_lz4.detect(first, (size_t)n))
			*format = FORMAT_LZ4;
	}
	return n < 0 ? -1 : 0;
}

void decoder_preload(enum format format)
{
	struct decode_fault fault;

	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i] && (format == FORMAT_AUTO || format == (enum format)i))
			decoder_free(decoder_new((enum format)i, UINT64_C(1) << 20, &fault));
}

const char *decoder_format_name(enum format format)
{
	return formats[format] ? formats[format]->name : "unknown";
}

uint64_t decoder_border(enum format format, int fd, uint64_t from, uint64_t least, uint64_t size)
{
	const struct format_ops *ops = formats[format];
	struct header_window window = {.fd = fd};
	uint64_t at = from;

	if (ops->next_member && from < size && least < size - from)
		return ops->next_member(fd, from + least, size);
	if (!ops->member_end)
		return DECODER_NO_BORDER;
	while (at < size && at - from < least) {
		at = ops->member_end(&window, at, size);
		if (at > size)
			return at == DECODER_UNREAD ? at : DECODER_NO_BORDER;
	}
	return at;
}

struct decoder *decoder_new(enum format format, uint64_t memory_limit, struct decode_fault *fault)
{
	const struct format_ops *ops = formats[format];
	struct decoder *d = malloc(sizeof *d);

	*fault = (struct decode_fault){.cause = DECODE_NO_MEMORY, .format = format};
	if (!d)
		return NULL;
	d->format = format;
	d->ops = ops;
	d->memory_limit = memory_limit;
	d->state = NULL;
	d->large = NULL;
	d->large_size = 0;
	fault->cause = ops->open ? ops->open(memory_limit, &d->state) : DECODE_NOT_BUILT;
	if (fault->cause == DECODE_OK) {
		decoder_start(d, 0);
		return d;
	}
	free(d);
	return NULL;
}

void decoder_free(struct decoder *d)
{
	int saved = errno;

	if (!d)
		return;
	d->ops->close(d->state);
	free(d->large);
	free(d);
	errno = saved;
}

enum format decoder_format(const struct decoder *d)
{
	return d->format;
}

bool decoder_spread(struct decoder *d, unsigned threads)
{
	if (!d->ops->spread)
		return false;
	d->ops->spread(d->state, threads);
	return threads > 1;
}

void decoder_start(struct decoder *d, uint64_t offset)
{
	d->start = d->offset = d->member = offset;
	d->padding = 0;
	d->in_member = false;
	d->detected = false;
	d->fault_format = d->format;
	d->n_held = 0;
}

/* The signature has been seen, wherever it is: no fault lies at the member's beginning. */
static void begin_inside(struct decoder *d)
{
	d->member = d->offset - FORMAT_SIGNATURE_MAX;
	d->in_member = true;
}

static int resumed(const struct decoder *d, enum decode_cause cause, struct decode_fault *fault)
{
	if (cause == DECODE_OK)
		return 0;
	*fault = (struct decode_fault){.cause = cause, .format = d->format, .offset = d->offset};
	return -1;
}

int decoder_resume(struct decoder *d, const struct decode_place *place, struct decode_fault *fault)
{
	decoder_start(d, place->bit / 8);
	if (!place->inside)
		return 0;
	begin_inside(d);
	return resumed(d, d->ops->resume(d->state, place), fault);
}

bool decoder_has_points(enum format format)
{
	return formats[format] && formats[format]->restart;
}

int decoder_restart(struct decoder *d, const struct decode_point *point, struct decode_fault *fault)
{
	decoder_start(d, point->place.bit / 8);
	if (!point->place.inside)
		return 0;
	begin_inside(d);
	return resumed(d, d->ops->restart(d->state, point), fault);
}

uint64_t decoder_find_point(enum format format, const unsigned char *bytes, uint64_t at,
                            uint64_t end)
{
	return formats[format]->find_point(bytes, at, end);
}

uint64_t decoder_offset(const struct decoder *d)
{
	return d->offset + d->n_held;
}

bool decoder_can_enter(enum format format)
{
	return formats[format] && formats[format]->walk;
}

void decoder_enter(struct decoder *d, const struct decode_piece *piece)
{
	d->ops->enter(d->state, piece);
}

enum decode_walk decoder_walk(struct decoder *d, struct decode_span *span, decoder_sink *sink,
                              void *arg)
{
	struct decode_out out = {.bytes = d->out, .room = OUT_SIZE, .sink = sink, .arg = arg};

	return d->ops->walk(d->state, span, &out);
}

bool decoder_chain(enum format format, struct decode_place *at, const struct decode_span *span)
{
	bool same = span->entered && !at->ended && span->from.bit == at->bit &&
	            span->from.inside == at->inside &&
	            (!at->inside || span->from.context == at->context);

	return same && formats[format]->chain(at, span);
}

void decoder_detected(struct decoder *d)
{
	d->detected = d->format == FORMAT_ZSTD;
}

/* Sets *fault. Returns -1. */
static int fail(const struct decoder *d, enum decode_cause cause, uint64_t offset, uint64_t number,
                struct decode_fault *fault)
{
	*fault = (struct decode_fault){
		.cause = cause, .format = d->fault_format, .offset = offset, .number = number};
	return -1;
}

/* Passes over zero bytes after a member, where the format allows them. */
static void skip_padding(struct decoder *d, struct decode_io *io)
{
	if (d->ops->padding == 0 || d->offset == 0)
		return;
	while (io->in_left > 0 && *io->in == 0) {
		io->in++;
		io->in_left--;
		d->offset++;
		d->padding++;
	}
}

/* Between members with input left: padding, then another member. */
static enum decode_cause begin_member(struct decoder *d, struct decode_io *io)
{
	skip_padding(d, io);
	if (io->in_left == 0)
		return DECODE_OK;
	d->member = d->offset;
	if (d->padding > 0 && d->padding % d->ops->padding != 0)
		return DECODE_TRAILING;
	if (d->ops->single && d->offset > d->start)
		return DECODE_TRAILING;
	d->padding = 0;
	d->in_member = true;
	return d->ops->begin(d->state);
}

/* From zstd to lz4, at the beginning of a member. */
static enum decode_cause change_to_lz4(struct decoder *d)
{
	void *state;
	enum decode_cause cause = DECODE_NOT_BUILT;

	d->fault_format = FORMAT_LZ4;
	if (format_lz4.open)
		cause = format_lz4.open(d->memory_limit, &state);
	if (cause != DECODE_OK)
		return cause;
	d->ops->close(d->state);
	d->ops = &format_lz4;
	d->state = state;
	d->format = FORMAT_LZ4;
	return d->ops->begin(d->state);
}

/* Checks the first bytes of the current member, as far as they are there. */
static enum decode_cause check_signature(struct decoder *d, const struct decode_io *io)
{
	uint64_t seen = d->offset - d->member;

	if (seen >= FORMAT_SIGNATURE_MAX)
		return DECODE_OK;
	size_t n = (size_t)min_u64(FORMAT_SIGNATURE_MAX - seen, io->in_left);
	memcpy(d->first + seen, io->in, n);
	if (d->detected && seen == 0 && n > 0) {
		/* Their first bytes differ. */
		bool skippable = word_begins(d->first, 1, FORMAT_SKIPPABLE, ~FORMAT_SKIPPABLE_FREE);
		d->detected = skippable;
		if (!skippable && format_lz4.may_begin(d->first, 1)) {
			enum decode_cause cause = change_to_lz4(d);
			if (cause != DECODE_OK)
				return cause;
		}
	}
	return d->ops->may_begin(d->first, (size_t)seen + n) ? DECODE_OK : DECODE_FOREIGN;
}

/* Where the output of the next step goes; its size. */
static size_t take_room(struct decoder *d, struct decode_io *io)
{
	size_t wanted = d->ops->room ? d->ops->room(d->state) : 0;

	if (wanted > OUT_SIZE && wanted > d->large_size) {
		free(d->large);
		d->large = malloc(wanted);
		d->large_size = d->large ? wanted : 0;
	}
	bool large = wanted > OUT_SIZE && d->large;
	io->out = large ? d->large : d->out;
	io->out_left = large ? wanted : OUT_SIZE;
	return io->out_left;
}

/* One step in the current member; what comes out goes to the sink. */
static enum decode_cause run_member(struct decoder *d, struct decode_io *io, decoder_sink *sink,
                                    void *arg)
{
	size_t before = io->in_left;
	enum decode_cause cause = check_signature(d, io);

	if (cause != DECODE_OK)
		return cause;
	size_t room = take_room(d, io);
	unsigned char *out = io->out;
	cause = d->ops->run(d->state, io);
	size_t consumed = before - io->in_left, produced = room - io->out_left;
	d->offset += consumed;
	if (produced > 0 && !sink(arg, out, produced))
		return DECODE_STOPPED;
	if (cause == DECODE_END) {
		d->in_member = false;
		return DECODE_OK;
	}
	/* A library that is stuck with input at hand has met something it cannot make sense of. */
	if (cause == DECODE_OK && consumed == 0 && produced == 0 && before > 0)
		return DECODE_CORRUPT;
	return cause;
}

/* Decodes all of io->in. */
static int decode_input(struct decoder *d, struct decode_io *io, decoder_sink *sink, void *arg,
                        struct decode_fault *fault)
{
	enum decode_cause cause = DECODE_OK;

	do {
		io->out_left = OUT_SIZE;
		if (!d->in_member)
			cause = begin_member(d, io);
		if (cause == DECODE_OK && d->in_member)
			cause = run_member(d, io, sink, arg);
	} while (cause == DECODE_OK && (io->in_left > 0 || (d->in_member && io->out_left == 0)));
	if (cause == DECODE_OK)
		return 0;
	if (cause == DECODE_FOREIGN)
		return fail(d, d->member > 0 ? DECODE_TRAILING : DECODE_FOREIGN, d->member, 0,
		            fault);
	return fail(d, cause, d->offset - io->back, io->number, fault);
}

/* Decodes all of bytes[n]. */
static int decode(struct decoder *d, const unsigned char *bytes, size_t n, decoder_sink *sink,
                  void *arg, struct decode_fault *fault)
{
	return decode_input(d, &(struct decode_io){.in = bytes, .in_left = n}, sink, arg, fault);
}

/* Decodes what is held. */
static int decode_held(struct decoder *d, decoder_sink *sink, void *arg, struct decode_fault *fault)
{
	size_t n = d->n_held;

	d->n_held = 0;
	return n > 0 ? decode(d, d->held, n, sink, arg, fault) : 0;
}

int decoder_feed(struct decoder *d, const unsigned char *bytes, size_t n, decoder_sink *sink,
                 void *arg, struct decode_fault *fault)
{
	if (d->ops->exact)
		return n > 0 ? decode(d, bytes, n, sink, arg, fault) : 0;
	while (n > 0) {
		size_t missing = IN_UNIT - (size_t)((d->offset + d->n_held) % IN_UNIT);
		size_t part = n < missing ? n : missing;
		if (part == missing && d->n_held == 0) {
			if (decode(d, bytes, part, sink, arg, fault) != 0)
				return -1;
		} else {
			memcpy(d->held + d->n_held, bytes, part);
			d->n_held += part;
			if (part == missing && decode_held(d, sink, arg, fault) != 0)
				return -1;
		}
		bytes += part;
		n -= part;
	}
	return 0;
}

/* Is the end of what has been decoded, or one of the seven bits before it, a place? */
static bool is_place(const struct decoder *d, struct decode_place *place)
{
	struct decode_border border;

	*place = (struct decode_place){.bit = d->offset * 8, .inside = d->in_member};
	if (!d->in_member)
		return d->offset > d->start && d->padding == 0;
	if (!d->ops->between_blocks(d->state, &border) || border.bits > 7)
		return false;
	place->bit -= border.bits;
	place->crc = border.crc;
	place->context = border.text;
	return true;
}

int decoder_pause(struct decoder *d, decoder_sink *sink, void *arg, struct decode_place *place,
                  struct decode_fault *fault)
{
	struct decode_io io = {.in = d->held, .in_left = d->n_held, .between_blocks = true};

	d->n_held = 0;
	if (io.in_left > 0 && decode_input(d, &io, sink, arg, fault) != 0)
		return -1;
	return is_place(d, place) ? 1 : 0;
}

int decoder_finish(struct decoder *d, decoder_sink *sink, void *arg, struct decode_fault *fault)
{
	if (decode_held(d, sink, arg, fault) != 0)
		return -1;
	bool open = d->in_member && !(d->ops->may_end && d->ops->may_end(d->state));
	if (open || d->offset == 0)
		return fail(d, DECODE_TRUNCATED, d->offset, 0, fault);
	if (d->padding > 0 && d->padding % d->ops->padding != 0)
		return fail(d, DECODE_TRAILING, d->offset - d->padding, 0, fault);
	return 0;
}

enum note decoder_note(const struct decoder *d)
{
	if (d->offset - d->start == d->padding)
		return NOTE_NONE;
	return d->ops->lacks_end && d->ops->lacks_end(d->state) ? NOTE_NO_END_MARKER
	                                                        : NOTE_DECOMPRESSED;
}

/* ---- messages ---- */

static const char *const cause_words[] = {
	[DECODE_TRUNCATED] = "unexpected end of data",
	[DECODE_CORRUPT] = "corrupt data",
	[DECODE_CHECKSUM] = "checksum mismatch",
	[DECODE_FOREIGN] = "not in this format",
	[DECODE_TRAILING] = "trailing garbage",
	[DECODE_LEGACY] = "legacy version of the format, not supported",
	[DECODE_UNSUPPORTED] = "not supported by the library, which may be too old",
	[DECODE_NO_MEMORY] = "not enough memory",
};

const char *decoder_cause_name(enum decode_cause cause)
{
	static const char *const names[] = {
		[DECODE_OK] = "ok",
		[DECODE_STOPPED] = "stopped",
		[DECODE_END] = "end",
		[DECODE_TRUNCATED] = "truncated",
		[DECODE_CORRUPT] = "corrupt",
		[DECODE_CHECKSUM] = "checksum",
		[DECODE_FOREIGN] = "foreign",
		[DECODE_TRAILING] = "trailing",
		[DECODE_DICTIONARY] = "dictionary",
		[DECODE_LEGACY] = "legacy",
		[DECODE_LIMIT] = "limit",
		[DECODE_TOO_LARGE] = "too-large",
		[DECODE_UNSUPPORTED] = "unsupported",
		[DECODE_NO_MEMORY] = "no-memory",
		[DECODE_CRASHED] = "crashed",
		[DECODE_NOT_ISOLATED] = "not-isolated",
		[DECODE_NO_LIBRARY] = "no-library",
		[DECODE_OLD_LIBRARY] = "old-library",
		[DECODE_NOT_BUILT] = "not-built",
	};

	return names[cause];
}

bool decoder_is_missing(enum decode_cause cause)
{
	return cause == DECODE_NO_LIBRARY || cause == DECODE_OLD_LIBRARY ||
	       cause == DECODE_NOT_BUILT;
}

/* Says what is needed and missing. The length; -1: it is one of cause_words. */
static int need_text(const struct decode_fault *f, char *text, size_t size)
{
	unsigned long long number = f->number, mib = (number + (1 << 20) - 1) >> 20;
	const char *library = formats[f->format]->needs;

	switch (f->cause) {
	case DECODE_NO_LIBRARY:
		return snprintf(text, size, "cannot load %s", library);
	case DECODE_OLD_LIBRARY:
		return snprintf(text, size, "%s is too old: it lacks required functions", library);
	case DECODE_NOT_BUILT:
		return snprintf(text, size, "pcount was built without %s", library);
	case DECODE_DICTIONARY:
		return snprintf(text, size, "needs dictionary %llu; dictionaries are not supported",
		                number);
	case DECODE_LIMIT:
		return snprintf(text, size, "needs --memory-limit=%lluM", mib);
	case DECODE_TOO_LARGE:
		return snprintf(text, size, "needs %llu MiB, more than %s allows", mib, library);
	default:
		return -1;
	}
}

/* What has happened to a process, rather than to the data. False: it is not that. */
static bool process_text(const struct decode_fault *f, char text[DECODE_TEXT_MAX])
{
	const char *format = formats[f->format] ? formats[f->format]->name : "";
	const char *colon = *format ? ": " : "";
	int number = f->number <= INT_MAX ? (int)f->number : 0;
	const char *name = f->cause == DECODE_CRASHED ? signal_name(number) : NULL;
	const char *died = "every process that tried to count it has died";

	if (f->cause == DECODE_NOT_ISOLATED)
		snprintf(text, DECODE_TEXT_MAX, "%s%sit cannot be isolated: seccomp: %s", format,
		         colon, error_text(number));
	else if (f->cause != DECODE_CRASHED)
		return false;
	else if (name)
		snprintf(text, DECODE_TEXT_MAX, "%s%s%s, the last by SIG%s", format, colon, died,
		         name);
	else if (number > 0)
		snprintf(text, DECODE_TEXT_MAX, "%s%s%s, the last by signal %d", format, colon,
		         died, number);
	else
		snprintf(text, DECODE_TEXT_MAX, "%s%s%s", format, colon, died);
	return true;
}

void decoder_fault_text(const struct decode_fault *f, char text[DECODE_TEXT_MAX])
{
	char what[DECODE_TEXT_MAX / 2];

	if (process_text(f, text))
		return;
	if (need_text(f, what, sizeof what) < 0)
		snprintf(what, sizeof what, "%s", cause_words[f->cause]);
	if (decoder_is_missing(f->cause))
		snprintf(text, DECODE_TEXT_MAX, "%s: %s", formats[f->format]->name, what);
	else
		snprintf(text, DECODE_TEXT_MAX, "%s: %s, at compressed offset %llu",
		         formats[f->format]->name, what, (unsigned long long)f->offset);
}
