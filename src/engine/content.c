/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the first bytes of an operand's content say of it: is it text, of which type, how is it
 * encoded; and the way of what is encoded otherwise than the kernel knows, through a transcoder.
 * Content is what is counted: the bytes of the file, or what they decode to.
 *
 * So many first bytes are gathered before anything is decided, however they come: the answer must
 * not depend on who reads, in what blocks, or on how small the members of a compressed file are.
 */
#include "base/base.h"
#include "base/fd.h"
#include "detect/text.h"
#include "engine/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int content_init(struct worker *w, const struct engine_config *config)
{
	const char *why;

	/* Bytes are bytes in any encoding. */
	bool encoded = config->encoding->mode != ENCODING_LOCALE && !config->only_bytes;
	bool look = config->text_only || (encoded && encoding_needs_bytes(config->encoding));
	w->text_only = config->text_only;
	w->look_size = config->types ? FILETYPE_LOOK : look ? TEXT_LOOK : 0;
	w->encoding = encoded ? config->encoding : NULL;
	w->form_of_all = encoded && !encoding_needs_bytes(config->encoding) ? config->encoding->form
	                                                                    : ENCODING_NONE;
	if (config->types && !(w->filetype = filetype_new(&why)))
		return -1;
	if (w->look_size > 0 && !(w->look = malloc(w->look_size)))
		goto fail;
	if (!encoded || (w->transcoder = transcoder_new(config->encoding)))
		return 0;
fail:
	content_free(w);
	return -1;
}

void content_free(struct worker *w)
{
	free(w->look);
	w->look = NULL;
	filetype_free(w->filetype);
	w->filetype = NULL;
	transcoder_free(w->transcoder);
	w->transcoder = NULL;
}

/* From here on the content is text of this form. */
static void turn_to(struct worker *w, enum encoding_form form, unsigned mark)
{
	w->form = form;
	w->mark = mark;
	w->transcoded = 0;
	if (form != ENCODING_NONE)
		transcoder_start(w->transcoder, form);
}

static bool look(struct worker *w, const unsigned char *bytes, size_t n, struct result *result)
{
	unsigned mark;

	n = (size_t)min_u64(n, w->look_size);
	if (w->text_only && !text_looks_like(bytes, n) &&
	    encoding_detect(bytes, n, &mark) == ENCODING_NONE) {
		result->not_text = true;
		return false;
	}
	if (w->filetype)
		filetype_tell(w->filetype, bytes, n, result->type);
	if (w->encoding) {
		result->form = encoding_of(w->encoding, bytes, n, &result->mark);
		turn_to(w, result->form, result->mark);
	}
	return true;
}

void content_begin(struct worker *w)
{
	w->looking = w->look_size > 0;
	w->looked = 0;
	turn_to(w, w->form_of_all, 0);
}

void content_resume(struct worker *w, enum encoding_form form, unsigned mark)
{
	w->looking = false;
	turn_to(w, form, mark);
}

bool content_look_file(struct worker *w, int fd, uint64_t offset, struct result *result)
{
	content_begin(w);
	w->looking = false;
	if (w->look_size == 0)
		return true;
	ssize_t have = peek_file(fd, offset, w->look, w->look_size);
	if (have < 0 && errno != ESPIPE) {
		/* Not to be left to the one who counts, for whom the read may not fail. */
		result->read_error = errno;
		return false;
	}
	return look(w, w->look, have > 0 ? (size_t)have : 0, result);
}

/* What a transcoder's output goes to. */
struct transcoding {
	struct counter *counter;
	struct tally *tally;
};

static void count_utf8(void *arg, const unsigned char *utf8, size_t n)
{
	struct transcoding *t = arg;

	t->counter->count(t->counter, t->tally, utf8, n);
}

static void count(struct worker *w, const unsigned char *bytes, size_t n, struct result *result)
{
	struct transcoding t = {&w->counter, &result->tally};

	if (w->form == ENCODING_NONE) {
		w->counter.count(&w->counter, &result->tally, bytes, n);
		return;
	}
	w->transcoded += n;
	size_t skipped = (size_t)min_u64(n, w->mark);
	w->mark -= (unsigned)skipped;
	transcoder_feed(w->transcoder, bytes + skipped, n - skipped, count_utf8, &t);
}

/* Enough is gathered, or there is no more. */
static bool decide(struct worker *w, struct result *result)
{
	w->looking = false;
	if (!look(w, w->look, w->looked, result) || w->look_only)
		return false;
	count(w, w->look, w->looked, result);
	return true;
}

bool content_take(struct worker *w, const unsigned char *bytes, size_t n, struct result *result)
{
	if (w->looking) {
		size_t taken = (size_t)min_u64(n, w->look_size - w->looked);
		memcpy(w->look + w->looked, bytes, taken);
		w->looked += taken;
		if (w->looked < w->look_size)
			return true;
		if (!decide(w, result))
			return false;
		bytes += taken;
		n -= taken;
	}
	count(w, bytes, n, result);
	return true;
}

void content_end(struct worker *w, struct result *result)
{
	/* Of a directory, or what else cannot be read, nothing can be said. */
	if (w->looking && (w->looked > 0 || !result->read_error))
		(void)decide(w, result);
	if (w->form == ENCODING_NONE || w->transcoded == 0)
		return;
	struct transcoding t = {&w->counter, &result->tally};
	transcoder_finish(w->transcoder, count_utf8, &t);
	/* Those of the file, not those of its UTF-8. */
	result->tally.bytes = w->transcoded;
	w->form = ENCODING_NONE;
}

void content_whole(struct worker *w, const unsigned char *bytes, size_t n, struct result *result)
{
	content_begin(w);
	w->looking = false;
	if (w->look_size == 0 || look(w, bytes, n, result)) {
		count(w, bytes, n, result);
		content_end(w, result);
	}
}
