/* SPDX-License-Identifier: BSD-2-Clause */
/* The members of gzip files by ISA-L. */
#include "base/base.h"
#include "base/dlopen_note.h"
#include "base/optional.h"
#include "source/checksum.h"
#include "source/gzip_inflater.h"

#include <stdlib.h>
#include <string.h>

#ifdef HAVE_LIBISAL

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

struct isal_api {
	typeof(isal_inflate_init) *init;
	typeof(isal_inflate_reset) *reset;
	typeof(isal_inflate) *inflate;
	typeof(isal_inflate_set_dict) *set_dict;
};

DLOPEN_NOTE(isal, "gzip", "Counts inside gzip files, fast", LIBISAL_SONAME);
static const struct library_symbol isal_symbols[] = {
	{LIBRARY_SYMBOL(isal_inflate_init)},
	{LIBRARY_SYMBOL(isal_inflate_reset)},
	{LIBRARY_SYMBOL(isal_inflate)},
	{LIBRARY_SYMBOL(isal_inflate_set_dict)},
};

struct isal {
	struct isal_api api;
	bool fresh;      /* nothing of the member has been given to the library */
	unsigned passed; /* bits of the next byte of input that belong to the block before it */
	struct inflate_state inflate;
	struct inflate_state before; /* the last call: see isal_run() */
};

static enum decode_cause isal_open(void **state)
{
	struct isal *s = calloc(1, sizeof *s);

	if (!s)
		return DECODE_NO_MEMORY;
	enum decode_cause cause =
		format_library(OPTIONAL_LOAD(OPTIONAL_ISAL, isal_symbols, &s->api));
	if (cause != DECODE_OK) {
		free(s);
		return cause;
	}
	s->api.init(&s->inflate);
	*state = s;
	return DECODE_OK;
}

static enum decode_cause isal_begin(void *state)
{
	struct isal *s = state;

	s->api.reset(&s->inflate);
	s->inflate.crc_flag = ISAL_GZIP_NO_HDR_VER; /* the trailer is checked */
	s->fresh = true;
	s->passed = 0;
	return DECODE_OK;
}

/* The library has its fields written to only here: it knows no beginning inside a byte. */
static enum decode_cause isal_restart(void *state, const struct decode_point *point)
{
	struct isal *s = state;
	unsigned char window[DECODE_WINDOW];
	unsigned n = point->n_window;

	(void)isal_begin(s);
	/* The interface lacks a const here, too. */
	memcpy(window, point->window + DECODE_WINDOW - n, n);
	if (n > 0 && s->api.set_dict(&s->inflate, window, n) != ISAL_DECOMP_OK)
		return DECODE_CORRUPT;
	s->inflate.crc = point->place.crc;
	s->inflate.total_out = (uint32_t)point->place.context;
	s->passed = (unsigned)(point->place.bit % 8);
	s->fresh = false;
	return DECODE_OK;
}

/* The first byte of the input after isal_restart(). */
static void isal_pass(struct isal *s, struct decode_io *io)
{
	if (s->passed == 0 || io->in_left == 0)
		return;
	s->inflate.read_in = *io->in >> s->passed;
	s->inflate.read_in_length = 8 - (int32_t)s->passed;
	s->passed = 0;
	io->in++;
	io->in_left--;
}

static bool isal_between_blocks(const void *state, struct decode_border *border)
{
	const struct inflate_state *inflate = &((const struct isal *)state)->inflate;
	bool header = inflate->block_state == ISAL_BLOCK_HDR;

	if ((!header && inflate->block_state != ISAL_BLOCK_NEW_HDR) || inflate->read_in_length < 0)
		return false;
	/* The first bits of a header, kept until there are more. */
	*border = (struct decode_border){
		.bits = (unsigned)inflate->read_in_length +
	                (header ? 8 * (unsigned)inflate->tmp_in_size : 0),
		.crc = inflate->crc,
		.text = inflate->total_out,
	};
	return true;
}

/* Gives the library in[*n_in] and out[*n_out], which are then as many as are left of them. */
static int isal_call(struct isal *s, const unsigned char *in, unsigned *n_in, unsigned char *out,
                     unsigned *n_out)
{
	struct inflate_state *inflate = &s->inflate;

	/* The interface lacks a const; it is not written to. */
	memcpy(&inflate->next_in, &in, sizeof in);
	inflate->avail_in = *n_in;
	inflate->next_out = out;
	inflate->avail_out = *n_out;
	int code = s->api.inflate(inflate);
	/*
	 * ISA-L 2.30 may give back more than it was given when a fault lies at the end of the
	 * input.
	 */
	if (inflate->avail_in > *n_in) {
		inflate->avail_in = 0;
		code = ISAL_INVALID_BLOCK;
	}
	*n_in = inflate->avail_in;
	*n_out = inflate->avail_out;
	return code;
}

/* Keeps the state for isal_redo(): all but the end of its last field, a buffer, that is not in use.
 */
static void isal_keep(struct isal *s)
{
	const struct inflate_state *inflate = &s->inflate;
	size_t in_use = inflate->tmp_out_valid > 0 ? (size_t)inflate->tmp_out_valid : 0;

	memcpy(&s->before, inflate,
	       offsetof(struct inflate_state, tmp_out_buffer) +
	               min_size(in_use, sizeof inflate->tmp_out_buffer));
}

/* The last call once more, byte by byte. */
static int isal_redo(struct isal *s, const unsigned char *in, unsigned *n_in, unsigned char *out,
                     unsigned *n_out)
{
	unsigned left = *n_in, room = *n_out;
	int code = 0;

	if (s->fresh)
		(void)isal_begin(s);
	else
		s->inflate = s->before;
	while (left > 0 && *n_out > 0 && code >= 0 && s->inflate.block_state != ISAL_BLOCK_FINISH) {
		unsigned one = 1;
		code = isal_call(s, in + (*n_in - left), &one, out + (room - *n_out), n_out);
		left -= 1 - one;
	}
	*n_in = left;
	return code;
}

/*
 * Where data refers to what precedes its beginning, or has a code for a distance that does not
 * exist, ISA-L says so, but has moved on by the length of that reference without writing anything:
 * stale bytes. Byte by byte it does not.
 */
static enum decode_cause isal_run(void *state, struct decode_io *io)
{
	struct isal *s = state;
	isal_pass(s, io);
	unsigned n_in = at_most_1g(io->in_left), n_out = at_most_1g(io->out_left);
	unsigned in_left = n_in, out_left = n_out;

	if (!s->fresh)
		isal_keep(s);
	int code = isal_call(s, io->in, &in_left, io->out, &out_left);
	if (code < 0 && code != ISAL_INCORRECT_CHECKSUM) {
		in_left = n_in;
		out_left = n_out;
		code = isal_redo(s, io->in, &in_left, io->out, &out_left);
	}
	s->fresh = false;
	io->in += n_in - in_left;
	io->in_left -= n_in - in_left;
	io->out += n_out - out_left;
	io->out_left -= n_out - out_left;
	if (code == ISAL_INCORRECT_CHECKSUM)
		return DECODE_CHECKSUM;
	if (code < 0)
		return DECODE_CORRUPT;
	return s->inflate.block_state == ISAL_BLOCK_FINISH ? DECODE_END : DECODE_OK;
}

static const struct library_symbol isal_crc_symbols[] = {
	{LIBRARY_SYMBOL(crc32_gzip_refl)},
};

static bool isal_load_checksum(struct checksum *c)
{
	return OPTIONAL_LOAD(OPTIONAL_ISAL, isal_crc_symbols, &c->isal) == LIBRARY_LOADED;
}

const struct inflater gzip_isal = {
	.open = isal_open,
	.close = free,
	.begin = isal_begin,
	.run = isal_run,
	.restart = isal_restart,
	.between_blocks = isal_between_blocks,
	.load_checksum = isal_load_checksum,
};

#endif
